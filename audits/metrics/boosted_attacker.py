"""The boosted attacker: least-squares gradient boosting of depth-two trees on binned components.

A linear attacker cannot read a group from squares of a vector, and this one can.  All k label
vectors are boosted side by side: a histogram over (component, bin) is one matrix product for all
of them, so the null runs the same learner as the estimate.  Source: Friedman 2001.

Which split is best hangs on a comparison, and processors add in different orders.  So residuals and
leaves are whole multiples of a step, as fine as lets single precision add them without rounding:
the trees are the same on every machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from audits.metrics.refusals import Bools, CannotMeasure, Floats, booleans, floats, whole

BINS = 8
RATE = 0.1
SMALLEST_LEAF = 10
EXACT_BITS = 24  # whole numbers up to two to this are exact in single precision
COMPONENT_BITS = 30  # components are binned without what the order of additions does to them
_CHUNK = 128  # label vectors boosted at once, so that their residuals stay near the processor

_Codes = NDArray[np.int8]
_Singles = NDArray[np.float32]


def boosted_scores(*, train: Floats, test: Floats, labels: Bools, rounds: int) -> Floats:
    """Boost k sequences of trees on the training rows, and score the test rows.

    Args:
        train: (n, r) components of the training rows, n at least 1.
        test: (m, r) components of the test rows.
        labels: (n, k) True for the group, under each of k label vectors.
        rounds: how many trees each sequence has, 0 or more.

    Returns:
        (m, k) the scores; higher means likelier of the group.

    Raises:
        CannotMeasure: by the argument's name.

    Source: Friedman 2001, Greedy function approximation: a gradient boosting machine.
    """
    train = floats("train", train, shape=(None, None))
    test = floats("test", test, shape=(None, train.shape[1]))
    booleans("labels", labels, shape=(len(train), None))
    rounds = whole("rounds", rounds, least=0)
    if not len(train):
        raise CannotMeasure("train", "needs at least one row")
    if not train.shape[1]:
        return np.zeros((len(test), labels.shape[1]))
    coarse = -int(np.frexp(np.abs(train).max())[1]) + COMPONENT_BITS
    train, test = _multiples(train, coarse), _multiples(test, coarse)
    edges = np.quantile(train, np.arange(1, BINS) / BINS, axis=0)
    learner = _Histograms(_codes(train, edges))
    unseen = _codes(test, edges)
    # One row per label vector from here on, so that each row's numbers lie together.
    centred = _multiples((labels - labels.mean(axis=0)).T, learner.bits)
    residuals: _Singles = np.ascontiguousarray(centred, dtype=np.float32)
    scores = np.zeros((len(residuals), len(test)), dtype=np.float32)
    for start in range(0, len(residuals), _CHUNK):
        residual, score = (each[start : start + _CHUNK] for each in (residuals, scores))
        for _ in range(rounds):
            tree = learner.grow(residual)
            residual -= tree.predict(learner.codes)
            score += tree.predict(unseen)
    return scores.T.astype(np.float64)


def _multiples(values: NDArray[Any], bits: int) -> NDArray[Any]:
    """Round to multiples of two to the power −`bits`."""
    rounded: NDArray[Any] = np.ldexp(np.rint(np.ldexp(values, bits)), -bits)
    return rounded


def _codes(values: Floats, edges: Floats) -> _Codes:
    """(r, n) the bin, 0 to BINS − 1, of each row on each component."""
    columns = [
        np.searchsorted(edges[:, column], values[:, column], side="left")
        for column in range(values.shape[1])
    ]
    return np.asarray(columns, dtype=np.int8)


class _Split:
    """One split per label vector: is the row's bin on component `where` at most `at`?"""

    def __init__(self, place: NDArray[np.int64]) -> None:
        self.place = place
        self.where, at = np.divmod(place, BINS - 1)
        self.at = at.astype(np.int8)[:, None]

    def left(self, codes: _Codes) -> Bools:
        """(k, n) whether each row goes left."""
        return np.less_equal(codes[self.where], self.at)


@dataclass(frozen=True)
class _Tree:
    """Three splits and four leaf values per label vector."""

    root: _Split
    low: _Split
    high: _Split
    leaves: tuple[_Singles, ...]

    def predict(self, codes: _Codes) -> _Singles:
        below, low, high = (split.left(codes) for split in (self.root, self.low, self.high))
        # Each row is in one leaf.  Products with truths are much faster than choosing by them.
        first, *others = (below & low, below & ~low, ~below & high, ~(below | high))
        predicted: _Singles = first * self.leaves[0][:, None]
        for inside, leaf in zip(others, self.leaves[1:], strict=True):
            predicted += inside * leaf[:, None]
        return predicted


class _Histograms:
    """The training rows, cumulative one-hot by (component, bin): a factor of every histogram."""

    def __init__(self, codes: _Codes) -> None:
        self.codes = codes
        # Residuals are below 1, so all of them together are below the number of rows.
        self.bits = EXACT_BITS - codes.shape[1].bit_length()
        bins = np.arange(BINS - 1, dtype=np.int8)
        # Column (component, bin) marks the rows that would go left.
        left = (codes[:, None, :] <= bins[:, None]).reshape(-1, codes.shape[1])
        self.goes_left = np.ascontiguousarray(left.T, dtype=np.float32)
        # Counts do not depend on labels: how many rows two splits both send left.
        self.both_left: _Singles = self.goes_left.T @ self.goes_left

    def grow(self, residual: _Singles) -> _Tree:
        """One tree for each row of residuals (k, n), its leaves shrunk by the rate."""
        every = np.float32(residual.shape[1])
        counts = self.both_left.diagonal()
        node = _Node(
            sums=residual @ self.goes_left,
            counts=counts[None, :],
            total=residual.sum(axis=1, keepdims=True),
            rows=np.full((len(residual), 1), every),
        )
        root = node.split()
        held = root.left(self.codes) * residual
        place = root.place[:, None]
        low = _Node(
            sums=held @ self.goes_left,
            counts=self.both_left[root.place],
            total=np.take_along_axis(node.sums, place, axis=1),
            rows=counts[place],
        )
        high = node.without(low)
        first, second = low.split(), high.split()
        means = *low.leaves(first), *high.leaves(second)
        leaves = tuple(_multiples(np.float32(RATE) * mean, self.bits) for mean in means)
        return _Tree(root, first, second, leaves)


@dataclass(frozen=True)
class _Node:
    """A node's residuals and rows, and how many of them each of q splits would send left.

    sums, counts (k, q); total, rows (k, 1): the whole node's.
    """

    sums: _Singles
    counts: _Singles
    total: _Singles
    rows: _Singles

    def without(self, part: _Node) -> _Node:
        return _Node(
            self.sums - part.sums,
            self.counts - part.counts,
            self.total - part.total,
            self.rows - part.rows,
        )

    def split(self) -> _Split:
        """The split that explains most of the residual, for each label vector."""
        others = self.rows - self.counts
        gain = self.sums**2 / np.maximum(self.counts, 1)
        gain += (self.total - self.sums) ** 2 / np.maximum(others, 1)
        gain[(self.counts < SMALLEST_LEAF) | (others < SMALLEST_LEAF)] = -1.0
        return _Split(np.argmax(gain, axis=1))

    def leaves(self, split: _Split) -> tuple[_Singles, _Singles]:
        """(k,) the mean residual on both sides; 0 where too few rows got there."""
        place = split.place[:, None]
        sums = np.take_along_axis(self.sums, place, axis=1)
        counts = np.take_along_axis(self.counts, place, axis=1)
        return _mean(sums, counts)[:, 0], _mean(self.total - sums, self.rows - counts)[:, 0]


def _mean(sums: _Singles, counts: _Singles) -> _Singles:
    few = counts < SMALLEST_LEAF
    return np.where(few, np.float32(0), sums / np.maximum(counts, 1))
