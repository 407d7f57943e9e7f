"""A condition of a release: kept, broken or unknown, with the words that say why."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class ConditionState(StrEnum):
    """What is known of a condition. Too little evidence is UNKNOWN, and never KEPT."""

    KEPT = "kept"
    BROKEN = "broken"
    UNKNOWN = "unknown"


class ConditionKind(StrEnum):
    """What a condition is about. The release policy treats an unknown by its kind."""

    VALUE = "value"
    DATA = "data"
    AUDIT = "audit"


class ConditionMalformed(ValueError):
    """A stored condition cannot be read; the message names the field."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that a release depends on.

    Attributes:
        name: for machines.
        words: for people; they name the figure and its bound.
    """

    name: str
    kind: ConditionKind
    state: ConditionState
    words: str

    def to_json(self) -> dict[str, str]:
        return {
            "name": self.name,
            "kind": self.kind.value,
            "state": self.state.value,
            "words": self.words,
        }

    @classmethod
    def from_json(cls, stored: Any) -> "Condition":
        """Read a condition as `to_json` wrote it. Raises ConditionMalformed."""
        try:
            name, words = stored["name"], stored["words"]
            kind, state = ConditionKind(stored["kind"]), ConditionState(stored["state"])
        except KeyError as error:
            raise ConditionMalformed(f"The condition has no “{error.args[0]}”.") from error
        except (TypeError, ValueError) as error:
            raise ConditionMalformed(f"The condition cannot be read: {error}.") from error
        if not isinstance(name, str) or not isinstance(words, str):
            raise ConditionMalformed("The condition's name and words must be text.")
        return cls(name, kind, state, words)


def kept_if(name: str, kind: ConditionKind, is_kept: bool, words: str) -> Condition:
    """Return a condition whose figure is known: kept or broken."""
    state = ConditionState.KEPT if is_kept else ConditionState.BROKEN
    return Condition(name, kind, state, words)


def unknown(name: str, kind: ConditionKind, words: str) -> Condition:
    """Return a condition of which there is too little evidence."""
    return Condition(name, kind, ConditionState.UNKNOWN, words)


def worst(states: Iterable[ConditionState]) -> ConditionState:
    """Return BROKEN if one is broken, else UNKNOWN if one is unknown, else KEPT."""
    present = set(states)
    for state in (ConditionState.BROKEN, ConditionState.UNKNOWN):
        if state in present:
            return state
    return ConditionState.KEPT
