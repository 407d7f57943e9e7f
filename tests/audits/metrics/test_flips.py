"""Counterfactual flips: what changes in a viewer's pictures, against the placebo."""

import numpy as np
import pytest

from audits.metrics.flips import Changes, changes, flip_effect
from audits.metrics.refusals import CannotMeasure
from tests.audits.metrics.worlds import seeds


def test_flips_and_variation_by_hand():
    before = [[0.6, 0.4, 0.2, 0.8], [0.5, 0.5, 0.3, 0.7]]
    after = [[0.4, 0.6, 0.1, 0.9], [0.5, 0.5, 0.8, 0.2]]
    found = changes(before=before, after=after, titles=[1, 1, 2, 2], weights=[3, 1])
    assert found.flips == pytest.approx([0.75, 0.25])  # of two that are as likely, the first counts
    assert found.variation == pytest.approx([0.75 * 0.2 + 0.25 * 0.1, 0.25 * 0.5])


def test_a_class_that_matters_shows_and_one_that_does_not_does_not():
    rng = np.random.default_rng(0)
    any_swap = rng.beta(2, 8, 300)
    placebo = Changes(any_swap, any_swap)
    noise = rng.normal(0, 0.05, 300)
    none = flip_effect(
        swapped=Changes(any_swap + noise, any_swap), placebo=placebo, seeds=seeds(300)
    )
    assert none.effect.p > 0.05 and abs(none.effect.estimate) < 0.02
    more = flip_effect(
        swapped=Changes(any_swap + 0.1, any_swap + 0.05), placebo=placebo, seeds=seeds(300)
    )
    assert more.effect.estimate == pytest.approx(0.1)
    assert more.effect.verdict(margin=0.02) == "outside margin"
    assert more.rates[0] - more.rates[1] == pytest.approx(0.1)
    assert more.variation.estimate == pytest.approx(0.05)


def test_viewers_are_paired():
    """Viewers who differ much from each other hide no effect that each of them shows."""
    base = np.random.default_rng(0).random(60)
    found = flip_effect(
        swapped=Changes(base + 0.01, base), placebo=Changes(base, base), seeds=seeds(60)
    )
    assert found.effect.p < 0.01


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("after", {"after": [[0.5, 0.5]] * 2}),
        ("after", {"after": [[0.5, 0.6]]}),
        ("before", {"before": [[0.5, float("nan")]]}),
        ("weights", {"weights": [-1.0]}),
        ("titles", {"titles": np.empty(0, int)}),
    ],
)
def test_it_refuses_by_name(field, change):
    good = {"before": [[0.5, 0.5]], "after": [[0.5, 0.5]], "titles": [1, 1]}
    if field == "titles":
        good |= {"before": np.empty((1, 0)), "after": np.empty((1, 0))}
    with pytest.raises(CannotMeasure) as caught:
        changes(**good | change)
    assert caught.value.field == field


def test_it_refuses_arms_of_other_viewers():
    with pytest.raises(CannotMeasure, match="placebo"):
        flip_effect(
            swapped=Changes(np.zeros(3), np.zeros(3)),
            placebo=Changes(np.zeros(2), np.zeros(2)),
            seeds=seeds(3),
        )
