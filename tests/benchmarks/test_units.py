"""The benchmark of units tells a fit that depends on them from one that does not."""

import numpy as np
import pytest

from benchmarks import units
from benchmarks.arena.movielens import FOLDER


@pytest.fixture(autouse=True)
def without_movielens(monkeypatch):
    monkeypatch.delenv(FOLDER, raising=False)


def test_all_scalings_and_rotations_get_the_same_lift(capsys):
    report = units.run(decisions=3_000, seeds=2)
    assert len(units.FORMS) == 1 + 4 + 2
    *lifts, apart = report.results
    assert [each.value for each in lifts] == pytest.approx([lifts[0].value] * len(lifts), abs=2e-3)
    assert apart.met
    assert "movielens left out" in capsys.readouterr().err


def test_another_vector_is_told_from_other_units(monkeypatch):
    forms = {units.FIRST: units.FORMS[units.FIRST], "squared": np.square}
    monkeypatch.setattr(units, "FORMS", forms)
    apart = units.run(decisions=3_000, seeds=1).results[-1]
    assert apart.met is False


def test_a_rotation_keeps_all_distances():
    vectors = np.random.default_rng(1).normal(size=(9, 4))
    turned = units.rotated(vectors, 3)
    assert not np.allclose(turned, vectors)
    np.testing.assert_allclose(turned @ turned.T, vectors @ vectors.T)


def test_a_number_that_never_differs_has_no_deviation_to_divide_by():
    vectors = np.column_stack([np.arange(4.0), np.full(4, 7.0)])
    np.testing.assert_allclose(units.in_deviations(vectors, 0.5).std(axis=0), [0.5, 0.0])
