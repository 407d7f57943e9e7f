"""What a run's page says of a number in words."""

import pytest

from audits.admin.sentences import sentence
from audits.models import Statistic

LIFT = {
    "name": "lift_difference", "attribute": "gender", "group": "man", "estimate": -0.0123,
    "low": -0.02, "high": -0.0046, "margin": 0.01, "verdict": "insufficient evidence",
}  # fmt: skip


def said(**changes):
    return sentence(Statistic(**LIFT | changes))


def test_it_says_the_number_its_interval_and_what_follows():
    assert said() == (
        "Man (gender): the lift over even draws is 0.0123 lower than for everybody else who "
        "declared (95 % interval −0.0200 to −0.0046). The evidence is insufficient for the "
        "margin of 0.01."
    )
    assert "0.0123 higher" in said(estimate=0.0123)
    assert said(verdict="outside margin").endswith("outside the margin of 0.01.")
    assert said(verdict="within margin", high=0.01).endswith("within the margin of 0.01.")


def test_it_tells_a_small_difference_from_none():
    words = said(verdict="within margin", low=-0.009, high=-0.001)
    assert words.endswith("There is a difference, and it is smaller than the margin.")
    assert "There is" not in said(verdict="within margin", low=-0.009, high=0.001)


def test_it_says_how_well_the_group_is_told_from_a_coin_toss():
    leak = {"name": "leakage_auc", "margin": 0.05}
    words = said(**leak, estimate=0.52, low=0.505, high=0.545, verdict="within margin")
    assert "with an AUC of 0.5200, where one half is a coin toss" in words
    assert "(95 % interval 0.5050 to 0.5450)" in words and words.endswith("than the margin.")


def test_it_says_how_far_apart_what_is_shown_lies():
    words = said(name="exposure_distance", estimate=0.14, margin=0.05, verdict="outside margin")
    assert "is 0.1400 above what chance gives" in words


def test_it_says_a_sides_own_lift():
    beside = {"against": "woman"}
    one = {"margin": None, "verdict": "descriptive", "group": "rest", "detail": beside}
    words = said(name="lift", **one)
    assert words.startswith("All others than “Woman” (gender): the model earns 0.0123 fewer")
    assert words.endswith("−0.0046).")


@pytest.mark.parametrize("changes", [{"estimate": None}, {"name": "group"}])
def test_it_says_nothing_without_a_number_or_words(changes):
    assert said(**changes) == ""


def test_it_says_that_there_is_no_interval():
    assert "(no interval: too few viewers)" in said(low=None, high=None)


def test_it_says_what_the_data_cannot_show():
    words = said(name="prominence_event", verdict="not measurable here", detail={"why": "Because."})
    assert words == "Man (gender): not measurable here. Because."


def test_it_counts_the_titles_that_differ_among_all_that_were_tested():
    titles = [{"adjusted_p": p} for p in (0.01, 0.05, 0.2, None)]
    words = said(name="exposure_difference", detail={"titles": titles})
    assert words.startswith("Man (gender): 2 of 3 titles are shown by other pictures")
    assert said(name="exposure_difference", detail={}) == ""
