import numpy as np
import pytest

from audits.metrics.folds import compact, components
from audits.metrics.refusals import CannotMeasure

TRAIN, TEST = np.arange(40), np.arange(40, 50)


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
