import numpy as np
import pytest

from audits.metrics.prominence import (
    artwork_prominence,
    billing_shares,
    marginal_event,
    misrepresentation,
    prominence_gap,
)
from audits.metrics.refusals import CannotMeasure
from tests.audits.metrics.worlds import contrast, halves, one_stratum, resampling

# One title: the lead alone, the fifth-billed alone, nobody.
PROMINENCE = artwork_prominence(artworks=3, artwork=[0, 1], share=[0.6, 0.1], billing=[1, 5])


def measured(measure, shown, **options):
    return measure(
        exposure=shown,
        titles=[1, 1, 1],
        prominence=options.pop("prominence", PROMINENCE),
        contrast=halves(len(shown)),
        resampling=resampling(one_stratum(len(shown)), draws=500),
        **options,
    )


def gap(shown, **options):
    return measured(prominence_gap, shown, **options)


def event(shown, **options):
    return measured(marginal_event, shown, **options)


def test_billing_is_weighted_by_the_logarithm():
    shares = billing_shares(titles=[1, 1, 2], billing=[1, 3, 4])
    assert shares == pytest.approx([1 / 1.5, 0.5 / 1.5, 1.0])


def test_screen_time_replaces_billing_only_where_the_whole_cast_has_it():
    nan = float("nan")
    shares = billing_shares(
        titles=[1, 1, 2, 2], billing=[1, 3, 1, 3], screen_time=[0.2, 0.6, 0.9, nan]
    )
    assert shares == pytest.approx([0.25, 0.75, 1 / 1.5, 0.5 / 1.5])


def test_misrepresentation_is_what_the_depicted_do_not_cover():
    found = artwork_prominence(
        artworks=3, artwork=[0, 0, 1], share=[0.5, 0.3, 0.1], billing=[1, 2, 4]
    )
    assert found.misrepresentation[:2] == pytest.approx([0.2, 0.9])
    assert found.misrepresentation[2] == 1.0  # nobody depicted represents nobody
    assert found.marginal.tolist() == [False, True, False]
    assert found.depicts.tolist() == [True, True, False]


def test_third_billed_is_not_yet_marginal():
    found = artwork_prominence(artworks=2, artwork=[0, 1], share=[0.1, 0.1], billing=[3, 4])
    assert found.marginal.tolist() == [False, True]


def test_the_gap_by_hand_leaves_out_and_counts_artworks_of_nobody():
    shown = np.tile([[0.2, 0.2, 0.6], [0.5, 0.0, 0.5]], (40, 1))
    found = gap(shown)
    assert found.levels == pytest.approx((0.5 * 0.4 + 0.5 * 0.9, 0.4))
    assert found.gap.estimate == pytest.approx(0.25)
    assert found.left_out == 1
    assert found.left_out_exposure == pytest.approx((0.6, 0.5))
    assert found.gap.p == pytest.approx(1 / 200)


def test_the_event_by_hand():
    shown = np.tile([[0.2, 0.2, 0.6], [0.5, 0.0, 0.5]], (40, 1))
    found = event(shown)
    assert found.difference.estimate == pytest.approx(0.5)
    assert found.levels == pytest.approx((0.5, 0.0))


def test_a_viewers_own_number_is_what_the_gap_compares():
    shown = np.tile([[0.2, 0.2, 0.6], [0.5, 0.0, 0.5]], (40, 1))
    each = misrepresentation(exposure=shown, titles=[1, 1, 1], prominence=PROMINENCE)
    assert each.counted.all()
    assert each.values[:2] == pytest.approx(gap(shown).levels)


def test_crossed_with_a_depicted_class_the_event_asks_for_both():
    shown = np.tile([[0.2, 0.2, 0.6], [0.5, 0.0, 0.5]], (40, 1))
    of_class, of_others = [False, True, False], [True, False, False]
    assert event(shown, of_class=of_class).difference.estimate == pytest.approx(0.5)
    assert event(shown, of_class=of_others).difference.estimate == 0.0


def test_equal_groups_show_no_gap():
    rng = np.random.default_rng(2)
    found = gap(rng.dirichlet([2, 2, 2], size=400))
    assert found.gap.p > 0.05
    assert found.gap.interval.low < 0 < found.gap.interval.high
    assert found.gap.verdict(margin=0.1) == "within margin"


@pytest.mark.parametrize(
    ("field", "call"),
    [
        ("billing", lambda: billing_shares(titles=[1], billing=[0])),
        ("screen_time", lambda: billing_shares(titles=[1], billing=[1], screen_time=[2.0])),
        (
            "artwork",
            lambda: artwork_prominence(artworks=1, artwork=[1], share=[0.5], billing=[1]),
        ),
        (
            "share",
            lambda: artwork_prominence(
                artworks=1, artwork=[0, 0], share=[0.9, 0.9], billing=[1, 2]
            ),
        ),
        ("of_class", lambda: event(np.tile([0.2, 0.2, 0.6], (40, 1)), of_class=[1, 0, 0])),
        (
            "prominence",
            lambda: gap(
                np.tile([0.2, 0.2, 0.6], (40, 1)),
                prominence=artwork_prominence(
                    artworks=3, artwork=np.empty(0, int), share=[], billing=np.empty(0, int)
                ),
            ),
        ),
    ],
)
def test_it_refuses_by_the_arguments_name(field, call):
    with pytest.raises(CannotMeasure) as caught:
        call()
    assert caught.value.field == field


def test_it_refuses_a_side_without_viewers():
    with pytest.raises(CannotMeasure, match="contrast"):
        prominence_gap(
            exposure=[[0.2, 0.2, 0.6]] * 2,
            titles=[1, 1, 1],
            prominence=PROMINENCE,
            contrast=contrast([1, 1]),
            resampling=resampling([0, 0]),
        )


def test_the_plain_figure_counts_an_artwork_of_nobody_as_0():
    shown = np.tile([[0.2, 0.2, 0.6], [0.5, 0.0, 0.5]], (40, 1))
    found = gap(shown).plain
    assert found.levels == pytest.approx((0.2 * 0.4 + 0.2 * 0.9, 0.5 * 0.4))
    assert found.difference.estimate == pytest.approx(0.06)
    assert event(shown).plain.levels == pytest.approx((0.2, 0.0))


def test_an_event_that_no_picture_can_show_is_not_measurable():
    """Only the first three billed are ever drawn: the rate is 0 whatever the policy does."""
    drawn = artwork_prominence(artworks=3, artwork=[0, 1], share=[0.6, 0.1], billing=[1, 3])
    shown = np.random.default_rng(0).dirichlet([2, 2, 2], size=400)
    found = event(shown, prominence=drawn).difference
    assert (found.estimate, found.p, found.interval) == (0.0, None, None)
    assert found.verdict(margin=0.05) == "not measurable here"
    assert "no choice among them" in found.untested
    # The gap of the same pictures can be measured: they show more and less of the cast.
    assert gap(shown, prominence=drawn).gap.verdict(margin=0.2) == "within margin"


def test_one_picture_of_people_a_title_leaves_no_gap_to_measure():
    """Given that somebody is depicted there is no choice; how often somebody is, there is."""
    lead = artwork_prominence(artworks=3, artwork=[0], share=[0.6], billing=[1])
    shown = np.tile([[0.2, 0.2, 0.6], [0.5, 0.0, 0.5]], (40, 1))
    found = gap(shown, prominence=lead)
    assert found.gap.verdict(margin=0.02) == "not measurable here"
    assert found.plain.difference.estimate == pytest.approx((0.2 - 0.5) * 0.4)
