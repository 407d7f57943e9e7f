"""Reward models that never learnt from the viewers that they are used for."""

import numpy as np
import pytest

from personalization.bandit import crossfit
from personalization.bandit.errors import BadInput
from personalization.bandit.fit import fit
from personalization.bandit.reduction import reduce
from personalization.bandit.statistics import merge
from tests.personalization.bandit.worlds import expecting, make_problem


@pytest.fixture
def problem():
    rng = np.random.default_rng(3)
    table, rows, shown, rewards, _, spec = make_problem(rng, decisions=600)
    return table, rows, table.artwork_ids[shown], rewards, np.arange(600) // 4, spec


def reduced(problem, fold, folds=3):
    _, rows, ids, rewards, _, _ = problem
    return crossfit.reduce_folds(
        artwork_ids=ids,
        rows=rows,
        rewards=rewards,
        fold=fold,
        folds=folds,
        expected=expecting(rows).otherwise(),
    )


def reduced_whole(ids, rows, rewards):
    return reduce(artwork_ids=ids, rows=rows, rewards=rewards, expected=expecting(rows))


def test_a_viewer_is_in_one_fold_and_folds_are_even():
    viewers = np.random.default_rng(1).integers(0, 103, 5_000)
    fold = crossfit.assign(viewers, folds=5, seed=7)
    sizes = [len(np.unique(viewers[fold == number])) for number in range(5)]
    assert sum(sizes) == 103
    assert max(sizes) - min(sizes) <= 1
    assert np.array_equal(fold, crossfit.assign(viewers, folds=5, seed=7))
    assert not np.array_equal(fold, crossfit.assign(viewers, folds=5, seed=8))


def test_the_folds_add_up_to_the_whole(problem):
    _, rows, ids, rewards, viewers, _ = problem
    parts = reduced(problem, crossfit.assign(viewers, folds=3, seed=1))
    whole, summed = reduced_whole(ids, rows, rewards), merge(parts)
    np.testing.assert_allclose(summed.ww, whole.ww, atol=1e-9)
    np.testing.assert_allclose(summed.rw, whole.rw, atol=1e-9)


def test_each_folds_model_is_fitted_on_the_other_viewers_alone(problem):
    table, rows, ids, rewards, viewers, spec = problem
    fold = crossfit.assign(viewers, folds=3, seed=1)
    models = crossfit.fit_folds(reduced(problem, fold), table, spec)
    for number, model in enumerate(models):
        rest = fold != number
        alone = fit(reduced_whole(ids[rest], rows[rest], rewards[rest]), table, spec)
        np.testing.assert_allclose(model.weights, alone.weights, atol=1e-7)


def test_a_viewers_decisions_do_not_reach_the_model_that_evaluates_them(problem):
    table, rows, ids, rewards, viewers, spec = problem
    fold = crossfit.assign(viewers, folds=3, seed=1)
    before = crossfit.fit_folds(reduced(problem, fold), table, spec)
    changed = np.where(viewers == 5, 1.0 - rewards, rewards)
    after = crossfit.fit_folds(
        reduced((table, rows, ids, changed, viewers, spec), fold), table, spec
    )
    mine = fold[viewers == 5][0]
    for number in range(3):
        same = np.array_equal(before[number].weights, after[number].weights)
        assert same == (number == mine)


@pytest.mark.parametrize("wrong", [-1, 3])
def test_a_fold_outside_the_range_is_refused(problem, wrong):
    with pytest.raises(BadInput, match="fold"):
        reduced(problem, np.full(600, wrong))


def test_one_fold_alone_is_refused():
    with pytest.raises(BadInput, match="folds"):
        crossfit.assign(np.arange(4), folds=1, seed=1)
    with pytest.raises(BadInput, match="folds"):
        crossfit.others([])
