"""What personalisation keeps: windows, decisions, keeps, sealed days, models, nights."""

from personalization.models.erasure import Erasure, SealedDayRewrite
from personalization.models.journal import Decision, Impression, Part, Reduction, SealedDay
from personalization.models.keeps import Keep
from personalization.models.nights import Night
from personalization.models.registry import ModelVersion, StateChange
from personalization.models.windows import Window

__all__ = [
    "Decision",
    "Erasure",
    "Impression",
    "Keep",
    "ModelVersion",
    "Night",
    "Part",
    "Reduction",
    "SealedDay",
    "SealedDayRewrite",
    "StateChange",
    "Window",
]
