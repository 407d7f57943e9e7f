"""How a release gets an audit of a candidate: through the class that CANDIDATE_AUDITOR names.

`personalization` knows only this protocol, because it may not import `audits`.
"""

from dataclasses import dataclass
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from personalization.release.conditions import (
    Condition,
    ConditionKind,
    ConditionState,
    worst,
)

__all__ = ["AuditVerdict", "Auditor", "Condition", "ConditionState", "auditor", "bound"]


@dataclass(frozen=True, slots=True)
class AuditVerdict:
    """What an audit concluded of a candidate.

    Attributes:
        conditions: one for each bound of the audit, made by `bound`. Without any, nothing was
            tested, and the audit is unknown.
        run: the audit run that shows it, in words; "" where there was none.
        words: why the audit as a whole failed or tested nothing; "" where the bounds say it.
        failed: the audit could not be carried out. That holds a candidate.
    """

    conditions: tuple[Condition, ...] = ()
    run: str = ""
    words: str = ""
    failed: bool = False

    @property
    def state(self) -> ConditionState:
        """Return BROKEN for a failed audit or a broken bound, UNKNOWN for what was not tested."""
        if self.failed:
            return ConditionState.BROKEN
        if not self.conditions:
            return ConditionState.UNKNOWN
        return worst(condition.state for condition in self.conditions)


def bound(name: str, state: ConditionState, words: str) -> Condition:
    """Return one bound of an audit: kept, broken, or unknown for want of evidence."""
    return Condition(name, ConditionKind.AUDIT, state, words)


class Auditor(Protocol):
    def request(self, model_id: int) -> None:
        """Request an audit of a model version. A second request changes nothing."""
        ...

    def verdict(self, model_id: int) -> AuditVerdict | None:
        """Return the audit's verdict, or None while there is none."""
        ...


def auditor() -> Auditor | None:
    """Return the auditor of this copy, or None where CANDIDATE_AUDITOR is empty."""
    if not settings.CANDIDATE_AUDITOR:
        return None
    made: Auditor = import_string(settings.CANDIDATE_AUDITOR)()
    return made
