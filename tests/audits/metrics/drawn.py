"""Arguments of measures as Hypothesis draws them: most of the time they fit together."""

import math

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from audits.metrics import attack, prominence, resampling
from audits.metrics.groups import Contrast

# Numbers that people have, and numbers that break sums, squares and shares.
NUMBERS = st.one_of(
    st.floats(0, 1),
    st.sampled_from([0.0, -0.0, -1.0, 1e-320, 1e-300, 1e-12, 1e12, 1e40, -1e50, 1e300]),
    st.sampled_from([math.nan, math.inf, -math.inf]),
)
POSITIVE = st.one_of(st.floats(0, 1), st.sampled_from([0.0, 1e-320, 1e-13, 1.0, 1e6, 1e50]))
COUNTS = st.one_of(st.integers(-1, 3), st.sampled_from([0, 50, 2**31, 2**62]))
SEED = st.integers(-1, 5)
EFFORT = attack.Effort(
    repeats=1,
    shuffles=3,
    boosted_repeats=1,
    boosted_shuffles=3,
    viewers=80,
    folds=3,
    boosted_components=3,
    rounds=2,
    draws=5,
)


class World:
    """Arguments that fit together most of the time, of few viewers or enough for a test."""

    def __init__(self, data):
        self.data = data
        self.viewers = data.draw(st.sampled_from([1, 2, 7, 62, 70]))
        self.titles = np.repeat([3, 1], [2, data.draw(st.integers(1, 3))])
        self.artworks = len(self.titles)

    def draw(self, strategy):
        return self.data.draw(strategy)

    def numbers(self, *shape, of=NUMBERS):
        """Return an array: a few drawn rows, repeated, so that large ones are drawn quickly."""
        rows = self.draw(arrays(float, (min(shape[0], 3), *shape[1:]), elements=of))
        return np.resize(rows, shape) if rows.size else np.zeros(shape)

    def ints(self, size, of=COUNTS):
        drawn = self.draw(st.lists(of, min_size=1, max_size=3))
        return np.resize(np.array(drawn, dtype=np.int64), size)

    def bools(self, *shape):
        return np.random.default_rng(self.draw(st.integers(0, 9))).random(shape) < 0.5

    def probabilities(self):
        weights = self.numbers(self.viewers, self.artworks, of=st.floats(0, 1)) + 1e-3
        for title in np.unique(self.titles):
            here = self.titles == title
            weights[:, here] /= weights[:, here].sum(axis=1, keepdims=True)
        return weights if self.draw(st.booleans()) else weights.round()

    @property
    def contrast(self):
        declared = self.bools(self.viewers) | self.draw(st.booleans())
        return Contrast("gender", "a", (np.arange(self.viewers) % 2 == 0) & declared, declared)

    @property
    def strata(self):
        return self.ints(self.viewers, st.integers(-1, 2))

    @property
    def how(self):
        return resampling.Resampling(self.strata, self.ints(self.viewers, SEED), 5, 5)

    @property
    def told(self):
        strata, seeds = self.strata, self.seeds
        return {"contrast": self.contrast, "strata": strata, "seeds": seeds, "effort": EFFORT}

    @property
    def seeds(self):
        return self.ints(self.viewers, st.integers(0, 5))

    @property
    def slate(self):
        return {"titles": self.titles, "contrast": self.contrast, "resampling": self.how}

    @property
    def people(self):
        size = self.draw(st.integers(0, 3))
        return {
            "artworks": self.artworks,
            "artwork": self.ints(size, st.integers(0, self.artworks - 1)),
        }, size

    @property
    def prominence(self):
        where, size = self.people
        return prominence.artwork_prominence(
            **where,
            share=self.numbers(size, of=st.floats(0, 1)),
            billing=self.ints(size, st.sampled_from([1, 4, 2**63 - 1])),
        )

    def matrices(self):
        rows, columns = self.draw(st.integers(0, 6)), self.draw(st.integers(0, 3))
        return {
            "train": self.numbers(rows, columns),
            "test": self.numbers(2, columns),
            "labels": self.bools(rows, 2),
        }
