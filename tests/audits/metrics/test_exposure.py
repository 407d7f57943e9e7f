import numpy as np
import pytest

from audits.metrics.exposure import (
    depicted_difference,
    exposure_difference,
    logged_exposure_difference,
)
from audits.metrics.refusals import CannotMeasure
from tests.audits.metrics.worlds import contrast, drawn, halves, one_stratum, panel, resampling

FAST = {"permutations": 199, "draws": 100}


def measure(shown, titles, who, *, weights=None, **options):
    how = resampling(one_stratum(len(shown)), **(FAST | options))
    return exposure_difference(
        exposure=shown, titles=titles, contrast=who, resampling=how, weights=weights
    )


def test_it_is_the_weighted_total_variation_by_hand():
    shown = [[0.8, 0.2, 0.5, 0.5], [0.6, 0.4, 0.5, 0.5], [0.3, 0.7, 0.5, 0.5], [0.1, 0.9, 0.5, 0.5]]
    found = measure(shown, [7, 7, 9, 9], contrast([1, 1, 0, 0]), weights=[3, 1])
    assert [one.title for one in found.titles] == [7, 9]
    assert [one.estimate for one in found.titles] == pytest.approx([0.5, 0.0])
    assert found.overall.estimate == pytest.approx(0.375)


def test_few_viewers_are_not_tested():
    found = measure([[1.0, 0.0], [0.0, 1.0]], [1, 1], contrast([1, 0]))
    assert found.overall.estimate == 1.0
    assert found.overall.p is None
    assert found.titles[0].p is None
    assert found.overall.verdict(margin=0.9) == "insufficient evidence"


@pytest.mark.parametrize(("a_group", "mean"), [(30, 0.20), (100, 0.11), (1000, 0.035)])
def test_the_null_mean_shows_the_bias_of_small_samples(a_group, mean):
    shown, titles, who = drawn(viewers=2 * a_group)
    found = measure(shown, titles, who).overall
    assert found.null.mean == pytest.approx(mean, rel=0.15)
    assert found.excess == pytest.approx(found.estimate - found.null.mean)


def test_it_detects_a_planted_difference_and_names_the_title():
    shown, titles, who = panel(viewers=200, planted=0.0, seed=3)
    other, _, _ = panel(viewers=200, planted=1.0, seed=3)
    shown[:, :5] = other[:, :5]
    found = measure(shown, titles, who)
    assert found.overall.p == pytest.approx(1 / 200)
    assert [one.adjusted_p < 0.05 for one in found.titles] == [True, False, False, False]
    assert found.overall.interval.low > found.overall.null.mean


def test_a_true_null_is_rejected_about_five_times_in_a_hundred():
    rejected = 0
    for seed in range(300):
        shown, titles, who = panel(viewers=80, titles=1, artworks=3, seed=seed)
        found = measure(shown, titles, who, permutations=99, draws=2, seed=seed)
        rejected += found.overall.p <= 0.05
    assert 4 <= rejected <= 28  # five in a hundred, within 99.9 % of chance


def test_repeated_impressions_of_one_viewer_are_no_evidence():
    """Fifty impressions a viewer would make an impression-level test reject most true nulls."""
    rejected = 0
    for seed in range(100):
        rng = np.random.default_rng(seed)
        seen = np.zeros((80, 2))
        favourite = rng.integers(0, 2, 80)
        seen[np.arange(80), favourite] = 50
        found = logged_exposure_difference(
            impressions=seen,
            titles=[1, 1],
            contrast=halves(80),
            resampling=resampling(one_stratum(80), permutations=99, draws=2),
        )
        rejected += found.overall.p <= 0.05
    assert rejected <= 13


def test_a_difference_between_histories_alone_is_not_charged_to_the_group():
    """Members watch more, and long histories see another artwork: strata leave nothing of it."""
    rng = np.random.default_rng(4)
    strata = np.repeat([0, 1], 150)
    members = rng.random(300) < np.where(strata == 1, 0.8, 0.2)
    chance = np.where(strata == 1, 0.9, 0.1) + rng.normal(0, 0.01, 300)
    shown = np.column_stack([chance, 1 - chance])
    arguments = {"exposure": shown, "titles": [1, 1], "contrast": contrast(members)}
    found = exposure_difference(**arguments, resampling=resampling(strata, **FAST)).overall
    naive = exposure_difference(
        **arguments, resampling=resampling(one_stratum(300), **FAST)
    ).overall
    assert naive.p < 0.01
    assert found.p > 0.05
    assert found.excess == pytest.approx(0, abs=0.02)


def test_undeclared_viewers_change_nothing():
    shown, titles, who = panel(viewers=100, planted=0.5)
    more = np.vstack([shown, np.tile([1, 0, 0, 0, 0], (40, 4))])
    declared = np.arange(140) < 100
    wider = contrast(np.r_[who.members, np.ones(40, bool)], declared)
    alone, beside = measure(shown, titles, who), measure(more, titles, wider)
    assert beside.overall.estimate == pytest.approx(alone.overall.estimate)
    assert beside.overall.p == alone.overall.p
    assert beside.overall.viewers.undeclared == 40


def test_both_ends_of_the_interval_lie_on_the_estimates_own_scale():
    shown, titles, who = drawn(viewers=80)
    found = measure(shown, titles, who, draws=2000).overall
    below, above = found.estimate - found.interval.low, found.interval.high - found.estimate
    assert below == pytest.approx(above, rel=0.25)


def test_the_same_seed_gives_the_same_numbers():
    shown, titles, who = panel(viewers=90, planted=0.3)
    assert measure(shown, titles, who) == measure(shown, titles, who)
    assert measure(shown, titles, who).overall != measure(shown, titles, who, seed=4).overall


def test_the_signed_difference_by_hand():
    shown = np.tile([[0.8, 0.2], [0.3, 0.7]], (60, 1))
    found = depicted_difference(
        exposure=shown,
        titles=[1, 1],
        depicted_share=[1.0, 0.0],
        contrast=halves(120),
        resampling=resampling(one_stratum(120)),
    )
    assert found.estimate == pytest.approx(0.5)
    assert found.p == pytest.approx(1 / 200)


def test_a_class_that_every_picture_of_a_title_shows_alike_is_not_measurable():
    found = depicted_difference(
        exposure=np.tile([[0.8, 0.2], [0.3, 0.7]], (60, 1)),
        titles=[1, 1],
        depicted_share=[0.5, 0.5],
        contrast=halves(120),
        resampling=resampling(one_stratum(120)),
    )
    assert found.verdict(margin=0.02) == "not measurable here"
    assert (found.estimate, found.p) == (0.0, None)


def test_what_was_never_shown_to_one_side_is_no_difference():
    seen = np.zeros((80, 4))
    seen[::2, :2] = [3, 1]
    seen[:, 2:] = [1, 1]
    found = logged_exposure_difference(
        impressions=seen,
        titles=[1, 1, 2, 2],
        contrast=halves(80),
        resampling=resampling(one_stratum(80)),
    )
    assert found.overall.estimate == 0.0


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("exposure", {"exposure": [[0.5, 0.6]] * 4}),
        ("exposure", {"exposure": [[float("nan"), 1.0]] * 4}),
        ("exposure", {"exposure": [[1.5, -0.5]] * 4}),
        ("exposure", {"exposure": [[1.0]] * 4}),
        ("titles", {"titles": [1.0, 1.0]}),
        ("strata", {"resampling": resampling([0, 0])}),
        ("contrast", {"contrast": contrast([1, 0])}),
        ("contrast", {"contrast": contrast([1, 1, 1, 1])}),
        ("weights", {"weights": [-1.0]}),
        ("weights", {"weights": [1.0, 1.0]}),
    ],
)
def test_it_refuses_by_the_arguments_name(field, change):
    good = {
        "exposure": [[0.5, 0.5]] * 4,
        "titles": [1, 1],
        "contrast": contrast([1, 1, 0, 0]),
        "resampling": resampling([0, 0, 0, 0]),
    }
    with pytest.raises(CannotMeasure) as caught:
        exposure_difference(**(good | change))
    assert caught.value.field == field


def test_it_refuses_a_titles_artworks_that_lie_apart():
    with pytest.raises(CannotMeasure, match="titles"):
        measure([[0.5, 1.0, 0.5]] * 4, [1, 2, 1], contrast([1, 1, 0, 0]))
