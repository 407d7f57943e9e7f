"""The operators' admin: models, nights, sealed days, and the journal to look into."""

from personalization.admin.journal import DecisionAdmin, SealedDayAdmin, WindowAdmin
from personalization.admin.nights import NightAdmin
from personalization.admin.registry import ModelVersionAdmin

__all__ = ["DecisionAdmin", "ModelVersionAdmin", "NightAdmin", "SealedDayAdmin", "WindowAdmin"]
