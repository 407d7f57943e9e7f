"""The night's stages one after another, with the learning itself replaced by something quick."""

import traceback
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError
from django.utils import timezone

from personalization import tasks
from personalization.actions.schedule import BEGIN, RIGHTS, make_schedule
from personalization.evaluation.report import Evaluation
from personalization.models import ModelVersion, Night, SealedDay
from personalization.night import claim, running
from personalization.release.auditing import AuditVerdict, ConditionState, bound
from personalization.training import fitting
from tests.factories import make_artwork, make_title, make_viewer
from tests.personalization.factories import DAY, EVALUATION, make_decision, make_model, reference

pytestmark = pytest.mark.django_db
Stage, Outcome = Night.Stage, Night.Outcome
NIGHT = date(2026, 3, 9)
LATER = datetime(2026, 3, 10, 3, tzinfo=UTC)


PASSED = AuditVerdict((bound("leakage", ConditionState.KEPT, "AUC .55 of .60 allowed."),), "1")


class Auditor:
    """An auditor whose verdict a test sets."""

    answer: AuditVerdict | None = PASSED
    asked: list[int] = []

    def request(self, model_id):
        self.asked.append(model_id)

    def verdict(self, model_id):
        return self.answer


@pytest.fixture(autouse=True)
def _auditor(settings, monkeypatch):
    settings.CANDIDATE_AUDITOR = f"{__name__}.Auditor"
    monkeypatch.setattr(Auditor, "asked", [])


@pytest.fixture
def quick(monkeypatch):
    """Replace the fit and the evaluation; the day's file stands for what was learnt."""

    def fit(days, *, progress):
        return fitting.Fitted(
            content="".join(day.sha256 for day in days).encode(),
            decisions=sum(day.rows for day in days),
            manifest_name="test",
            manifest_digest="0" * 64,
        )

    def evaluate(candidate, serving, *, references, progress):
        rival = "serving" if serving else "uniform"
        found = EVALUATION | {"serving": serving.pk if serving else None, "rival": rival}
        found["differences"] = EVALUATION["differences"] | {
            "serving": EVALUATION["differences"]["uniform"]
        }
        found["references"] = [reference(each.pk) for each in references]
        return Evaluation.from_json(found)

    monkeypatch.setattr("personalization.night.stages.fitting.fit", fit)
    monkeypatch.setattr("personalization.night.stages.judging.evaluate", evaluate)


def traffic(first=DAY, days=5):
    """Days of decisions, one in ten rewarded, on one title."""
    from tests.factories import make_watch_event

    title = make_title()
    artworks = [make_artwork(title) for _ in range(2)]
    for number in range(days):
        noon = datetime.combine(first + timedelta(days=number), datetime.min.time(), UTC)
        for place in range(10):
            viewer = make_viewer()
            make_decision(viewer, title, artworks, first_seen_at=noon)
            if place == 0:
                make_watch_event(viewer, title, quality_at=noon)


@pytest.fixture(autouse=True)
def _small(settings):
    """Let a few decisions be volume enough."""
    settings.GATE_DECISIONS = 10


def run(night_date=NIGHT, clock=None):
    now = datetime.combine(night_date, datetime.min.time(), UTC) + timedelta(hours=3)
    night = running.begin(night_date, now=now)
    return running.run(night, clock=clock or (lambda: now))


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
    assert "There are 2 sealed days. A fit needs more than the 2" in night.reason


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


def test_the_command_runs_the_night_and_says_what_it_did(quick):
    traffic()
    out = StringIO()
    call_command("nightly", date=NIGHT, stdout=out)
    text = " ".join(out.getvalue().split())
    assert "Night of 2026-03-09: promoted." in text
    assert "Sealed 5 days, 2026-03-02 to 2026-03-06: 50 decisions." in text
    assert "0.1310" in text


def test_the_command_says_when_there_is_nothing_to_learn_from():
    out = StringIO()
    call_command("nightly", date=NIGHT, stdout=out)
    assert "nothing to learn from" in out.getvalue()


def test_the_command_leaves_a_missing_audit_to_the_schedule(quick, monkeypatch):
    traffic()
    monkeypatch.setattr(Auditor, "answer", None)
    with pytest.raises(CommandError, match="waits for the audit") as caught:
        call_command("nightly", date=NIGHT, audit_wait=0, stdout=StringIO())
    assert caught.value.returncode == 2


def test_the_command_says_that_another_worker_is_at_it():
    with claim.held(), pytest.raises(CommandError, match="Another worker") as caught:
        call_command("nightly", date=NIGHT, stdout=StringIO())
    assert caught.value.returncode == 3


def test_roll_back_by_command():
    make_model(state="retired", promoted_at=datetime(2026, 3, 1, tzinfo=UTC))
    bad = make_model(state="serving")
    out = StringIO()
    call_command("rollback", reason="harm", stdout=out)
    assert f"Model {bad.pk} is held." in out.getvalue()
    with pytest.raises(CommandError, match="no other model"):
        call_command("rollback", reason="harm", to=10**9, stdout=out)


def test_the_schedule_is_made_once_and_then_the_operators():
    from django_celery_beat.models import PeriodicTask

    make_schedule()
    begin = PeriodicTask.objects.get(task=BEGIN.task)
    assert (begin.crontab.hour, begin.task) == ("3", "personalization.tasks.begin_night")
    begin.crontab.hour = "5"
    begin.crontab.save()
    PeriodicTask.objects.filter(pk=begin.pk).update(enabled=False)
    make_schedule()
    begin.refresh_from_db()
    assert (begin.crontab.hour, begin.enabled) == ("5", False)
    assert PeriodicTask.objects.filter(task__startswith="personalization.").count() == 3


def test_the_tasks_are_known_to_celery_under_the_schedules_names():
    assert tasks.begin_night.name == "personalization.tasks.begin_night"
    assert tasks.night_tick.name == "personalization.tasks.night_tick"
    assert tasks.rights_tick.name == RIGHTS.task
