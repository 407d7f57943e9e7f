"""Measure 4: does the class of the leads in a history change a viewer's pictures?

F is how often the most likely artwork of a title changes once some titles of the history are
replaced by matches whose lead is of another class; F₀, the placebo, once the same titles are
replaced by matches of the same class.  What is measured is F − F₀.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from audits.metrics.measurement import Measurement
from audits.metrics.paired import Shared, paired_effect
from audits.metrics.refusals import (
    CannotMeasure,
    Floats,
    Ints,
    floats,
    integers,
    probabilities,
    title_starts,
)
from audits.metrics.resampling import BOOTSTRAP_DRAWS, PERMUTATIONS


@dataclass(frozen=True, eq=False)
class Changes:
    """How much two sets of probabilities differ, for each of V viewers.

    Attributes:
        flips: (V,) the weighted share of titles whose most likely artwork differs.
        variation: (V,) the weighted mean of the titles' total variation.
    """

    flips: Floats
    variation: Floats


@dataclass(frozen=True)
class FlipEffect:
    """The effect of the leads' class, over and above that of any swap.

    Attributes:
        effect: F − F₀.
        rates: F and F₀.
        variation: the same difference in total variation.
        variations: the two total variations.
    """

    effect: Measurement
    rates: tuple[float, float]
    variation: Measurement
    variations: tuple[float, float]


def changes(
    *, before: ArrayLike, after: ArrayLike, titles: ArrayLike, weights: ArrayLike | None = None
) -> Changes:
    """Compare the probabilities that viewers get before and after a change of their histories.

    Args:
        before, after: (V, A) the policy's probabilities; they add up to 1 over each title.
        titles: (A,) each artwork's title; a title's artworks lie next to each other.
        weights: (T,) of each title in the order of `titles`, 0 or more; they are scaled to add up
            to 1 (default: equal).

    Returns:
        How often the most likely artwork changes, and the total variation, by viewer.  Of several
        artworks that are most likely, the first counts.

    Raises:
        CannotMeasure: by the argument's name.
    """
    names = integers("titles", titles, shape=(None,))
    old = probabilities("before", before, titles=names)
    new = probabilities("after", after, titles=names)
    if len(old) != len(new):
        raise CannotMeasure("after", f"is about {len(new)} viewers, not {len(old)}")
    starts = title_starts("titles", names)
    share = _shares(weights, len(starts))
    flipped = _most_likely(old, starts) != _most_likely(new, starts)
    variation = np.add.reduceat(np.abs(old - new), starts, axis=1) / 2
    return Changes(flips=flipped @ share, variation=variation @ share)


def flip_effect(
    *,
    swapped: Changes,
    placebo: Changes,
    seeds: ArrayLike,
    permutations: int = PERMUTATIONS,
    draws: int = BOOTSTRAP_DRAWS,
    replaced: Shared | None = None,
) -> FlipEffect:
    """Compare swaps that change the leads' class with swaps that do not, of the same viewers.

    Args:
        swapped: of V viewers, once leads are of another class.
        placebo: of the same viewers, once leads are other people of the same class.
        seeds: (V,) one whole number a viewer, 0 or more; flips and draws follow from it.
        permutations: how often the signs are flipped, at least 1.
        draws: how often the viewers are drawn anew, at least 1.
        replaced: the titles that were replaced in each viewer's history.  Without it the test takes
            them as given, and what sets a few titles apart may be read as their class.

    Returns:
        F − F₀ in [-1, 1], positive where the class matters, with a two-sided p-value by sign flips
        paired by viewer, and by title; and the same of the total variation.

    Raises:
        CannotMeasure: by the argument's name; no viewer.
    """
    found = []
    for name in ("flips", "variation"):
        ours = floats("swapped", getattr(swapped, name), shape=(None,))
        theirs = floats("placebo", getattr(placebo, name), shape=ours.shape)
        effect = paired_effect(
            differences=ours - theirs,
            seeds=seeds,
            permutations=permutations,
            draws=draws,
            shared=replaced,
        )
        found.append((effect, (float(ours.mean()), float(theirs.mean()))))
    (effect, rates), (variation, variations) = found
    return FlipEffect(effect, rates, variation, variations)


def _shares(weights: ArrayLike | None, count: int) -> Floats:
    given = np.ones(count) if weights is None else floats("weights", weights, shape=(count,))
    if (given < 0).any() or given.sum() <= 0:
        raise CannotMeasure("weights", "must not be negative, nor all zero")
    share: Floats = given / given.sum()
    return share


def _most_likely(shown: Floats, starts: Ints) -> Ints:
    """(V, T) the place of each title's most likely artwork, the first of several."""
    lengths = np.diff(np.r_[starts, shown.shape[1]])
    best = np.repeat(np.maximum.reduceat(shown, starts, axis=1), lengths, axis=1)
    places = np.where(shown >= best, np.arange(shown.shape[1]), shown.shape[1])
    return np.minimum.reduceat(places, starts, axis=1).astype(np.int64)
