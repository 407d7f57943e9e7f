"""Neither the units nor the rotation of the viewer vector change a score."""

import numpy as np
import pytest

from personalization.bandit.fit import fit
from personalization.bandit.odds import Expected
from personalization.bandit.reduction import reduce
from personalization.bandit.spec import Spec
from personalization.bandit.statistics import empty
from personalization.bandit.table import ArtworkTable
from personalization.bandit.whitening import basis_of

CONTEXT, TITLES, EACH, DECISIONS = 6, 12, 3, 3_000
VIEWERS = 200


def decisions(seed=1, *, constant=False):
    """Even decisions of viewers whose first four numbers are shares: (vectors, match, log)."""
    rng = np.random.default_rng(seed)
    shares = rng.dirichlet(np.full(4, 0.4), VIEWERS)
    others = rng.normal(0.4, [0.05, 2.0], (VIEWERS, 2))
    if constant:
        others[:, 0] = 0.3
    vectors = np.column_stack([shares, others])
    count = TITLES * EACH
    match = rng.uniform(size=(VIEWERS, count)) * rng.integers(2, size=count)
    viewer, shown = rng.integers(VIEWERS, size=DECISIONS), rng.integers(count, size=DECISIONS)
    liked = vectors[viewer, shown % 4] + 0.5 * match[viewer, shown]
    rewards = (rng.uniform(size=DECISIONS) < 0.05 + 0.6 * liked / 1.5).astype(float)
    table = ArtworkTable(
        np.arange(count), np.arange(count) // EACH, np.eye(4)[np.arange(count) % 4]
    )
    return vectors, match, (viewer, shown, rewards, rng.uniform(size=DECISIONS)), table


def reduced(vectors, match, log):
    viewer, shown, rewards, place = log
    rows = np.column_stack([np.ones(DECISIONS), vectors[viewer], match[viewer, shown], place])
    return {"artwork_ids": shown, "rows": rows, "rewards": rewards}


def scores(vectors, match, log, table, spec=None, **how):
    """Fit twice, as a first night does, and score all artworks for all viewers."""
    spec = spec or Spec(vectors.shape[1], 4)
    summed = reduced(vectors, match, log)
    first = fit(reduce(**summed), table, spec, **how)
    expected = Expected.alike(DECISIONS, first.expectation)
    model = fit(reduce(**summed, expected=expected), table, spec, **how)
    return model.scores(vectors, match, np.arange(len(table)))


def rotation(seed):
    return np.linalg.qr(np.random.default_rng(seed).normal(size=(CONTEXT, CONTEXT)))[0]


UNITS = {
    "all times a thousandth": 0.001 * np.eye(CONTEXT),
    "all times twenty": 20.0 * np.eye(CONTEXT),
    "each in another unit": np.diag([1.0, 0.01, 300.0, 5.0, 1e-5, 1e4]),
    "a rotation": rotation(1),
    "another rotation": rotation(2),
    "a rotation of other units": rotation(3) @ np.diag([1.0, 0.1, 3.0, 5.0, 20.0, 0.5]),
}


@pytest.mark.parametrize("change", UNITS)
def test_scores_do_not_depend_on_units_or_rotation(change):
    vectors, match, log, table = decisions()
    before = scores(vectors, match, log, table)
    after = scores(vectors @ UNITS[change].T, match, log, table)
    assert before.std() > 0.2
    np.testing.assert_allclose(after, before, rtol=0, atol=1e-6)


def test_nor_on_where_zero_is_nor_on_the_unit_of_the_match():
    vectors, match, log, table = decisions()
    before = scores(vectors, match, log, table)
    np.testing.assert_allclose(scores(vectors + 5.0, match, log, table), before, atol=1e-6)
    np.testing.assert_allclose(scores(vectors, 40.0 * match, log, table), before, atol=1e-6)


def test_nor_where_a_sample_of_titles_tells_the_variances(monkeypatch):
    monkeypatch.setattr("personalization.bandit.fit.SAMPLE", 4)
    vectors, match, log, table = decisions()
    before = scores(vectors, match, log, table)
    after = scores(vectors @ rotation(4).T * 9.0, match, log, table)
    np.testing.assert_allclose(after, before, atol=1e-6)


def test_a_number_that_is_the_same_for_all_viewers_changes_no_score():
    vectors, match, log, table = decisions(constant=True)
    before = scores(np.delete(vectors, 4, axis=1), match, log, table)
    np.testing.assert_allclose(scores(vectors, match, log, table), before, atol=1e-9)
    doubled = np.column_stack([vectors, vectors[:, 1]])
    np.testing.assert_allclose(scores(doubled, match, log, table), before, atol=1e-6)


@pytest.mark.parametrize("constant", [False, True])
def test_in_the_basis_viewers_are_white(constant):
    vectors, match, log, table = decisions(constant=constant)
    known = reduce(**reduced(vectors, match, log)).aligned(table.artwork_ids)
    basis = basis_of(known, CONTEXT)
    # Shares add up to one, so viewers differ in one direction less.
    assert basis.directions == CONTEXT - 1 - constant
    total = basis.seen(known).ww.sum(axis=0)
    vector = slice(1, 1 + basis.directions)
    np.testing.assert_allclose(total[vector, 0], 0.0, atol=1e-9 * total[0, 0])
    white = np.eye(basis.directions)
    np.testing.assert_allclose(total[vector, vector] / total[0, 0], white, atol=1e-9)
    assert total[basis.width - 1, basis.width - 1] == pytest.approx(total[0, 0])


def test_the_basis_leads_back_to_the_same_scores():
    vectors, match, log, _ = decisions()
    summed = reduced(vectors, match, log)
    basis = basis_of(reduce(**summed), CONTEXT)
    effects = np.random.default_rng(5).normal(size=(3, basis.width))
    rows = summed["rows"]
    seen = (rows @ basis.change.T)[:, : basis.width]
    np.testing.assert_allclose(
        rows[:, : CONTEXT + 2] @ basis.back(effects).T, seen @ effects.T, atol=1e-9
    )


def test_without_decisions_or_a_match_there_is_nothing_to_divide_by():
    *_, table = decisions()
    basis = basis_of(empty(table.artwork_ids, CONTEXT + 3), CONTEXT)
    assert basis.directions == 0
    assert np.isfinite(basis.change).all()
    vectors, match, log, table = decisions()
    found = scores(vectors, 0.0 * match, log, table)
    assert np.isfinite(found).all()


def test_viewers_that_are_all_alike_are_scored_alike():
    vectors, match, log, table = decisions()
    alike = np.broadcast_to(vectors[0], vectors.shape)
    found = scores(alike, 0.0 * match, log, table)
    assert np.ptp(found, axis=0).max() < 1e-9


def test_a_context_of_no_numbers_is_fitted():
    vectors, match, log, table = decisions()
    found = scores(vectors[:, :0], match, log, table, Spec(0, 4))
    assert np.isfinite(found).all()
