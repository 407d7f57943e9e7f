"""Sums whose order is fixed, so that a title's numbers have the same bits on any page.

Floating-point sums depend on their order. A library's own order changes with the shape of
its input, with the processor and with its version; these do not. All run over the first
axis: what is summed together lies in one column.
"""

from itertools import pairwise

import numpy as np

from personalization.bandit.errors import Floats

LANES = 8
BLOCK = 128  # terms; more are halved first


def in_lanes(terms: Floats) -> Floats:
    """Return the sum over the first axis of (N, …), and spoil `terms`.

    Eight running sums, which are then added in pairs, and then what is left over: the order
    of NumPy's sum over a contiguous row, in which the choices so far were made.
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
    for apart in (1, 2, 4):
        sums = lanes[:: 2 * apart]
        sums += lanes[apart :: 2 * apart]
    found: Floats = lanes[0]
    for term in terms[whole:]:
        found += term
    return found


def from_left(terms: Floats) -> Floats:
    """Return the sum over the first axis of (N, …), one term after the other."""
    if not len(terms):
        return np.zeros(terms.shape[1:])
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
