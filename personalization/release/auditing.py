"""How the night asks for an audit of a candidate: through the class that CANDIDATE_AUDITOR names.

`personalization` knows only this protocol, because it may not import `audits`.
"""

from dataclasses import dataclass, field
from typing import Protocol, TypedDict

from django.conf import settings
from django.utils.module_loading import import_string


class Condition(TypedDict):
    """One thing that must hold: a name for machines, and words for people."""

    name: str
    met: bool
    words: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an audit says of a candidate: each of its bounds, and the run that shows it."""

    passed: bool
    conditions: list[Condition] = field(default_factory=list)
    run: str = ""


class Auditor(Protocol):
    def request(self, model_id: int) -> None:
        """Ask for an audit of a model version. Asking again changes nothing."""
        ...

    def verdict(self, model_id: int) -> Verdict | None:
        """Return what the audit says, or None while there is no verdict."""
        ...


def auditor() -> Auditor | None:
    """Return the auditor of this copy, or None where CANDIDATE_AUDITOR is empty."""
    if not settings.CANDIDATE_AUDITOR:
        return None
    made: Auditor = import_string(settings.CANDIDATE_AUDITOR)()
    return made
