"""The benchmark's day can be sealed as a whole, and some of it is rewarded."""

import pytest

from benchmarks import days
from personalization.journal import sealing

pytestmark = pytest.mark.django_db


def test_every_decision_of_the_benchmarks_day_is_sealed():
    day = days.fill(4000)
    built = sealing.build(day)
    assert (built.rows, built.refused, built.begun) == (4000, {}, 0)
    assert 0.02 < built.rewards / built.rows < 0.2
    assert days.copy(day) > 4000 * 100
    assert days.size(day) > days.copy(day)
