"""The reduction: one part of the log becomes its sufficient statistics."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from threadpoolctl import threadpool_limits

from personalization.bandit.arrays import Floats, Ints, ints
from personalization.bandit.errors import BadInput
from personalization.bandit.odds import Expected, Lines, linearised, own_rates, rewards_of
from personalization.bandit.rows import Dense, FitRows
from personalization.bandit.statistics import Statistics, empty

PIECE = 4096  # rows multiplied at once: with their sums they fit a core's own cache


def reduce(
    *, artwork_ids: Ints, rows: Floats | FitRows, rewards: Floats, expected: Expected | None = None
) -> Statistics:
    """Sum the decisions of one part of the log.

    Args:
        artwork_ids: (N,) the artwork that each decision showed.
        rows: (N, W) fit rows [1, x_v, match, controls], with W from 1.
        rewards: (N,) from 0 to 1.
        expected: log-odds by the models that made the decisions; None for each artwork's own
            rate among these decisions.

    Returns:
        the sums of the A distinct artworks, with the same bits in whatever company an artwork's
        decisions come.

    Raises:
        BadInput: naming the argument that is wrong.
    """
    rows = rows if isinstance(rows, FitRows) else Dense(rows)
    count, width = rows.shape
    shown = ints("artwork_ids", artwork_ids, (count,))
    gained = rewards_of(rewards, count)
    if expected is None:
        expected = Expected.alike(count, own_rates(shown, gained, width=width))
    ints("chosen_by", expected.chosen_by, (count,))
    order = None
    if (np.diff(shown) < 0).any():
        order = np.argsort(shown, kind="stable")
        shown, gained = shown[order], gained[order]
    starts = np.flatnonzero(np.diff(shown, prepend=shown[:1] - 1))
    distinct = shown[starts]
    sums = empty(distinct, width)
    bounds = np.append(starts, count)
    np.copyto(sums.n, np.diff(bounds))
    np.copyto(sums.moments, rows.moments())
    if count:
        np.add.reduceat(gained, starts, out=sums.r)
    lines = expected.lines(distinct)
    if lines.lines.shape[2] != width:
        raise BadInput(f"expected has lines of width {lines.lines.shape[2]}, the rows {width}")
    # One small product after another: threads inside each would only wait for each other.
    with threadpool_limits(1):
        _multiply(rows, order, gained, lines, bounds.tolist(), sums)
    return sums


class _Piece(NamedTuple):
    """Rows `low` to `high` of the artwork at place `artwork`; whether they are its first."""

    artwork: int
    low: int
    high: int
    first: bool


def _pieces(bounds: Sequence[int]) -> Iterator[_Piece]:
    """Cut each artwork's rows, from bounds[i] to bounds[i + 1], into pieces of at most PIECE.

    The pieces begin with the artwork's first row, whatever comes before it, so that its sums have
    the same bits in any company.
    """
    for artwork in range(len(bounds) - 1):
        start, end = bounds[artwork], bounds[artwork + 1]
        for low in range(start, end, PIECE):
            yield _Piece(artwork, low, min(low + PIECE, end), low == start)


def _together(pieces: Iterator[_Piece]) -> Iterator[list[_Piece]]:
    """Group pieces that follow each other, as long as they have no more than PIECE rows in all."""
    group: list[_Piece] = []
    for piece in pieces:
        if group and piece.high - group[0].low > PIECE:
            yield group
            group = []
        group.append(piece)
    if group:
        yield group


def _multiply(
    rows: FitRows,
    order: Ints | None,
    gained: Floats,
    lines: Lines,
    bounds: Sequence[int],
    sums: Statistics,
) -> None:
    """Add up each artwork's products: a few thousand rows at a time, in their artworks' order."""
    held = np.empty((min(PIECE, rows.shape[0]), rows.shape[1]))
    odds = np.empty(len(held))
    product = np.empty(sums.ww.shape[1:])
    for group in _together(_pieces(bounds)):
        begin, end = group[0].low, group[-1].high
        block, expected = held[: end - begin], odds[: end - begin]
        rows.write(_places(order, begin, end), block)
        for artwork, low, high, _ in group:
            own = slice(low - begin, high - begin)
            lines.write(artwork, block[own], _places(order, low, high), expected[own])
        weights, targets = linearised(expected, gained[begin:end])
        # Rows are multiplied by the root of their weight. The weighted sum of w wᵀ is then a
        # product of one matrix with itself, which takes half of the work.
        np.sqrt(weights, out=weights)
        targets /= weights
        block *= weights[:, None]
        for artwork, low, high, first in group:
            own = slice(low - begin, high - begin)
            mine = block[own]
            if first:
                np.matmul(mine.T, mine, out=sums.ww[artwork])
                np.matmul(targets[own], mine, out=sums.rw[artwork])
            else:
                sums.ww[artwork] += np.matmul(mine.T, mine, out=product)
                sums.rw[artwork] += targets[own] @ mine


def _places(order: Ints | None, low: int, high: int) -> slice | Ints:
    return slice(low, high) if order is None else order[low:high]
