"""What personalisation keeps: windows, decisions, keeps, sealed days, models, nights."""

from personalization.models.erasure import Erasure, SealedDayRewrite
from personalization.models.journal import Decision, Impression, Part, Reduction, SealedDay
from personalization.models.keeps import Keep
from personalization.models.nights import Night
from personalization.models.own_data import DataCopy, HistoryErasure
from personalization.models.registry import GateLook, ModelVersion, StateChange
from personalization.models.reports import PictureReport
from personalization.models.shares import ShownShare
from personalization.models.windows import Window

__all__ = [
    "DataCopy",
    "Decision",
    "Erasure",
    "GateLook",
    "HistoryErasure",
    "Impression",
    "Keep",
    "ModelVersion",
    "Night",
    "Part",
    "PictureReport",
    "Reduction",
    "SealedDay",
    "SealedDayRewrite",
    "ShownShare",
    "StateChange",
    "Window",
]
