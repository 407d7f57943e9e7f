"""What operators start a night by: the commands, and the schedule."""

from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django_celery_beat.models import PeriodicTask

from personalization import tasks
from personalization.actions.schedule import BEGIN, RIGHTS, make_schedule
from personalization.night import claim
from tests.personalization.factories import make_model
from tests.personalization.night.quick import NIGHT, Auditor, traffic

pytestmark = pytest.mark.django_db


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
