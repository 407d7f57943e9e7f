"""Disparity per stratum, and the ratio of the lowest rate to the highest: never as verdicts.

Conditional figures stand beside the unconditional one: a stratum (title × history length × taste)
may itself stand in for the group, so what had to be dropped is always part of the answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from audits.metrics.groups import Contrast
from audits.metrics.inference import BOOTSTRAP_DRAWS, bootstrap_counts, percentile_interval
from audits.metrics.measurement import Interval
from audits.metrics.refusals import Floats, Ints, Refused, floats, integers


@dataclass(frozen=True)
class ConditionalDisparity:
    """Group minus rest: over all, and as the mean over strata weighted by their viewers.

    `dropped_share` of the declared viewers are in strata with nobody on one side.
    """

    unconditional: float
    conditional: float | None
    by_stratum: Mapping[int, float]
    dropped_share: float
    # Of the conditional figure; None without one, or where a side is too small to test.
    interval: Interval | None = None


@dataclass(frozen=True)
class ImpactRatio:
    """Lowest group rate over the highest, with its interval and the rates it comes from."""

    estimate: float
    interval: Interval
    rates: Mapping[str, float]


def conditional_disparity(
    *,
    values: ArrayLike,
    contrast: Contrast,
    strata: ArrayLike,
    seed: int = 0,
    draws: int = BOOTSTRAP_DRAWS,
) -> ConditionalDisparity:
    """Differences of the mean of `values` (V,) within each stratum (V,) of the declared viewers.

    The interval draws the viewers of each side anew; a stratum that a draw leaves without one
    side counts for nothing in that draw.
    """
    numbers = floats("values", values, shape=contrast.declared.shape)
    cells = integers("strata", strata, shape=numbers.shape)
    rest = contrast.declared & ~contrast.members
    if not contrast.members.any() or not rest.any():
        raise Refused("contrast", "needs viewers both in the group and in the rest")
    differences: dict[int, float] = {}
    sizes: list[int] = []
    for cell in np.unique(cells[contrast.declared]):
        inside = cells == cell
        group, others = numbers[inside & contrast.members], numbers[inside & rest]
        if len(group) and len(others):
            differences[int(cell)] = float(group.mean() - others.mean())
            sizes.append(len(group) + len(others))
    kept = sum(sizes)
    mean = float(np.average(list(differences.values()), weights=sizes)) if kept else None
    return ConditionalDisparity(
        unconditional=float(numbers[contrast.members].mean() - numbers[rest].mean()),
        conditional=mean,
        by_stratum=differences,
        dropped_share=1 - kept / int(contrast.declared.sum()),
        interval=_interval(numbers, cells, differences, sizes, contrast, seed, draws),
    )


def _interval(
    numbers: Floats,
    cells: Ints,
    differences: Mapping[int, float],
    sizes: list[int],
    contrast: Contrast,
    seed: int,
    draws: int,
) -> Interval | None:
    if not differences or not contrast.viewers.testable:
        return None
    kept = np.array(sorted(differences))
    sides = []
    for number, side in enumerate((contrast.members, contrast.declared & ~contrast.members)):
        rows = np.flatnonzero(side)
        inside = (cells[rows, None] == kept).astype(np.float64)
        drawn = bootstrap_counts(size=len(rows), draws=draws, seed=seed + number)
        sides.append((drawn @ (numbers[rows, None] * inside), drawn @ inside))
    (above, group), (below, rest) = sides
    both = (group > 0) & (rest > 0)
    apart = np.where(both, above / np.maximum(group, 1) - below / np.maximum(rest, 1), 0.0)
    weights = both * np.asarray(sizes, dtype=np.float64)
    return percentile_interval((apart * weights).sum(axis=1) / weights.sum(axis=1).clip(1e-12))


def impact_ratio(
    *,
    values: ArrayLike,
    codes: ArrayLike,
    names: tuple[str, ...],
    seed: int,
    draws: int = BOOTSTRAP_DRAWS,
) -> ImpactRatio:
    """The ratio over all groups of an attribute; `values` (V,) in [0, 1] are viewers' rates.

    codes (V,): `groups.Grouping.codes`; undeclared viewers (-1) are left out.
    """
    rates = floats("values", values, shape=(None,))
    if ((rates < 0) | (rates > 1)).any():
        raise Refused("values", "must lie between 0 and 1")
    groups = integers("codes", codes, shape=rates.shape)
    if len(names) < 2 or any((groups == code).sum() == 0 for code in range(len(names))):
        raise Refused("codes", "needs at least two groups with a viewer in each")
    means = np.array([rates[groups == code].mean() for code in range(len(names))])
    resampled = np.stack(
        [
            _resampled(rates[groups == code], seed=seed + code, draws=draws)
            for code in range(len(names))
        ]
    )
    return ImpactRatio(
        estimate=float(_ratio(means[:, None])[0]),
        interval=percentile_interval(_ratio(resampled)),
        rates=dict(zip(names, means.tolist(), strict=True)),
    )


def _resampled(rates: Floats, *, seed: int, draws: int) -> Floats:
    size = len(rates)
    means: Floats = bootstrap_counts(size=size, draws=draws, seed=seed) @ rates / size
    return means


def _ratio(means: Floats) -> Floats:
    """(b,) lowest over highest along the groups; 1 where every rate is zero."""
    lowest, highest = means.min(axis=0), means.max(axis=0)
    ratio: Floats = np.divide(lowest, highest, out=np.ones_like(lowest), where=highest > 0)
    return ratio
