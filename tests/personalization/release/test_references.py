"""The condition on the models that served lately, as a pure function of an evaluation."""

import copy
from dataclasses import replace

import pytest

from personalization.evaluation.report import Evaluation, EvaluationMalformed
from personalization.release.conditions import ConditionState
from personalization.release.references import bounded, reference_condition
from tests.personalization.factories import BOUNDS, EVALUATION, reference

KEPT, BROKEN, UNKNOWN = ConditionState.KEPT, ConditionState.BROKEN, ConditionState.UNKNOWN
CHANCE = 0.0001


def evaluated(*references):
    return Evaluation.from_json(copy.deepcopy(EVALUATION) | {"references": list(references)})


def condition(*references, chance=CHANCE, bounds=BOUNDS):
    return reference_condition(evaluated(*references), bounds, chance)


def test_without_an_earlier_model_there_is_nothing_to_be_worse_than():
    found = condition()
    assert found.state == KEPT
    assert found.words == "No other model that can be compared has served in the last 90 days."


def test_the_hardest_model_decides_and_is_named_with_the_loss_budget():
    found = condition(reference(4, value=0.004), reference(7, value=0.001), reference(9, 0.003))
    assert found.state == KEPT
    assert "Against model 7, the hardest to match of the 3 models" in found.words
    # 0.001 less 3.76 standard errors of 0.001
    assert "at worst -0.0028" in found.words
    assert "It may lose 0.0050, of which 55% are spent." in found.words


def test_what_may_lose_more_than_the_margin_against_one_of_them_is_unknown_and_says_what_lacks():
    found = condition(reference(4, value=0.01), reference(7, value=-0.002))
    assert found.state == UNKNOWN
    assert "Against model 7" in found.words and "115% are spent" in found.words
    assert "about 1.6 times as many decisions on the unseen days would be enough" in found.words
    assert "a difference of -0.0012 would be enough" in found.words


def test_it_is_only_the_difference_that_is_named_where_no_number_of_decisions_would_do():
    found = condition(reference(7, value=-0.006))
    assert found.state == UNKNOWN
    assert "times as many" not in found.words and "a difference of -0.0012" in found.words


def test_what_surely_loses_more_is_broken():
    found = condition(reference(4, value=0.01), reference(7, value=-0.01))
    assert found.state == BROKEN
    assert "Against model 7" in found.words and "at best -0.0062" in found.words


def test_a_model_of_which_nothing_is_concluded_is_unknown_whatever_the_others_say():
    nothing = dict.fromkeys(("value", "error", "freedom"))
    found = condition(reference(4), reference(7, refused="The file is missing.", **nothing))
    assert found.state == UNKNOWN
    assert "Model 7 served in the last 90 days" in found.words
    assert "(The file is missing)" in found.words


def test_a_file_of_an_earlier_format_is_left_out_and_named():
    nothing = dict.fromkeys(("value", "error", "freedom"))
    old = reference(7, refused="Of format 2.", counts=False, **nothing)
    assert condition(reference(4), old).state == KEPT
    assert "Model 7 is left out" in condition(reference(4), old).words
    assert condition(old).state == KEPT
    assert "No other model that can be compared" in condition(old).words


def test_a_year_whose_chance_is_spent_holds():
    found = condition(reference(4, value=1.0), chance=0.0)
    assert found.state == UNKNOWN and "its chance of error is spent" in found.words
    assert condition(chance=0.0).state == KEPT  # Nothing to err about.


def test_a_bound_exactly_at_the_margin_is_kept():
    each = reference(4, value=0.002, error=0.0)
    assert condition(each, bounds=replace(BOUNDS, margin=0.0)).state == KEPT
    worse = reference(4, value=-0.005, error=0.0)
    assert condition(worse).state == KEPT
    assert "100% are spent" in condition(worse).words


def test_a_smaller_chance_gives_wider_bounds():
    (wide,), (narrow,) = (bounded(evaluated(reference(4)).references, p) for p in (1e-4, 0.025))
    assert wide.low < narrow.low < narrow.value < narrow.high < wide.high
    assert narrow.low == pytest.approx(0.002 - 1.966 * 0.001, abs=1e-6)


def test_few_degrees_of_freedom_give_wider_bounds():
    (few,), (many,) = (
        bounded(evaluated(reference(4, freedom=free)).references, CHANCE) for free in (5.0, 399.0)
    )
    assert few.low < many.low


@pytest.mark.parametrize(
    ("references", "words"),
    [
        ({}, "evaluation: “references” must be a list"),
        ([3], "evaluation.references[0]: not an object"),
        ([reference(-1)], "evaluation.references[0]: “model” must be a count"),
        ([reference(1), reference(2, error="x")], "evaluation.references[1]: “error” must be"),
        ([reference(1, counts=1)], "evaluation.references[0]: “counts” must be true or false"),
        ([reference(1, value=None)], "evaluation.references[0]: neither numbers nor why"),
        ([reference(1, freedom=float("inf"))], "evaluation.references[0]: “freedom” must be a"),
    ],
)
def test_malformed_references_are_refused_by_name(references, words):
    with pytest.raises(EvaluationMalformed) as caught:
        Evaluation.from_json(EVALUATION | {"references": references})
    assert words in str(caught.value)


def test_references_survive_being_stored():
    evaluation = evaluated(reference(4), reference(7, 0.1))
    assert Evaluation.from_json(evaluation.to_json()) == evaluation


def test_an_evaluation_of_an_earlier_version_has_none():
    assert Evaluation.from_json(EVALUATION).references == ()
