"""The operators' admin: models, nights and their schedule, sealed days, erasures, the journal."""

from personalization.admin.erasing import ErasureAdmin, SealedDayRewriteAdmin
from personalization.admin.journal import DecisionAdmin, SealedDayAdmin, WindowAdmin
from personalization.admin.nights import NightAdmin
from personalization.admin.registry import ModelVersionAdmin
from personalization.admin.schedules import ScheduledTaskAdmin

__all__ = [
    "DecisionAdmin",
    "ErasureAdmin",
    "ModelVersionAdmin",
    "NightAdmin",
    "ScheduledTaskAdmin",
    "SealedDayAdmin",
    "SealedDayRewriteAdmin",
    "WindowAdmin",
]
