"""An attack's interval covers what its learner would find with other viewers to learn from."""

from dataclasses import replace

import numpy as np

from audits.metrics.attack import attack
from audits.metrics.effort import QUICK, Attacker
from tests.audits.metrics.worlds import halves, one_stratum

EFFORT = replace(QUICK, shuffles=60, draws=200)


def covers(seed):
    """Whether the interval holds one half where the features say nothing of the group."""
    rng = np.random.default_rng(seed)
    found = attack(
        features=rng.normal(size=(80, 6)),
        contrast=halves(80),
        strata=one_stratum(80),
        attacker=Attacker.LINEAR,
        seeds=rng.integers(2**53, size=80),
        effort=EFFORT,
    ).measurement
    return found.interval.low <= 0.5 <= found.interval.high


def test_the_interval_covers_one_half_as_often_as_it_says():
    assert 0.9 <= np.mean([covers(seed) for seed in range(150)]) <= 0.99
