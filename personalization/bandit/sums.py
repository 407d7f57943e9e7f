"""Sums whose order is fixed, so that a title's numbers have the same bits on any page.

Floating-point sums depend on their order, and a library's own order on the shape of its
input; these do not. All run over the first axis: what is summed together is one column.
"""

from itertools import pairwise

import numpy as np

from personalization.bandit.errors import Floats

LANES = 8
BLOCK = 128  # terms; more are halved first


def in_lanes(terms: Floats) -> Floats:
    """Return the sum over the first axis of (N, …), and spoil `terms`.

    Eight running sums, which are then added in pairs, and then what is left over: the order
    in which NumPy sums a row whose numbers are neighbours in memory.
    """
    count = len(terms)
    if count < LANES:
        return from_left(terms)
    if count > BLOCK:
        half = count // 2 // LANES * LANES
        return in_lanes(terms[:half]) + in_lanes(terms[half:])
    whole = count // LANES * LANES
    lanes = terms[:LANES]
    for first in range(LANES, whole, LANES):
        lanes += terms[first : first + LANES]
    for apart in (1, 2):
        pairs = lanes[:: 2 * apart]
        pairs += lanes[apart :: 2 * apart]
    before = terms[whole - 1]  # of no more use, and just before what is left over
    np.add(lanes[0], lanes[4], out=before)
    return from_left(terms[whole - 1 :])


def from_left(terms: Floats) -> Floats:
    """Return the sum over the first axis of (N, …), one term after the other."""
    if not len(terms):
        return np.zeros(terms.shape[1:])
    if terms[0].size > 1 and terms.flags.c_contiguous:
        # Rows that lie one after the other are added so: NumPy sums in another order, by
        # pairs, only along the axis whose numbers are neighbours in memory.
        return np.asarray(np.add.reduce(terms, axis=0), np.float64)
    found: Floats = terms[0].copy()
    for term in terms[1:]:
        found += term
    return found


def running(terms: Floats) -> Floats:
    """Return all the sums that `from_left` goes through: (N, …)."""
    found = terms.copy()
    for before, term in pairwise(found):
        term += before
    return found
