"""The release policy: what a condition that is unknown does to a release.

This is the only place that decides it. A condition that is broken always holds a candidate.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings

from personalization.release.conditions import Condition, ConditionKind, ConditionState


class OnUnknown(StrEnum):
    """What to do where an audit condition could not be tested."""

    SERVE = "serve"
    HOLD = "hold"


@dataclass(frozen=True, slots=True)
class ReleasePolicy:
    """When a candidate may serve.

    Attributes:
        on_unknown: what an unknown condition of the audit does. An unknown condition of the
            value or of the data always holds a candidate.
    """

    on_unknown: OnUnknown

    def holds(self, condition: Condition) -> bool:
        """Say whether a condition keeps a candidate from serving."""
        if condition.state == ConditionState.UNKNOWN and condition.kind == ConditionKind.AUDIT:
            return self.on_unknown == OnUnknown.HOLD
        return condition.state != ConditionState.KEPT

    def lets_serve(self, conditions: Sequence[Condition]) -> bool:
        """Say whether no condition holds the candidate. Without conditions nothing serves."""
        return bool(conditions) and not any(self.holds(condition) for condition in conditions)

    @property
    def words(self) -> str:
        """Say in words what each state does, for the pages that show conditions."""
        does = "does not hold" if self.on_unknown == OnUnknown.SERVE else "holds"
        note = (
            " The candidate may then serve without having been fully audited."
            if self.on_unknown == OnUnknown.SERVE
            else ""
        )
        return (
            "A broken condition holds a candidate. An unknown condition has too little evidence. "
            "An unknown condition of the value or the data holds a candidate. An unknown condition "
            f"of the audit {does} a candidate (RELEASE_ON_UNKNOWN={self.on_unknown.value}).{note} "
            "The audit's bounds are alarms. Its own margins are narrower, so a candidate may serve "
            "inside a bound and outside a margin; each condition says both."
        )


def release_policy() -> ReleasePolicy:
    """Return the policy that the setting RELEASE_ON_UNKNOWN names."""
    return ReleasePolicy(OnUnknown(settings.RELEASE_ON_UNKNOWN))
