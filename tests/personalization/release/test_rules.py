import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from personalization.release import rules


def shares_of(released):
    """Return the shares of one look after another, by which of them released."""
    own, passed = [], 0
    for each in released:
        own.append(int(rules.shares(passed, min(len(own), rules.YEAR - 1))))
        passed = own[-1] if each else 0
    return own


def test_a_release_passes_its_shares_on_and_a_hold_does_not():
    assert shares_of([False, True, True, False, True]) == [1, 1, 2, 3, 1]


def test_no_look_has_more_shares_than_the_most():
    assert shares_of([True] * 200)[-1] == rules.RUN


def test_a_year_that_has_had_its_looks_gives_no_share_of_its_own():
    assert rules.shares(0, rules.YEAR) == 0
    assert rules.shares(3, rules.YEAR) == 3
    assert rules.shares(0, rules.YEAR - 1) == 1


@given(st.lists(st.booleans(), min_size=1, max_size=500), st.integers(0, 200))
def test_wrong_looks_of_any_year_share_no_more_than_the_years_chance(right, begins):
    """A look that is right may release; one that is wrong should not, and errs with its chance.

    Until the first error, no wrong look has released anything, so that its shares are gone.
    """
    own = shares_of(right)
    year = slice(begins, begins + rules.YEAR)
    wrong = [shares for shares, each in zip(own[year], right[year], strict=True) if not each]
    assert sum(wrong) * rules.share(0.05) <= 0.05 + 1e-12


def test_bounds_err_with_their_chance():
    random = np.random.default_rng(3)
    sample = random.normal(1.0, 1.0, (40_000, 12))
    value, error = sample.mean(axis=1), sample.std(axis=1, ddof=1) / 12**0.5
    above = rules.at_worst(value, error, 11, 0.01) > 1.0
    below = rules.at_best(value, error, 11, 0.01) < 1.0
    assert above.mean() == pytest.approx(0.01, abs=0.002)
    assert below.mean() == pytest.approx(0.01, abs=0.002)


def test_a_bound_exactly_at_the_margin_is_no_worse_and_not_worse():
    assert rules.is_no_worse(-0.005, 0.005) and not rules.is_worse(-0.005, 0.005)
    assert list(rules.is_no_worse(np.array([-1.0, 0.0]), 0.5)) == [False, True]
