"""One protected attribute's labels as contrasts: a group against everybody else who declared."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from audits.metrics.refusals import Bools, CannotMeasure, Ints, booleans

UNDECLARED = "undeclared"
NOT_DECLARED = -1
MINIMUM_TO_TEST = 30
# What programs write for a missing value. As a group's name it would hide a mistake.
WRITTEN_MISSING = frozenset(
    {"nan", "-nan", "none", "null", "nil", "nat", "na", "n/a", "<na>", "#na", "#n/a", "undefined"}
)
# Letters, marks and symbols by their category, yet nothing is drawn for them.
BLANK = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0\ufffc\U0001d159"
) | {chr(code) for code in (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))}


@dataclass(frozen=True)
class Viewers:
    """How many viewers a number rests on.

    Attributes:
        group, rest: viewers of the two sides whose data count in the measure.
        undeclared: viewers of the panel who declared nothing.
    """

    group: int
    rest: int
    undeclared: int


@dataclass(frozen=True)
class Contrast:
    """One group against the rest of those who declared.

    Attributes:
        attribute, group: what is compared.
        members: (V,) True for the group's viewers.
        declared: (V,) True for every viewer who is compared: the group and the rest.
        set_aside: viewers who declared and have no data for the measure (see `among`).
    """

    attribute: str
    group: str
    members: Bools
    declared: Bools
    set_aside: int = 0

    @property
    def rest(self) -> Bools:
        """(V,) True for the viewers who are compared with the group."""
        rest: Bools = self.declared & ~self.members
        return rest

    @property
    def viewers(self) -> Viewers:
        """How many viewers are on each side."""
        group, declared = int(self.members.sum()), int(self.declared.sum())
        undeclared = len(self.declared) - declared - self.set_aside
        return Viewers(group, declared - group, undeclared)

    def among(self, counted: Bools) -> Contrast:
        """Narrow the contrast to viewers who have data for a measure.

        Args:
            counted: (V,) True for a viewer with data.

        Returns:
            The contrast among them. A side may be empty; the measures refuse that.

        Raises:
            CannotMeasure: `counted` is not about the panel's viewers.
        """
        known = booleans("counted", counted, shape=self.declared.shape)
        return replace(
            self,
            members=self.members & known,
            declared=self.declared & known,
            set_aside=self.set_aside + int((self.declared & ~known).sum()),
        )


@dataclass(frozen=True)
class Grouping:
    """An attribute's groups.

    Attributes:
        attribute: its name.
        names: the groups in alphabetical order.
        codes: (V,) each viewer's place in `names`; -1 for undeclared.
    """

    attribute: str
    names: tuple[str, ...]
    codes: Ints

    def counts(self) -> dict[str, int]:
        """Count viewers by group; "undeclared" is always there, possibly with 0."""
        counts = {name: int((self.codes == code).sum()) for code, name in enumerate(self.names)}
        return counts | {UNDECLARED: int((self.codes == NOT_DECLARED).sum())}

    def contrast(self, group: str) -> Contrast:
        """Compare `group` with everybody else who declared.

        Raises:
            CannotMeasure: nobody declared `group`, or it is the only group.
        """
        if group not in self.names:
            raise CannotMeasure("group", f"nobody declared {self.attribute} {group!r}")
        if len(self.names) < 2:
            raise CannotMeasure("labels", f"{self.attribute} has a single group; it takes two")
        members = self.codes == self.names.index(group)
        return Contrast(self.attribute, group, members, self.codes != NOT_DECLARED)

    def contrasts(self) -> tuple[Contrast, ...]:
        """Return one contrast for each group.

        Of two groups only the first is compared, because D and AUC mirror each other.

        Raises:
            CannotMeasure: there is a single group.
        """
        names = self.names[:1] if len(self.names) == 2 else self.names
        return tuple(self.contrast(name) for name in names)


def group_viewers(*, attribute: str, labels: Sequence[str | None]) -> Grouping:
    """Group V viewers by what they declared.

    Args:
        attribute: its name.
        labels: V labels in the panel's order of viewers. None, NaN, text in which nothing can be
            seen and "undeclared" in any spelling mean that the viewer did not declare.

    Returns:
        The groups, in alphabetical order.

    Raises:
        CannotMeasure: a label is no text, begins or ends with a space, holds invisible
            characters, stands for a missing value ("nan", "N/A", "-", "?"), or differs from
            another label in spelling only ("A" and "a", or a space too many).
    """
    known = [_label(label) for label in labels]
    names = tuple(sorted({label for label in known if label is not None}))
    spelled: dict[str, str] = {}
    for name in names:
        other = spelled.setdefault(_spelling(name), name)
        if other != name:
            raise CannotMeasure("labels", f"{other!r} and {name!r} differ in spelling only")
    place = {name: code for code, name in enumerate(names)}
    codes = np.array(
        [NOT_DECLARED if label is None else place[label] for label in known], dtype=np.int64
    )
    return Grouping(attribute, names, codes)


def _label(label: object) -> str | None:
    """Return a group's name, or None for a viewer who declared nothing."""
    if label is None or (isinstance(label, float | np.floating) and math.isnan(label)):
        return None
    if not isinstance(label, str):
        raise CannotMeasure("labels", f"{label!r} is not text")
    text = str(label)
    letters = (one for one in text if unicodedata.category(one)[0] != "M")  # marks need a letter
    if not any(map(_visible, letters)) or _spelling(text) == UNDECLARED:
        return None
    if text != text.strip():
        raise CannotMeasure("labels", f"{text!r} begins or ends with a space")
    if not all(_visible(character) or character == " " for character in text):
        raise CannotMeasure("labels", f"{text!r} holds a character that cannot be seen")
    only_signs = all(unicodedata.category(one)[0] in "PZ" for one in text)  # "-", "?", "…"
    if only_signs or _spelling(text) in WRITTEN_MISSING:
        raise CannotMeasure("labels", f"{text!r} stands for a missing value; give None instead")
    return text


def _visible(character: str) -> bool:
    """Say whether a character can be seen: no space, control, format or unassigned character."""
    return unicodedata.category(character)[0] not in "CZ" and character not in BLANK


def _spelling(text: str) -> str:
    """Return a label without what readers overlook.

    That is capitals, compatibility forms, characters that cannot be seen, which dash and how many
    spaces it has.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    kept = (one for one in unicodedata.normalize("NFKC", folded) if _visible(one) or one.isspace())
    plain = ("-" if unicodedata.category(one) == "Pd" else one for one in kept)
    return " ".join("".join(plain).split())
