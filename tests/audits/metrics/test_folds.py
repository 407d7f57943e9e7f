"""Folds follow the viewer, and components see the training rows alone."""

import numpy as np
import pytest

from audits.metrics.folds import compact, components, stratified_folds
from audits.metrics.refusals import CannotMeasure
from tests.audits.metrics.worlds import seeds

FOLDS = 5
VIEWERS = 943
SEEDS = seeds(VIEWERS)
MEMBERS = np.random.default_rng(1).random(VIEWERS) < 0.29
STRATA = np.random.default_rng(2).choice(5, VIEWERS, p=[0.02, 0.05, 0.25, 0.38, 0.3])
TRAIN, TEST = np.arange(40), np.arange(40, 50)


def folds_of(kept=slice(None), *, repeat=0, members=MEMBERS, strata=STRATA, own=SEEDS):
    """(n,) the fold in which each viewer is tested."""
    parts = stratified_folds(
        members=members[kept], strata=strata[kept], folds=FOLDS, seeds=own[kept], repeat=repeat
    )
    fold = np.full(len(own[kept]), -1)
    for number, (train, test) in enumerate(parts):
        assert (fold[test] == -1).all()
        assert len(np.intersect1d(train, test)) == 0
        assert len(train) + len(test) == len(fold)
        fold[test] = number
    return fold


@pytest.mark.parametrize("repeat", range(5))
def test_each_fold_has_its_share_of_both_sides_and_of_every_stratum(repeat):
    fold = folds_of(repeat=repeat)
    for side in (MEMBERS, ~MEMBERS):
        assert np.ptp(np.bincount(fold[side], minlength=FOLDS)) <= 1
        for stratum in range(5):
            here = np.bincount(fold[side & (stratum == STRATA)], minlength=FOLDS)
            assert here == pytest.approx(here.mean(), abs=2)


def test_strata_of_one_viewer_each_do_not_meet_in_one_fold():
    fold = folds_of(members=np.arange(20) < 10, strata=np.arange(20) % 10, own=SEEDS[:20])
    assert np.bincount(fold[:10]).tolist() == np.bincount(fold[10:]).tolist() == [2] * FOLDS


@pytest.mark.parametrize("leaving", [1, 3, 20])
def test_who_stays_keeps_their_fold(leaving):
    """A cut between two folds moves by less than the viewers who left, and there are four cuts on
    either side. Split anew, four in five of all would change."""
    before = folds_of()
    for draw in range(20):
        gone = np.random.default_rng(draw).choice(VIEWERS, leaving, replace=False)
        kept = np.setdiff1d(np.arange(VIEWERS), gone)
        moved = int((folds_of(kept) != before[kept]).sum())
        assert moved <= (FOLDS - 1) * (leaving + 4)


def test_the_order_of_the_viewers_does_not_matter():
    order = np.random.default_rng(3).permutation(VIEWERS)
    assert (folds_of(order) == folds_of()[order]).all()


def test_each_repeat_splits_anew():
    assert (folds_of(repeat=1) != folds_of()).mean() > 0.7
    assert (folds_of(repeat=1) == folds_of(repeat=1)).all()


def rows(columns):
    return np.random.default_rng(1).normal(size=(50, columns)) * np.linspace(3, 0.5, columns)


@pytest.mark.parametrize("columns", [7, 45, 300])
def test_it_keeps_every_distance_whatever_the_number_of_columns(columns):
    made = rows(columns)
    turned = compact(made)
    assert turned.shape == (50, min(50, columns))
    near = turned @ turned.T
    centred = made - made.mean(axis=0)
    assert near / near[0, 0] == pytest.approx(centred @ centred.T / (centred[0] @ centred[0]))


@pytest.mark.parametrize("columns", [7, 45, 300])
def test_the_components_are_those_of_the_training_rows_alone(columns):
    made = rows(columns)
    seen, unseen = components(rows=made, train=TRAIN, test=TEST, limit=5)
    centred = made[TRAIN] - made[TRAIN].mean(axis=0)
    _, _, axes = np.linalg.svd(centred, full_matrices=False)
    assert np.abs(seen) == pytest.approx(np.abs(centred @ axes[:5].T))
    wanted = (made[TEST] - made[TRAIN].mean(axis=0)) @ axes[:5].T
    assert np.abs(unseen) == pytest.approx(np.abs(wanted))


def test_turning_the_columns_changes_no_score_and_no_sign():
    made = rows(30)
    turn, _ = np.linalg.qr(np.random.default_rng(2).normal(size=(30, 30)))
    before = components(rows=made, train=TRAIN, test=TEST, limit=5)
    after = components(rows=made @ turn, train=TRAIN, test=TEST, limit=5)
    for one, other in zip(before, after, strict=True):
        assert one == pytest.approx(other)


def test_it_refuses_rows_that_are_not_there():
    with pytest.raises(CannotMeasure, match="train"):
        components(rows=rows(3), train=np.array([50]), test=TEST, limit=2)


def test_few_components_are_the_first_of_many():
    made = np.random.default_rng(5).normal(size=(300, 200))
    train, test = np.arange(260), np.arange(260, 300)
    many = components(rows=made, train=train, test=test, limit=90)
    few = components(rows=made, train=train, test=test, limit=5)
    for some, all_of_them in zip(few, many, strict=True):
        assert some == pytest.approx(all_of_them[:, :5])
