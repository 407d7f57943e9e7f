"""The people in the artworks that a policy shows: one number a viewer, given somebody, or plain.

*Given somebody*: a title's probabilities are renormalised over the artworks that depict somebody.
*Plain*: they are taken as they are, and an artwork that depicts nobody counts 0.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from audits.metrics.refusals import (
    Bools,
    Floats,
    NotMeasurable,
    booleans,
    floats,
    integers,
    probabilities,
    title_starts,
    title_varies,
)

_NOTHING = 1e-12  # a probability that counts as none
SAME_GIVEN = (
    "Within each title, the artworks that depict somebody have the same value, so that no choice "
    "among them could have changed the number."
)
SAME_PLAIN = (
    "Within each title, all artworks have the same value, so that no choice among them could have "
    "changed the number."
)


@dataclass(frozen=True, eq=False)
class PerViewer:
    """One number for each viewer of the panel.

    Attributes:
        values: (V,) the numbers; 0 where `counted` is False.
        counted: (V,) True for a viewer with data.
        settled: why the numbers could not have been others whatever the policy, in words; empty
            if they could.
    """

    values: Floats
    counted: Bools
    settled: str = ""


class Depicting:
    """The checked probabilities of a slate on which somebody is depicted.

    Args:
        exposure: (V, A) the policy's probabilities; they add up to 1 over each title.
        titles: (A,) each artwork's title; a title's artworks lie next to each other.
        depicts: (A,) True where somebody is depicted.

    Raises:
        CannotMeasure: by the argument's name; NotMeasurable if nobody is depicted.
    """

    def __init__(self, exposure: ArrayLike, titles: ArrayLike, depicts: ArrayLike) -> None:
        self.titles = integers("titles", titles, shape=(None,))
        self.shown = probabilities("exposure", exposure, titles=self.titles)
        self.starts = title_starts("titles", self.titles)
        self.depicts = booleans("prominence", depicts, shape=self.titles.shape)
        if not self.depicts.any():
            raise NotMeasurable("prominence", "has no artwork that depicts anybody")
        self.has_people = np.add.reduceat(self.depicts.astype(np.int64), self.starts) > 0

    def given(self, values: Floats) -> PerViewer:
        """(V,) mean over titles of the expected value (A,), given that somebody is depicted."""
        numbers = self._checked(values)
        mass = np.add.reduceat(self.shown * self.depicts, self.starts, axis=1)
        # A title whose every picture of a person has probability 0 for a viewer is no evidence.
        usable = self.has_people & (mass > _NOTHING)
        total = np.add.reduceat(self.shown * numbers, self.starts, axis=1)
        expected = np.divide(total, mass, out=np.zeros_like(total), where=usable)
        titles = usable.sum(axis=1)
        means: Floats = expected.sum(axis=1) / np.maximum(titles, 1)
        varies = title_varies(self.titles, numbers, self.depicts)
        return PerViewer(means, titles > 0, "" if varies else SAME_GIVEN)

    def plain(self, values: Floats) -> PerViewer:
        """(V,) mean over the titles with people of the expected value (A,), 0 for nobody."""
        numbers = self._checked(values)
        means: Floats = self.shown @ numbers / int(self.has_people.sum())
        everybody = np.ones(len(means), dtype=np.bool_)
        varies = title_varies(self.titles, numbers)
        return PerViewer(means, everybody, "" if varies else SAME_PLAIN)

    def of_nobody(self) -> Floats:
        """(V,) the share of each viewer's exposure that depicts nobody."""
        share: Floats = self.shown[:, ~self.depicts].sum(axis=1) / len(self.starts)
        return share

    def _checked(self, values: Floats) -> Floats:
        return floats("prominence", values, shape=self.depicts.shape) * self.depicts
