"""What the measures share: nulls by permutation, intervals by bootstrap, corrections, power.

Sources: Phipson & Smyth 2010 (p-values of permutation tests are never zero); Holm 1979;
Benjamini & Hochberg 1995; Schuirmann 1987 (two one-sided tests); Hanley & McNeil 1982 (AUC).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy import optimize
from scipy.special import ndtr, ndtri

from audits.metrics.measurement import Interval, Null
from audits.metrics.refusals import Bools, Floats, Ints, Refused, booleans, floats, integers

PERMUTATIONS = 1_999
BOOTSTRAP_DRAWS = 2_000
HISTORY_EDGES = (3, 10, 30, 100)
_CHUNK = 128  # draws whose random keys are held at once


def history_strata(*, history_length: ArrayLike, edges: tuple[int, ...] = HISTORY_EDGES) -> Ints:
    """(V,) the stratum of each viewer: 0 below the first edge, 1 from there, and so on."""
    lengths = integers("history_length", history_length, shape=(None,))
    if (lengths < 0).any():
        raise Refused("history_length", "must not be negative")
    return np.searchsorted(np.asarray(edges), lengths, side="right").astype(np.int64)


def permuted_members(*, members: ArrayLike, strata: ArrayLike, draws: int, seed: int) -> Bools:
    """(draws, N) the labels shuffled within each stratum: its number of members never changes."""
    labels = booleans("members", members, shape=(None,))
    cells = integers("strata", strata, shape=labels.shape)
    if draws < 1:
        raise Refused("draws", "must be at least 1")
    rng = np.random.default_rng(seed)
    shuffled = np.empty((draws, len(labels)), dtype=np.bool_)
    for start in range(0, draws, _CHUNK):
        rows = slice(start, min(start + _CHUNK, draws))
        keys = rng.random((rows.stop - rows.start, len(labels)))
        for cell in np.unique(cells):
            places = np.flatnonzero(cells == cell)
            order = np.argsort(keys[:, places], axis=1)
            shuffled[rows, places] = labels[places][order]
    return shuffled


def permutation_p(*, observed: float, null: ArrayLike, two_sided: bool = False) -> float:
    """(1 + b)/(1 + B), b the draws at least as extreme; two-sided around the null's own mean."""
    draws = floats("null", null, shape=(None,))
    shift = float(draws.mean()) if two_sided else 0.0
    value, values = observed - shift, draws - shift
    if two_sided:
        value, values = abs(value), np.abs(values)
    slack = 1e-9 * max(1.0, abs(value))  # the same labels must tie with themselves
    return float((1 + (values >= value - slack).sum()) / (1 + len(draws)))


def null_of(values: ArrayLike) -> Null:
    """The mean and 95 % range of B draws under the null."""
    draws = floats("null", values, shape=(None,))
    low, high = np.quantile(draws, [0.025, 0.975])
    return Null(float(draws.mean()), float(low), float(high), len(draws))


def bootstrap_counts(*, size: int, draws: int, seed: int) -> Floats:
    """(draws, size) how often each of `size` viewers is drawn, with replacement."""
    if size < 1:
        raise Refused("size", "must be at least 1")
    rng = np.random.default_rng(seed)
    return rng.multinomial(size, np.full(size, 1 / size), size=draws).astype(np.float64)


def bootstrap_weights(*, members: ArrayLike, draws: int, seed: int) -> tuple[Floats, Floats]:
    """Weights (draws, n_group) and (draws, n_rest), each row adding up to one.

    The viewers are the clusters; each side is drawn by itself, so that its size stays.
    """
    labels = booleans("members", members, shape=(None,))
    group, rest = int(labels.sum()), int((~labels).sum())
    first, second = np.random.SeedSequence(seed).generate_state(2)
    return (
        bootstrap_counts(size=group, draws=draws, seed=int(first)) / group,
        bootstrap_counts(size=rest, draws=draws, seed=int(second)) / rest,
    )


def percentile_interval(draws: ArrayLike, *, confidence: float = 0.95) -> Interval:
    """The central `confidence` of bootstrap draws."""
    tail = (1 - confidence) / 2
    low, high = np.quantile(floats("draws", draws, shape=(None,)), [tail, 1 - tail])
    return Interval(float(low), float(high))


def holm(p_values: ArrayLike) -> Floats:
    """Holm-adjusted p-values, in the order given: the family-wise error of the headlines."""
    p = _p_values(p_values)
    order = np.argsort(p, kind="stable")
    steps = p[order] * np.arange(len(p), 0, -1)
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1.0)
    return adjusted


def benjamini_hochberg(p_values: ArrayLike) -> Floats:
    """Adjusted p-values (false discovery rate), in the order given: for many titles."""
    p = _p_values(p_values)
    order = np.argsort(p, kind="stable")[::-1]
    steps = p[order] * len(p) / np.arange(len(p), 0, -1)
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(np.minimum.accumulate(steps), 1.0)
    return adjusted


def _p_values(values: ArrayLike) -> Floats:
    p = floats("p_values", values, shape=(None,))
    if ((p < 0) | (p > 1)).any():
        raise Refused("p_values", "must lie between 0 and 1")
    return p


def equivalence_p(
    *, estimate: float, standard_error: float, margin: float, centre: float = 0.0
) -> float:
    """The larger of the two one-sided p-values (TOST, normal): small means "within margin"."""
    if standard_error <= 0:
        raise Refused("standard_error", "must be positive")
    if margin <= 0:
        raise Refused("margin", "must be positive")
    above = ndtr(-(estimate - centre + margin) / standard_error)
    below = ndtr((estimate - centre - margin) / standard_error)
    return float(max(above, below))


def viewers_needed_for_rates(*, first: float, second: float, power: float = 0.8) -> int:
    """Viewers a group to see `first` against `second` (two-sided 5 %, normal approximation)."""
    _check_rates(first, second)
    alpha, beta = -ndtri(0.025), -ndtri(1 - power)
    mean = (first + second) / 2
    root = alpha * np.sqrt(2 * mean * (1 - mean)) + beta * np.sqrt(
        first * (1 - first) + second * (1 - second)
    )
    return int(np.ceil((root / (first - second)) ** 2))


def minimum_detectable_rate(*, base: float, viewers: int, power: float = 0.8) -> float | None:
    """The smallest rise above `base` that `viewers` a group would see; None if none would."""

    def short(rise: float) -> float:
        return viewers_needed_for_rates(first=base, second=base + rise, power=power) - viewers

    largest = 1 - base - 1e-6
    if viewers < 2 or short(largest) > 0:
        return None
    return float(optimize.brentq(short, 1e-4, largest, xtol=1e-5)) if short(1e-4) > 0 else 1e-4


def minimum_detectable_difference(
    *, deviation: float, group: int, rest: int, power: float = 0.8
) -> float:
    """The smallest difference of two means with this standard deviation that would be seen."""
    if min(group, rest) < 1:
        raise Refused("group", "must hold at least one viewer")
    reach = standard_errors_to_detect(power=power)
    return float(reach * deviation * np.sqrt(1 / group + 1 / rest))


def standard_errors_to_detect(*, power: float = 0.8) -> float:
    """How many standard errors from the null an effect must lie to be seen (two-sided 5 %)."""
    return float(-ndtri(0.025) - ndtri(1 - power))


def auc_standard_error(*, auc: float, group: int, rest: int) -> float:
    """Hanley & McNeil's standard error of an area under the curve."""
    first, second = auc / (2 - auc), 2 * auc**2 / (1 + auc)
    spread = auc * (1 - auc) + (group - 1) * (first - auc**2) + (rest - 1) * (second - auc**2)
    return float(np.sqrt(spread / (group * rest)))


def minimum_detectable_auc(*, group: int, rest: int, power: float = 0.8) -> float | None:
    """The smallest AUC above ½ that would be seen (one-sided 5 %, as tested); None if none."""
    alpha, beta = -ndtri(0.05), -ndtri(1 - power)
    at_null = alpha * auc_standard_error(auc=0.5, group=group, rest=rest)

    def short(auc: float) -> float:
        return float(
            at_null + beta * auc_standard_error(auc=auc, group=group, rest=rest) - (auc - 0.5)
        )

    return None if short(1 - 1e-9) > 0 else float(optimize.brentq(short, 0.5, 1 - 1e-9))


def _check_rates(first: float, second: float) -> None:
    for field, rate in (("first", first), ("second", second)):
        if not 0 < rate < 1:
            raise Refused(field, "must lie between 0 and 1")
    if first == second:
        raise Refused("second", "must differ from the first")
