"""Shuffles and draws follow the viewer: who leaves changes hardly anything for the others."""

import numpy as np
import pytest

from audits.metrics.attack import attack
from audits.metrics.effort import Attacker, Effort
from audits.metrics.resampling import bootstrap_counts, permuted_members
from tests.audits.metrics.worlds import contrast, seeds

VIEWERS = 400
SEEDS = seeds(VIEWERS)
MEMBERS = np.random.default_rng(1).random(VIEWERS) < 0.3
STRATA = np.arange(VIEWERS) % 3
GONE = np.array([11, 150, 302])
KEPT = np.setdiff1d(np.arange(VIEWERS), GONE)


def labels(kept=slice(None)):
    return permuted_members(
        members=MEMBERS[kept], strata=STRATA[kept], draws=300, seeds=SEEDS[kept]
    )


def test_a_departure_changes_one_other_label_of_the_stratum_at_most():
    changed = (labels(KEPT) != labels()[:, KEPT]).sum(axis=1)
    assert changed.max() <= len(GONE)
    assert 0 < changed.mean() < len(GONE)


def test_a_viewer_is_drawn_as_often_whoever_else_is_there():
    before, after = (
        bootstrap_counts(seeds=SEEDS, draws=50),
        bootstrap_counts(seeds=SEEDS[KEPT], draws=50),
    )
    ratio = after / np.where(before[:, KEPT] > 0, before[:, KEPT], np.nan)
    assert np.nanmax(ratio, axis=1) == pytest.approx(np.nanmin(ratio, axis=1))
    assert ((after > 0) == (before[:, KEPT] > 0)).all()


def test_draws_vary_as_draws_with_replacement_do():
    """The mean of n values has the spread s/√n, so that intervals are as wide as they should be."""
    values = np.random.default_rng(4).normal(size=VIEWERS)
    means = bootstrap_counts(seeds=SEEDS, draws=4_000) @ values / VIEWERS
    assert means.std() == pytest.approx(values.std() / np.sqrt(VIEWERS), rel=0.05)
    assert means.mean() == pytest.approx(values.mean(), abs=0.005)


def test_a_draw_of_nobody_counts_everybody_once():
    counts = bootstrap_counts(seeds=SEEDS[:1], draws=100)
    assert (counts == 1).all()


@pytest.mark.parametrize("attacker", Attacker)
@pytest.mark.parametrize("limit", [VIEWERS, 300])
def test_an_attack_moves_little_when_three_leave(attacker, limit):
    """Of 400 viewers, or of a sample of 300 of them. Split anew, it moves by several hundredths."""
    effort = Effort(repeats=1, shuffles=199, boosted_repeats=1, boosted_shuffles=49, viewers=limit)
    features = np.random.default_rng(5).normal(size=(VIEWERS, 40))
    features[MEMBERS, :3] += 0.6
    features *= 0.85 ** np.arange(40)  # components of different size, as of real taste
    before, after = (
        attack(
            features=features[kept],
            contrast=contrast(MEMBERS[kept]),
            strata=STRATA[kept],
            attacker=attacker,
            seeds=SEEDS[kept],
            effort=effort,
        ).measurement
        for kept in (np.arange(VIEWERS), KEPT)
    )
    assert after.estimate == pytest.approx(before.estimate, abs=0.02)
    assert after.null.mean == pytest.approx(before.null.mean, abs=0.005)
    assert after.interval.low == pytest.approx(before.interval.low, abs=0.02)
