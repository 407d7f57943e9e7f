"""When a night may run: one worker at a time, in the order of dates, by a clock that is right."""

from datetime import UTC, date, datetime, timedelta
from io import StringIO

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from personalization import tasks
from personalization.models import Night, SealedDay
from personalization.night import claim, running
from tests.factories import make_artwork, make_title, make_viewer
from tests.personalization.factories import DAY, make_decision
from tests.personalization.night.quick import LATER, NIGHT, run, traffic

pytestmark = pytest.mark.django_db
Outcome = Night.Outcome


def test_two_workers_never_run_at_once(quick, transactional_db):
    traffic()
    with claim.held():
        with pytest.raises(claim.NightBusy, match="Another worker"):
            run()
        assert "Another worker" in tasks.night_tick()
    assert run().outcome == Outcome.PROMOTED


def test_the_claim_ends_with_its_connection(monkeypatch):
    kept = []

    def connect():
        kept.append(original())
        return kept[-1]

    original = claim._connect
    monkeypatch.setattr(claim, "_connect", connect)
    held = claim.held()
    held.__enter__()
    kept[0].close()
    with claim.held():
        pass
    with pytest.raises(psycopg.OperationalError):
        kept[0].execute("SELECT 1")


def test_a_night_that_has_not_begun_is_refused():
    with pytest.raises(running.CannotRun, match="has not begun"):
        running.begin(date(2026, 3, 10), now=datetime(2026, 3, 9, 3, tzinfo=UTC))


def test_an_older_night_is_refused(quick):
    run()
    with pytest.raises(running.CannotRun, match="came later"):
        running.begin(date(2026, 3, 8), now=datetime(2026, 3, 9, 3, tzinfo=UTC))


def test_a_night_dated_in_the_future_by_a_wrong_clock_stops_no_later_one(quick):
    ahead = datetime(2028, 3, 9, 3, tzinfo=UTC)
    wrong = running.begin(ahead.date(), now=ahead)
    traffic()
    night = run()
    assert night.outcome == Outcome.PROMOTED, night.reason
    assert run(NIGHT + timedelta(days=1)).date == NIGHT + timedelta(days=1)
    with pytest.raises(running.CannotRun, match="came later"):
        running.begin(NIGHT - timedelta(days=1), now=LATER)
    # The ticks leave it alone: it would seal days that can still earn a reward.
    assert wrong not in running.unfinished(now=LATER)
    assert wrong in running.unfinished(now=ahead)


def test_a_day_that_a_clock_ahead_sealed_too_early_is_sealed_again(quick):
    """Its decisions of the hours after that are neither refused nor lost."""
    traffic(days=2)
    ahead = datetime(2028, 3, 6, 3, tzinfo=UTC)
    wrong = running.run(running.begin(ahead.date(), now=ahead), clock=lambda: ahead)
    assert SealedDay.objects.count() == 2 and wrong.report["dropped"] == []
    sealed_early = DAY + timedelta(days=1)
    title = make_title()
    make_decision(
        make_viewer(),
        title,
        [make_artwork(title)],
        first_seen_at=datetime.combine(sealed_early, datetime.min.time(), UTC),
    )
    night = run()
    assert SealedDay.objects.get(day=sealed_early).rows == 11
    assert len(night.report["sealed"]) == 2


def test_a_removed_night_is_run_no_more(quick):
    night = running.begin(NIGHT, now=LATER)
    running.remove(night)
    night.pk = 10**6
    with pytest.raises(running.CannotRun, match="was removed"):
        running.run(night, clock=lambda: LATER)


def test_a_night_that_fitted_a_candidate_is_not_removed(quick):
    traffic()
    night = run()
    with pytest.raises(running.CannotRun, match=f"It fitted model {night.candidate.pk}"):
        running.remove(night)
    assert Night.objects.get() == night


def test_a_clock_ahead_of_the_databases_begins_no_night(monkeypatch):
    running.check_clock(timezone.now() + timedelta(hours=1))
    ahead = timezone.now() + timedelta(days=700)
    monkeypatch.setattr("django.utils.timezone.now", lambda: ahead)
    with pytest.raises(running.CannotRun, match="Set the clock"):
        tasks.begin_night()
    with pytest.raises(CommandError, match="Set the clock"):
        call_command("nightly", stdout=StringIO())
    assert not Night.objects.exists()
