"""One protected attribute's labels as contrasts: a group against everybody else who declared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from audits.metrics.refusals import Bools, Ints, Refused

UNDECLARED = "undeclared"
NOT_DECLARED = -1
MINIMUM_TO_TEST = 30


@dataclass(frozen=True)
class Viewers:
    """How many viewers a contrast rests on."""

    group: int
    rest: int
    undeclared: int

    @property
    def testable(self) -> bool:
        return min(self.group, self.rest) >= MINIMUM_TO_TEST


@dataclass(frozen=True)
class Contrast:
    """One group against the rest: `members` (V,) who is in it, `declared` (V,) whose rows count."""

    attribute: str
    group: str
    members: Bools
    declared: Bools

    @property
    def viewers(self) -> Viewers:
        group = int(self.members.sum())
        declared = int(self.declared.sum())
        return Viewers(group, declared - group, len(self.declared) - declared)


@dataclass(frozen=True)
class Grouping:
    """An attribute's groups in alphabetical order; `codes` (V,) index them, -1 is undeclared."""

    attribute: str
    names: tuple[str, ...]
    codes: Ints

    def counts(self) -> dict[str, int]:
        """Viewers by group, with "undeclared" always there (possibly 0)."""
        counts = {name: int((self.codes == code).sum()) for code, name in enumerate(self.names)}
        return counts | {UNDECLARED: int((self.codes == NOT_DECLARED).sum())}

    def contrast(self, group: str) -> Contrast:
        """`group` against everybody else who declared.

        Raises Refused: `group` unknown, or the only one (there is nobody to compare with).
        """
        if group not in self.names:
            raise Refused("group", f"nobody declared {self.attribute} {group!r}")
        if len(self.names) < 2:
            raise Refused("labels", f"{self.attribute} has a single group; a contrast needs two")
        members = self.codes == self.names.index(group)
        return Contrast(self.attribute, group, members, self.codes != NOT_DECLARED)

    def contrasts(self) -> tuple[Contrast, ...]:
        """Every contrast worth making: of two groups only the first, since D and AUC mirror."""
        names = self.names[:1] if len(self.names) == 2 else self.names
        return tuple(self.contrast(name) for name in names)


def group_viewers(*, attribute: str, labels: Sequence[str | None]) -> Grouping:
    """Group V viewers by what they declared; None, "" and "undeclared" mean not declared.

    `labels` is in the panel's order of viewers, as every other array with V rows.
    """
    known = [None if label in (None, "", UNDECLARED) else str(label) for label in labels]
    names = tuple(sorted({label for label in known if label is not None}))
    place = {name: code for code, name in enumerate(names)}
    codes = np.array(
        [NOT_DECLARED if label is None else place[label] for label in known], dtype=np.int64
    )
    return Grouping(attribute, names, codes)
