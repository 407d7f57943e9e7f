"""Release bounds: how far a candidate's audit may go, beside the margins of the audit itself."""

from django.conf import settings

from audits.metrics.groups import UNDECLARED
from audits.models import Statistic
from personalization.release.auditing import ConditionState

# How far a candidate may go before it is held. These bounds are alarms and no aims. Every personal
# policy differs between groups of people who watch differently; by how much, a run's own margins
# say, which are much narrower. A candidate beyond a bound serves only if a person decides so.
BOUNDS = {
    "exposure_distance": settings.AUDIT_EXPOSURE_DIFFERENCE,
    "leakage_auc": settings.AUDIT_LEAKAGE,
    "prominence_gap": settings.AUDIT_PROMINENCE_GAP,
    "lift_difference": settings.AUDIT_LIFT_DIFFERENCE,
}


def against_bound(statistic: Statistic) -> ConditionState | None:
    """Say how a statistic stands to today's release bound; None where it has none."""
    limit = BOUNDS.get(statistic.name)
    if limit is None or statistic.group == UNDECLARED:
        return None
    if statistic.low is None or statistic.high is None or statistic.estimate is None:
        return ConditionState.UNKNOWN
    low, high = statistic.low - centre(statistic), statistic.high - centre(statistic)
    if low > limit or high < -limit:
        return ConditionState.BROKEN
    return ConditionState.KEPT if -limit < low and high < limit else ConditionState.UNKNOWN


def centre(statistic: Statistic) -> float:
    """Return the value from which a statistic's bound is measured: chance, for leakage."""
    return 0.5 if statistic.name == "leakage_auc" else 0.0
