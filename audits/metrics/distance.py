"""The verdict of measure 1: how far apart are two groups' mean exposures, without chance's share?

Q = Σ_t w_t Σ_a (p_g,t(a) − p_rest,t(a))², estimated by the squared distance of the two sides'
means less the variance of those means.  Its mean is the true Q whatever the number of viewers, so
shuffled labels give 0 on average.  Pages show its root, which is in the unit of a probability.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from audits.metrics.groups import Contrast
from audits.metrics.inference import null_of, permutation_p
from audits.metrics.measurement import Measurement
from audits.metrics.noise import Noise, signed_root
from audits.metrics.panel import Compared, compare
from audits.metrics.refusals import (
    Bools,
    CannotMeasure,
    Floats,
    Ints,
    floats,
    integers,
    probabilities,
    title_starts,
)
from audits.metrics.resampling import Resampling, bootstrap_weights, permuted_members
from audits.metrics.threads import side_by_side

_CHUNK = 128  # label vectors multiplied at once: bounds memory at chunk × artworks
_STEPS = 60  # of the power iteration; its quotient converges twice as fast as its direction


@dataclass(frozen=True, eq=False)
class Distance:
    """The root of Q, and the noise that its interval comes from.

    Attributes:
        overall: the signed root: below 0 where the difference is smaller than chance alone gives.
        noise: what an estimate of so many viewers varies by; None where a side has one viewer.
    """

    overall: Measurement
    noise: Noise | None


def exposure_distance(
    *,
    exposure: ArrayLike,
    titles: ArrayLike,
    contrast: Contrast,
    resampling: Resampling,
    weights: ArrayLike | None = None,
) -> Distance:
    """Measure how far apart two groups' mean probabilities lie within titles.

    Args:
        exposure: (V, A) e(v,t,a), the policy's probabilities; they add up to 1 over each title.
        titles: (A,) each artwork's title; a title's artworks lie next to each other.
        contrast: the group against the rest.
        resampling: strata, seeds, and how many shuffles and draws.
        weights: (T,) w_t of each title in the order of `titles`, 0 or more; they are scaled to
            add up to 1 (default: equal).

    Returns:
        The signed root of Q, at most √2, with a one-sided p-value.

    Raises:
        CannotMeasure: by the argument's name; a side without a viewer.

    Source: Chen & Qin 2010, A two-sample test for high-dimensional data.
    """
    names = integers("titles", titles, shape=(None,))
    shown = probabilities("exposure", exposure, titles=names)
    rows = shown * np.sqrt(_artwork_weights(title_starts("titles", names), len(names), weights))
    who = compare(contrast=contrast, viewers=len(rows), strata=resampling.strata)
    sums = _Sums(rows[who.rows])
    if min(who.members.sum(), (~who.members).sum()) < 2:  # one viewer shows no variance
        return Distance(Measurement.without_test(0.0, who.viewers, who.untested), None)
    estimate = float(sums.squares(who.members[None, :])[0])
    root = float(signed_root(estimate))
    seeds = resampling.seeds[who.rows]
    noise = sums.noise(who, resampling.draws, seeds)
    if who.untested:
        return Distance(Measurement.without_test(root, who.viewers, who.untested), noise)
    null = sums.of_shuffles(who, resampling.permutations, seeds)
    return Distance(_measurement(estimate, null, noise, who), noise)


def _measurement(estimate: float, null: Floats, noise: Noise, who: Compared) -> Measurement:
    return Measurement(
        estimate=float(signed_root(estimate)),
        interval=noise.interval(estimate, confidence=0.95),
        limits=noise.limits(estimate, confidence=0.90),
        null=null_of(signed_root(null)),
        p=permutation_p(observed=estimate, null=null),
        viewers=who.viewers,
        detectable=noise.detectable(),
    )


def _artwork_weights(starts: Ints, artworks: int, weights: ArrayLike | None) -> Floats:
    """(A,) each artwork's weight, that of its title."""
    given = (
        np.ones(len(starts)) if weights is None else floats("weights", weights, shape=starts.shape)
    )
    if (given < 0).any() or given.sum() <= 0:
        raise CannotMeasure("weights", "must not be negative, nor all zero")
    lengths = np.diff(np.r_[starts, artworks])
    return np.repeat(given / given.sum(), lengths)


class _Sums:
    """Squared distances of many splits of the viewers: one matrix product for all of them."""

    def __init__(self, rows: Floats) -> None:
        # Around the mean, so that squares lose no digits.
        self.rows = rows - rows.mean(axis=0)
        self.lengths = np.einsum("na,na->n", self.rows, self.rows)

    def squares(self, labels: Bools) -> Floats:
        """(b,) the squared distance without its variance, for label vectors (b, N)."""
        chosen = labels.astype(np.float64)
        group = chosen @ self.rows
        rest = self.rows.sum(axis=0) - group
        inside = chosen @ self.lengths
        apart = 0.0
        means = []
        for sums, lengths, size in (
            (group, inside, chosen.sum(axis=1)),
            (rest, self.lengths.sum() - inside, (1 - chosen).sum(axis=1)),
        ):
            mean = sums / size[:, None]
            within = lengths - size * np.einsum("ba,ba->b", mean, mean)
            apart = apart - within / (size - 1) / size
            means.append(mean)
        difference = means[0] - means[1]
        result: Floats = apart + np.einsum("ba,ba->b", difference, difference)
        return result

    def of_shuffles(self, who: Compared, draws: int, seeds: Ints) -> Floats:
        """(draws,) of labels shuffled within strata."""
        labels = permuted_members(members=who.members, strata=who.strata, draws=draws, seeds=seeds)
        return np.concatenate(
            side_by_side(lambda at: self.squares(labels[at : at + _CHUNK]), range(0, draws, _CHUNK))
        )

    def noise(self, who: Compared, draws: int, seeds: Ints) -> Noise:
        """Draw the viewers of each side anew: how far do the means move, and which way?"""
        sides = [self.rows[side] - self.rows[side].mean(axis=0) for side in who.sides]
        difference = self.rows[who.members].mean(axis=0) - self.rows[~who.members].mean(axis=0)
        drawn = bootstrap_weights(members=who.members, draws=draws, seeds=seeds)
        ways = np.column_stack([_unit(difference), _widest(sides)])
        along, around = np.zeros((draws, 2)), np.zeros(draws)
        offset = sum(np.square(rows).sum() / len(rows) / (len(rows) - 1) for rows in sides)

        def draw(at: int) -> None:
            part = slice(at, at + _CHUNK)
            moved = np.zeros((len(around[part]), self.rows.shape[1]))
            for rows, weights, sign in zip(sides, drawn, (1.0, -1.0), strict=True):
                shift = (weights[part] - 1 / len(rows)) * np.sqrt(len(rows) / (len(rows) - 1))
                moved += sign * shift @ rows
                # A viewer's own square is in the variance that was removed.
                around[part] -= shift**2 @ np.einsum("na,na->n", rows, rows)
            along[part] = moved @ ways
            around[part] += np.einsum("ba,ba->b", moved, moved)

        side_by_side(draw, range(0, draws, _CHUNK))
        return Noise(along[:, 0], along[:, 1], around - around.mean(), float(offset), who.viewers)


def _widest(sides: list[Floats]) -> Floats:
    """Find the direction in which the difference of the means varies most, by power iteration."""
    # Any direction to begin with will do. It is about artworks, so no viewer's number is in it.
    vector = _unit(np.random.default_rng(0).normal(size=sides[0].shape[1:]))
    for _ in range(_STEPS):
        step = np.zeros_like(vector)
        for rows in sides:
            step += rows.T @ (rows @ vector) / len(rows) ** 2
        vector = _unit(step)
    return vector


def _unit(vector: Floats) -> Floats:
    length = float(np.linalg.norm(vector))
    return vector / length if length > 0 else np.zeros_like(vector)
