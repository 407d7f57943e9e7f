"""The benchmarks' sealed days have the form of real ones, and are consistent when read back."""

from datetime import UTC, date, datetime

import numpy as np
import pytest

from benchmarks import sealed
from personalization.features import manifest
from personalization.journal import reading
from personalization.journal.schema import SCHEMA_VERSION
from personalization.models import SealedDay
from personalization.training import reducing

pytestmark = pytest.mark.django_db
ROWS = 3000


@pytest.fixture
def day():
    titles = np.arange(10, 30)
    written = sealed.write(titles, np.arange(100, 160).reshape(20, 3), ROWS, seed=1)
    return SealedDay.objects.create(
        day=date(2026, 3, 2),
        path=written.stored.path,
        sha256=written.stored.sha256,
        rows=ROWS,
        rewards=written.rewards,
        schema_version=SCHEMA_VERSION,
        manifest_digest=manifest.DIGEST,
        sealed_at=datetime.now(UTC),
    )


def test_the_columns_of_a_day_are_consistent(day):
    (found,) = reading.decisions(day)
    assert len(found) == ROWS
    assert (np.diff(found.chosen) >= 0).all()
    np.testing.assert_array_equal(found.artworks[found.chosen_at], found.chosen)
    np.testing.assert_array_equal(found.probabilities[found.chosen_at], found.propensities)
    sums = np.add.reduceat(found.probabilities, found.offsets[:-1])
    np.testing.assert_allclose(sums, 1.0)
    np.testing.assert_array_equal(
        (found.artworks[found.offsets[:-1]] - 100) // 3 + 10, found.titles
    )
    assert found.rewards.sum() == day.rewards
    assert 0.03 * ROWS < day.rewards < 0.15 * ROWS
    assert len(found.vectors) == ROWS // sealed.SLATE


def test_all_decisions_are_learnt_from(day):
    statistics = reducing.running([day], progress=lambda *_: None)
    assert statistics.decisions == ROWS
    assert statistics.r.sum() == day.rewards
