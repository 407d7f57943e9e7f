"""Which viewers a contrast compares, and whether they are enough for a test."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from audits.metrics.groups import MINIMUM_TO_TEST, Contrast, Viewers
from audits.metrics.refusals import Bools, CannotMeasure, Ints, booleans, integers
from audits.metrics.resampling import can_be_shuffled

TOO_FEW = f"One side has data of fewer than {MINIMUM_TO_TEST} viewers."
NOT_SHUFFLED = (
    f"On one side, fewer than {MINIMUM_TO_TEST} viewers share a stratum with viewers of the other "
    "side, so that shuffled labels cannot show what chance gives."
)


@dataclass(frozen=True, eq=False)
class Compared:
    """The N viewers of the panel that a contrast compares.

    Attributes:
        rows: (N,) their rows in the panel.
        members: (N,) True for the group, False for the rest.
        strata: (N,) their strata.
        viewers: how many of them have data, by side.
        untested: why they are not enough for a test, in words; empty if they are.
    """

    rows: Ints
    members: Bools
    strata: Ints
    viewers: Viewers
    untested: str

    @property
    def sides(self) -> tuple[Bools, Bools]:
        """(N,) True for the group, and (N,) True for the rest."""
        return self.members, ~self.members


def compare(
    *, contrast: Contrast, viewers: int, strata: ArrayLike, evidence: ArrayLike | None = None
) -> Compared:
    """Select the viewers that a contrast compares.

    Args:
        contrast: the group against the rest.
        viewers: V, how many viewers the panel has.
        strata: (V,) the stratum of each viewer.
        evidence: (V,) True for a viewer whose data bear on the estimate (default: all). Only
            these count towards the floor of 30 viewers on each side.

    Returns:
        The viewers, and whether they may be tested: at least 30 on each side have data, and at
        least 30 on each side have a label that a shuffle can change.

    Raises:
        CannotMeasure: `contrast`, `strata` or `evidence` is not about V viewers, or a side of the
            contrast is empty.
    """
    if len(contrast.declared) != viewers:
        raise CannotMeasure("contrast", f"is about {len(contrast.declared)} viewers, not {viewers}")
    cells = integers("strata", strata, shape=(viewers,))
    counted = contrast
    if evidence is not None:
        counted = contrast.among(booleans("evidence", evidence, shape=(viewers,)))
    rows = np.flatnonzero(contrast.declared).astype(np.int64)
    members = contrast.members[rows]
    if not members.any() or members.all():
        raise CannotMeasure("contrast", "needs viewers with data in the group and in the rest")
    with_data = counted.declared[rows]
    untested = why_untested(members=members[with_data], strata=cells[rows][with_data])
    return Compared(rows, members, cells[rows], counted.viewers, untested)


def why_untested(*, members: ArrayLike, strata: ArrayLike) -> str:
    """Say why a test of two sides would rest on too few viewers.

    Args:
        members: (N,) True for the group, False for the rest; viewers with data only.
        strata: (N,) the stratum of each viewer.

    Returns:
        The reason in words, without a number of viewers; empty if there are enough.

    Raises:
        CannotMeasure: by the argument's name.
    """
    labels = booleans("members", members, shape=(None,))
    mixed = can_be_shuffled(members=labels, strata=strata)
    for counted, why in ((np.ones_like(mixed), TOO_FEW), (mixed, NOT_SHUFFLED)):
        group = int((labels & counted).sum())
        if min(group, int(counted.sum()) - group) < MINIMUM_TO_TEST:
            return why
    return ""
