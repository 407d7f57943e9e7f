"""Which viewers of the panel a contrast uses."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from audits.metrics.groups import Contrast
from audits.metrics.refusals import Bools, Ints, Refused, integers


def select(*, contrast: Contrast, viewers: int, strata: ArrayLike) -> tuple[Ints, Bools, Ints]:
    """Rows of the declared viewers, and their membership and stratum.

    Raises Refused: `contrast` or `strata` is not about `viewers` viewers, or a side is empty.
    """
    if len(contrast.declared) != viewers:
        raise Refused("contrast", f"is about {len(contrast.declared)} viewers, not {viewers}")
    cells = integers("strata", strata, shape=(viewers,))
    rows = np.flatnonzero(contrast.declared).astype(np.int64)
    members = contrast.members[rows]
    if not members.any() or members.all():
        raise Refused("contrast", "needs viewers both in the group and in the rest")
    return rows, members, cells[rows]
