"""Disparity per stratum, and the ratio of the lowest rate to the highest: never as verdicts.

Conditional figures stand beside the unconditional one. A stratum (history length × taste) may
itself stand in for the group, so the share of viewers without a counterpart is part of the answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from audits.metrics.chances import checked_seeds
from audits.metrics.groups import MINIMUM_TO_TEST, Contrast, Grouping, Viewers
from audits.metrics.inference import percentile_interval
from audits.metrics.measurement import Interval
from audits.metrics.panel import compare
from audits.metrics.refusals import Bools, CannotMeasure, Floats, Ints, floats, integers
from audits.metrics.resampling import (
    BOOTSTRAP_DRAWS,
    Resampling,
    bootstrap_counts,
    can_be_shuffled,
)


@dataclass(frozen=True)
class ConditionalDisparity:
    """Group minus rest, over all and within strata.

    Attributes:
        unconditional: the difference of the two sides' means.
        conditional: the mean of the strata's differences, weighted by their viewers; None where
            no stratum has viewers of both sides.
        by_stratum: each stratum's difference, by its number.
        dropped_share: the share of viewers whose stratum has nobody of the other side.
        viewers: how many viewers the conditional figure rests on.
        interval: of the conditional figure; None where it rests on fewer than 30 viewers a side.
    """

    unconditional: float
    conditional: float | None
    by_stratum: Mapping[int, float]
    dropped_share: float
    viewers: Viewers
    interval: Interval | None


@dataclass(frozen=True)
class ImpactRatio:
    """The lowest group rate over the highest.

    Attributes:
        estimate: the ratio, in [0, 1]; 1 where every rate is 0.
        interval: its 95 % interval, which reaches 1 where all rates may be equal; None where a
            group has fewer than 30 viewers or a rate of 0.
        rates: each group's rate, by name.
    """

    estimate: float
    interval: Interval | None
    rates: Mapping[str, float]


def conditional_disparity(
    *, values: ArrayLike, contrast: Contrast, resampling: Resampling
) -> ConditionalDisparity:
    """Compare the group with the rest within each stratum.

    The interval draws the viewers of each side anew.  A stratum that a draw leaves without one
    side counts for nothing in that draw.

    Args:
        values: (V,) one number for each viewer.
        contrast: the group against the rest.
        resampling: the strata within which viewers are compared, the seeds, and how many draws;
            nothing is shuffled.

    Returns:
        The differences over all and within strata.

    Raises:
        CannotMeasure: by the argument's name; a side without a viewer.

    Source: conditional demographic disparity, Wachter, Mittelstadt & Russell 2021.
    """
    numbers = floats("values", values, shape=contrast.declared.shape)
    who = compare(contrast=contrast, viewers=len(numbers), strata=resampling.strata)
    numbers, members = numbers[who.rows], who.members
    mixed = can_be_shuffled(members=members, strata=who.strata)
    group = int((members & mixed).sum())
    kept = Viewers(group, int(mixed.sum()) - group, who.viewers.undeclared)
    cells, cell = np.unique(who.strata[mixed], return_inverse=True)
    differences = _by_stratum(numbers[mixed], members[mixed], cell, len(cells))
    sizes = np.bincount(cell, minlength=len(cells)).astype(np.float64)
    interval = None
    if min(kept.group, kept.rest) >= MINIMUM_TO_TEST:
        interval = _interval(
            numbers, members, np.where(mixed, np.searchsorted(cells, who.strata), -1), sizes,
            resampling.seeds[who.rows], resampling.draws,
        )  # fmt: skip
    return ConditionalDisparity(
        unconditional=float(numbers[members].mean() - numbers[~members].mean()),
        conditional=float(np.average(differences, weights=sizes)) if len(cells) else None,
        by_stratum=dict(zip(cells.tolist(), differences.tolist(), strict=True)),
        dropped_share=1 - int(mixed.sum()) / len(members),
        viewers=kept,
        interval=interval,
    )


def _by_stratum(numbers: Floats, members: Bools, cell: Ints, count: int) -> Floats:
    """(S,) the difference within each stratum, of viewers whose stratum has both sides."""
    means = [
        np.bincount(cell[side], numbers[side], minlength=count)
        / np.bincount(cell[side], minlength=count)
        for side in (members, ~members)
    ]
    apart: Floats = means[0] - means[1]
    return apart


def _interval(
    numbers: Floats, members: Bools, cell: Ints, sizes: Floats, seeds: Ints, draws: int
) -> Interval | None:
    sides = []
    for side in (members, ~members):
        inside = (cell[side, None] == np.arange(len(sizes))).astype(np.float64)
        drawn = bootstrap_counts(seeds=seeds[side], draws=draws)
        sides.append((drawn @ (numbers[side, None] * inside), drawn @ inside))
    (above, group), (below, rest) = sides
    both = (group > 0) & (rest > 0)
    apart = np.where(both, above / np.maximum(group, 1) - below / np.maximum(rest, 1), 0.0)
    weights = both * sizes
    usable = weights.sum(axis=1) > 0
    if not usable.any():
        return None
    return percentile_interval((apart * weights)[usable].sum(axis=1) / weights[usable].sum(axis=1))


def impact_ratio(
    *, values: ArrayLike, grouping: Grouping, seeds: ArrayLike, draws: int = BOOTSTRAP_DRAWS
) -> ImpactRatio:
    """Compare all groups of an attribute at once.

    Args:
        values: (V,) each viewer's rate, in [0, 1].
        grouping: the viewers' groups; undeclared viewers are left out.
        seeds: (V,) one whole number a viewer, 0 or more.
        draws: how often the viewers are drawn anew, at least 1.

    Returns:
        The lowest group rate over the highest, and the rates.

    Raises:
        CannotMeasure: by the argument's name; fewer than two groups, or a group without a viewer.

    Source: EEOC Uniform Guidelines 1978, §1607.4 D (the "four-fifths rule").
    """
    rates = floats("values", values, shape=(None,))
    if ((rates < 0) | (rates > 1)).any():
        raise CannotMeasure("values", "must lie between 0 and 1")
    codes = integers("grouping", grouping.codes, shape=rates.shape)
    own = checked_seeds(seeds, viewers=len(rates))
    groups = [rates[codes == code] for code in range(len(grouping.names))]
    sizes = [len(group) for group in groups]
    if len(groups) < 2 or not min(sizes):
        raise CannotMeasure("grouping", "needs at least two groups with a viewer in each")
    means = np.array([group.mean() for group in groups])
    interval = None
    if min(sizes) >= MINIMUM_TO_TEST and means.all():
        resampled = [
            bootstrap_counts(seeds=own[codes == code], draws=draws) @ group / len(group)
            for code, group in enumerate(groups)
        ]
        interval = _ratio_interval(means, np.stack(resampled))
    return ImpactRatio(
        estimate=float(means.min() / means.max()) if means.any() else 1.0,
        interval=interval,
        rates=dict(zip(grouping.names, means.tolist(), strict=True)),
    )


def _ratio_interval(means: Floats, drawn: Floats) -> Interval | None:
    """Return the interval of the lowest rate over the highest, from draws (groups, b) of the rates.

    The ratio of each two groups is drawn, on the scale of logarithms, where it may fall on either
    side of 1.  Their intervals hold together (the draws' largest deviation, in standard errors,
    counts), and the ratio asked for is the one farthest from 1.  Draws of the ratio itself would
    never reach 1, and so never hold it where the groups are equal.

    Returns:
        The interval; None where the draws cannot tell, because rates of 0 are among them.

    Source: Hothorn, Bretz & Westfall 2008 (simultaneous intervals from the largest deviation).
    """
    first, second = np.triu_indices(len(means), k=1)
    with np.errstate(divide="ignore"):
        logs = np.log(np.column_stack([means, drawn]))
    if not np.isfinite(logs).all():
        return None
    apart = logs[first] - logs[second]
    observed, resampled = apart[:, :1], apart[:, 1:]
    error = resampled.std(axis=1, keepdims=True)
    deviation = np.abs(resampled - observed) / np.maximum(error, np.finfo(np.float64).tiny)
    reach = float(np.quantile(deviation.max(axis=0), 0.95)) * error
    least = np.maximum(np.abs(observed) - reach, 0.0).max()
    most = (np.abs(observed) + reach).max()
    return Interval(float(np.exp(-most)), float(np.exp(-least)))
