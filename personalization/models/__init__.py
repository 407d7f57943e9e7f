"""What personalisation keeps: windows, decisions, impressions, sealed days, models, nights."""

from personalization.models.journal import Decision, Impression, SealedDay
from personalization.models.nights import Night
from personalization.models.registry import ModelVersion
from personalization.models.windows import Window

__all__ = ["Decision", "Impression", "ModelVersion", "Night", "SealedDay", "Window"]
