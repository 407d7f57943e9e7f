"""What a re-fit costs: the statistics of a million decisions, and the fit for 5,000 artworks.

The floor of the statistics is reading the same bytes once: no reduction does with less.
"""

import numpy as np

from benchmarks.results import Report, Result, best_seconds
from benchmarks.worlds import CONTEXT, FEATURES, decisions, table
from personalization.bandit.fit import fit
from personalization.bandit.spec import Spec
from personalization.bandit.statistics import reduce

DECISIONS, ARTWORKS, PER_TITLE = 1_000_000, 5_000, 6


def run() -> Report:
    shown, rows, rewards = decisions(DECISIONS, ARTWORKS, seed=1)
    reducing = best_seconds(
        lambda: reduce(artwork_ids=shown, rows=rows, rewards=rewards), repeats=2
    )
    reading = best_seconds(lambda: np.add.reduce(rows, axis=None))
    statistics = reduce(artwork_ids=shown, rows=rows, rewards=rewards)
    catalogue = table(ARTWORKS, per_title=PER_TITLE, seed=2)
    spec = Spec(context=CONTEXT, artwork_features=FEATURES)
    fitting = best_seconds(
        lambda: fit(statistics, catalogue, spec, manifest="benchmark"), repeats=1
    )
    width = rows.shape[1]
    return Report(
        "train",
        [
            Result("statistics of a million decisions", reducing, "s", peer=reading),
            Result("decisions reduced a second", DECISIONS / reducing, "decisions/s"),
            Result("bytes read a second", rows.nbytes / reducing / 1e9, "GB/s"),
            Result("multiply-adds a second", DECISIONS * width**2 / reducing / 1e9, "G/s"),
            Result("fit of 5,000 artworks with its empirical Bayes", fitting, "s"),
        ],
    )
