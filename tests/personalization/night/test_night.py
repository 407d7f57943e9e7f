"""The night's stages one after another, with the learning itself replaced by something quick."""

import traceback
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError

from personalization import tasks
from personalization.models import ModelVersion, Night, SealedDay
from personalization.night import running
from personalization.release.auditing import AuditVerdict, ConditionState, bound
from tests.personalization.factories import DAY, make_model
from tests.personalization.night.quick import LATER, NIGHT, PASSED, Auditor, run, traffic

pytestmark = pytest.mark.django_db
Stage, Outcome = Night.Stage, Night.Outcome


def test_a_night_seals_fits_evaluates_audits_and_promotes(quick):
    traffic()
    night = run()
    assert (night.stage, night.outcome) == (Stage.DONE, Outcome.PROMOTED), night.reason
    assert SealedDay.objects.count() == 5
    model = ModelVersion.objects.serving()
    assert model.night == night
    assert [day.day for day in model.days.order_by("day")] == [DAY + timedelta(n) for n in range(3)]
    assert [day.day.day for day in model.evaluation_days.order_by("day")] == [5, 6]
    assert model.decisions == 30
    assert model.gate
    assert Auditor.asked == [model.pk]
    assert len(night.report["sealed"]) == 5


def test_a_night_that_is_done_does_nothing_when_run_again(quick):
    traffic()
    first = run()
    again = run()
    assert again.finished_at == first.finished_at
    assert ModelVersion.objects.count() == 1


def test_the_next_night_takes_the_place_of_the_one_before(quick):
    traffic()
    run()
    traffic(DAY + timedelta(5), 1)
    night = run(NIGHT + timedelta(1))
    assert night.outcome == Outcome.PROMOTED
    assert list(ModelVersion.objects.values_list("state", flat=True)) == ["serving", "retired"]


def test_a_night_without_a_new_day_learns_nothing(quick):
    traffic()
    run()
    night = run(NIGHT + timedelta(1))
    assert night.outcome == Outcome.NOTHING
    assert "nothing new to learn" in night.reason


def test_too_few_days_are_nothing_to_learn_from(quick):
    traffic(days=2)
    night = run()
    assert night.outcome == Outcome.NOTHING
    assert "Sealed so far: 2 days. A fit needs more than the 2" in night.reason


def test_a_day_whose_window_is_open_waits_for_the_next_night(quick):
    traffic(days=7)  # to 8 March: its last decision can earn until the end of the 9th
    run()
    assert SealedDay.objects.first().day == date(2026, 3, 7)


def test_a_candidate_that_fails_the_gate_is_held_with_its_reason(quick, monkeypatch):
    serving = make_model(state="serving")
    broken = bound("leakage", ConditionState.BROKEN, "AUC .70, and .60 is allowed.")
    monkeypatch.setattr(Auditor, "answer", AuditVerdict((broken,), "1"))
    traffic()
    night = run()
    assert night.outcome == Outcome.HELD
    assert "AUC .70" in night.reason
    assert ModelVersion.objects.serving() == serving
    assert night.candidate.state == "held"


def test_the_night_waits_for_the_audit_and_goes_on_at_a_later_tick(quick, monkeypatch):
    traffic()
    monkeypatch.setattr(Auditor, "answer", None)
    night = run()
    assert (night.stage, night.outcome) == (Stage.AUDIT, "")
    assert run().stage == Stage.AUDIT
    monkeypatch.setattr(Auditor, "answer", PASSED)
    assert "done" in tasks.night_tick()
    night.refresh_from_db()
    assert night.outcome == Outcome.PROMOTED


def test_a_candidate_is_held_when_the_audit_never_answers(quick, monkeypatch):
    traffic()
    monkeypatch.setattr(Auditor, "answer", None)
    run()
    late = datetime(2026, 3, 9, 15, 1, tzinfo=UTC)
    night = run(clock=lambda: late)
    assert night.outcome == Outcome.HELD
    assert "no verdict in time" in night.reason


def test_without_an_auditor_nothing_is_promoted(quick, settings):
    settings.CANDIDATE_AUDITOR = ""
    traffic()
    night = run()
    assert night.outcome == Outcome.HELD
    assert "none is configured" in night.reason


def test_a_candidate_is_evaluated_again_when_another_came_to_serve_meanwhile(quick, monkeypatch):
    traffic()
    monkeypatch.setattr(Auditor, "answer", None)
    night = run()
    other = make_model(state="serving")
    monkeypatch.setattr(Auditor, "answer", PASSED)
    night = run()
    assert night.candidate.evaluation["serving"] == other.pk
    assert night.outcome == Outcome.PROMOTED


def test_a_failure_is_kept_and_tried_again_until_it_is_given_up(quick, monkeypatch):
    traffic()

    def full(*args, **options):
        raise OSError("disk full")

    monkeypatch.setattr("personalization.night.stages.fitting.fit", full)
    night = running.begin(NIGHT, now=datetime(2026, 3, 9, 3, tzinfo=UTC))
    for _ in range(running.ATTEMPTS):
        assert running.unfinished(now=LATER) == [night]
        with pytest.raises(OSError, match="disk full"):
            tasks.night_tick()
    night.refresh_from_db()
    assert (night.error, night.stage) == ("OSError: disk full", Stage.FIT)
    assert running.unfinished(now=LATER) == []
    assert tasks.night_tick() == "Nothing is left to do."
    running.retry(night)
    monkeypatch.undo()
    assert running.unfinished(now=LATER) == [night]


def test_an_error_of_the_database_shows_operators_nobodys_row(quick, monkeypatch):
    traffic()

    def refused(*args, **options):
        raise DatabaseError("duplicate key value\nDETAIL:  Key (viewer_id)=(770011) exists.")

    monkeypatch.setattr("personalization.night.stages.fitting.fit", refused)
    night = running.begin(NIGHT, now=datetime(2026, 3, 9, 3, tzinfo=UTC))
    with pytest.raises(tasks.NightFailed) as failed:
        tasks.night_tick()
    stored = "".join(traceback.format_exception(failed.value))  # as Celery stores it
    night.refresh_from_db()
    assert night.error == "DatabaseError: duplicate key value"
    assert "duplicate key value" in stored
    assert "770011" not in stored
