"""The operators' admin: models, nights, sealed days, erasures, and the journal to look into."""

from personalization.admin.erasing import ErasureAdmin, SealedDayRewriteAdmin
from personalization.admin.journal import DecisionAdmin, SealedDayAdmin, WindowAdmin
from personalization.admin.nights import NightAdmin
from personalization.admin.registry import ModelVersionAdmin

__all__ = [
    "DecisionAdmin",
    "ErasureAdmin",
    "ModelVersionAdmin",
    "NightAdmin",
    "SealedDayAdmin",
    "SealedDayRewriteAdmin",
    "WindowAdmin",
]
