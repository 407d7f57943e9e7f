"""Years of nights under the gate, on fewer years than the benchmark's."""

import numpy as np
import pytest

from benchmarks import gate, kinds
from benchmarks.years import (
    NIGHTS,
    VIEWERS,
    Candidates,
    Estimates,
    GateMemory,
    draw_crowd,
    play,
)

YEARS = 40
BEFORE = "every night anew"


@pytest.fixture(scope="module")
def equal():
    return gate.years(kinds.EQUAL, BEFORE, count=YEARS)


def test_a_crowd_has_the_moments_that_it_is_said_to_have():
    crowd = draw_crowd(np.random.default_rng(1), 2_000)
    count = 2_000 * VIEWERS
    assert crowd.firsts.sum(axis=1) / count == pytest.approx([0, 0, 0], abs=0.01)
    assert crowd.squares.sum(axis=1)[[0, 3, 5]] / count == pytest.approx([1, 1, 1], rel=0.02)
    assert crowd.fourths[0].sum() / count == pytest.approx(13.5, rel=0.1)


def test_estimates_are_unbiased_and_their_errors_are_those_of_the_estimates():
    asked = []

    def look(found, memory):
        asked.append(found)
        return np.zeros(len(found.value), bool)

    kind = Candidates("+2", kinds.improved(2.0), noise=0.25)
    play(kind, look, years=YEARS, seed=3, only=1)
    early, late = asked[: kinds.BEGINS], asked[kinds.BEGINS :]
    assert np.mean([each.value for each in early]) == pytest.approx(0.0, abs=0.05)
    assert np.mean([each.value for each in late]) == pytest.approx(2.0, abs=0.05)
    scores = np.concatenate([each.value / each.error for each in early]).ravel()
    assert scores.std() == pytest.approx(1.0, abs=0.1)
    assert asked[0].error.mean() == pytest.approx(0.25, rel=0.5)


def test_a_night_sees_a_day_that_the_next_night_sees_again():
    found = []

    def look(estimates, memory):
        found.append(estimates.value[:, 0])
        return np.zeros(len(estimates.value), bool)

    still = Candidates("none", lambda nature: np.zeros(len(nature.worth)))
    play(still, look, years=400, seed=4, only=1)
    assert np.corrcoef(found[3], found[4])[0, 1] < 0.7


def test_nothing_worse_serves_where_no_candidate_is_worse(equal):
    assert not equal.fell.any()
    assert equal.released.sum(axis=1).mean() > 0.8 * NIGHTS


def test_candidates_that_are_each_a_little_worse_walk_down_a_staircase():
    played = gate.years(kinds.LITTLE_WORSE[1], BEFORE, count=YEARS)
    assert played.fell.all()
    assert played.worth.max() < -10.0


def test_the_years_are_the_same_again():
    once, again = (gate.years(kinds.DRIFTS[0], BEFORE, count=3) for _ in range(2))
    assert (once.released == again.released).all() and (once.behind == again.behind).all()


def test_nights_are_counted_until_the_first_release_after_the_improvement(equal):
    nights = gate.waiting(equal)
    assert nights.min() == 1 and np.median(nights) <= 2
    equal_but_never = type(equal)(equal.fell, equal.released & False, equal.behind, equal.worth)
    assert (gate.waiting(equal_but_never) == NIGHTS - kinds.BEGINS).all()


@pytest.mark.parametrize("years", ["0", "-1", "many"])
def test_a_number_of_years_that_makes_no_sense_is_refused(years, capsys):
    with pytest.raises(SystemExit):
        gate.run(["--years", years])
    assert "--years" in capsys.readouterr().err


@pytest.mark.parametrize("kind", [*kinds.LITTLE_WORSE, *kinds.DRIFTS], ids=lambda kind: kind.words)
def test_against_the_best_of_90_days_nothing_walks_down_a_staircase(kind):
    played = gate.years(kind, gate.AFTER, count=YEARS)
    assert played.fell.sum() <= 2
    assert played.worth.min() > -5.0  # a margin in 90 days, and what an error may add


def test_where_every_look_may_err_few_years_have_an_error():
    assert gate.years(kinds.BEYOND, gate.AFTER, count=100).fell.sum() <= 15


def test_an_improvement_is_released_within_a_few_nights():
    kind = Candidates("+1", kinds.improved(1.0), noise=0.25)
    assert np.median(gate.waiting(gate.years(kind, gate.AFTER, count=YEARS))) <= 3


def test_releases_pass_their_shares_on_and_a_hold_ends_that():
    memory = GateMemory(np.zeros(2))
    one = np.ones((2, 1))
    for value, passed in ((one, [1, 1]), (one, [2, 2]), (one * [[1.0], [-9.0]], [3, 0])):
        gate.best_of_ninety(Estimates(value, one * 0.1, one * 3.0, 300), memory)
        assert list(memory.shares) == passed
