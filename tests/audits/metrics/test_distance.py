import numpy as np
import pytest

from audits.metrics.distance import exposure_distance
from audits.metrics.refusals import CannotMeasure
from tests.audits.metrics.worlds import contrast, drawn, halves, one_stratum, panel, resampling

MARGIN = 0.05
# The first artwork's added logit that moves panel() to a true distance of the margin.
AT_MARGIN = 0.3145


def measure(shown, titles, who, *, weights=None, **options):
    how = resampling(one_stratum(len(shown)), **({"permutations": 99, "draws": 200} | options))
    return exposure_distance(
        exposure=shown, titles=titles, contrast=who, resampling=how, weights=weights
    )


def many(count, **world):
    """Measure `count` worlds that differ by their seed."""
    return [
        measure(*panel(**world, seed=seed), seed=seed, permutations=19).overall
        for seed in range(count)
    ]


def test_it_is_the_squared_distance_less_its_variance_by_hand():
    # Means .7 and .2; each side varies by .02 on both artworks, which two viewers halve.
    shown = [[0.8, 0.2], [0.6, 0.4], [0.3, 0.7], [0.1, 0.9]]
    found = measure(shown, [7, 7], contrast([1, 1, 0, 0]))
    assert found.overall.estimate == pytest.approx(np.sqrt(2 * 0.5**2 - 2 * 2 * 0.02 / 2))


def test_a_titles_weight_weighs_its_squares():
    shown = np.tile([[1.0, 0, 0.5, 0.5], [0.0, 1, 0.5, 0.5]], (40, 1))
    found = measure(shown, [1, 1, 2, 2], halves(80), weights=[1, 3])
    assert found.overall.estimate == pytest.approx(np.sqrt(2 / 4))


def test_an_estimate_below_chance_is_below_zero():
    shown = [[0.8, 0.2], [0.6, 0.4], [0.8, 0.2], [0.6, 0.4]]
    found = measure(shown, [1, 1], contrast([1, 1, 0, 0]))
    assert found.overall.estimate == pytest.approx(-np.sqrt(2 * 2 * 0.02 / 2))


@pytest.mark.parametrize("viewers", [80, 600])
def test_shuffled_labels_give_zero_on_average_whatever_the_number(viewers):
    shown, titles, who = drawn(viewers=viewers)
    found = measure(shown, titles, who, permutations=1999).overall
    squares = np.array([found.null.low, found.null.mean, found.null.high])
    assert abs(squares[1]) < 0.15 * squares[2]


class TestErrorRates:
    """Of 300 worlds, 5 in 100 is 15; 27 or more would come once in 500."""

    def test_without_a_difference_it_is_rarely_outside_and_mostly_within(self):
        found = many(300, viewers=400)
        verdicts = [one.verdict(margin=MARGIN) for one in found]
        assert verdicts.count("outside margin") <= 26
        assert verdicts.count("within margin") >= 240
        covered = sum(one.interval.low <= 0 <= one.interval.high for one in found)
        assert 272 <= covered <= 297

    def test_at_the_margin_it_is_rarely_within_or_outside(self):
        found = many(300, viewers=300, planted=AT_MARGIN)
        verdicts = [one.verdict(margin=MARGIN) for one in found]
        assert verdicts.count("within margin") <= 26
        assert verdicts.count("outside margin") <= 26
        covered = sum(one.interval.low <= MARGIN <= one.interval.high for one in found)
        assert 272 <= covered <= 297

    def test_far_beyond_the_margin_it_is_outside(self):
        found = many(40, viewers=300, planted=1.0)
        assert all(one.verdict(margin=MARGIN) == "outside margin" for one in found)
        assert all(one.p == 1 / 20 for one in found)


def test_the_planted_strength_is_the_margin():
    """Among very many viewers the estimate shows what panel() plants."""
    shown, titles, who = panel(viewers=40_000, planted=AT_MARGIN)
    found = measure(shown, titles, who, permutations=1, draws=1)
    assert found.overall.estimate == pytest.approx(MARGIN, rel=0.05)


def test_the_noisiest_policy_is_within_at_more_viewers():
    shown, titles, who = drawn(viewers=400)
    needed = measure(shown, titles, who).noise.viewers_needed(margin=MARGIN)
    assert 1_500 < needed.group < 3_500
    shown, titles, who = drawn(viewers=2 * needed.group)
    assert measure(shown, titles, who).overall.verdict(margin=MARGIN) == "within margin"


def test_constant_exposure_is_within():
    found = measure(np.full((80, 2), 0.5), [1, 1], halves(80))
    assert found.overall.estimate == 0.0
    assert found.overall.detectable is None
    assert found.overall.verdict(margin=MARGIN) == "within margin"
    assert found.noise.viewers_needed(margin=MARGIN).group == 30


@pytest.mark.parametrize("few", [1, 9, 10, 29])
def test_few_viewers_are_not_tested(few):
    shown, titles, _ = panel(viewers=60)
    found = measure(shown, titles, contrast(np.arange(60) < few))
    assert found.overall.p is None
    assert found.overall.verdict(margin=MARGIN) == "insufficient evidence"
    assert (found.noise is None) == (few == 1)


def test_few_viewers_are_told_how_many_it_takes():
    shown, titles, _ = panel(viewers=60)
    found = measure(shown, titles, contrast(np.arange(60) < 20))
    needed = found.noise.viewers_needed(margin=MARGIN)
    assert needed.group > 30 and needed.rest == pytest.approx(2 * needed.group, abs=2)


def test_forty_artworks_are_measured():
    shown, titles, who = panel(viewers=80, titles=2, artworks=40, planted=2.0)
    assert measure(shown, titles, who).overall.p == 1 / 100


def test_the_same_seed_gives_the_same_numbers():
    shown, titles, who = panel(viewers=90, planted=0.3)
    assert measure(shown, titles, who).overall == measure(shown, titles, who).overall
    assert measure(shown, titles, who).overall != measure(shown, titles, who, seed=4).overall


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("exposure", {"exposure": [[0.5, 0.6]] * 4}),
        ("exposure", {"exposure": [[float("nan"), 1.0]] * 4}),
        ("titles", {"titles": [1.0, 1.0]}),
        ("strata", {"resampling": resampling([0, 0])}),
        ("contrast", {"contrast": contrast([1, 1, 1, 1])}),
        ("weights", {"weights": [-1.0]}),
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
        exposure_distance(**(good | change))
    assert caught.value.field == field
