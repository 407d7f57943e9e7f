"""A clock that was ahead for a night stops no job for years."""

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.utils.module_loading import import_string
from django_celery_beat.models import PeriodicTask

from config.beat import Schedule, ScheduledJob
from config.celery import app
from personalization.actions.schedule import make_schedule

pytestmark = pytest.mark.django_db
DAY = 24 * 60 * 60


def entries(**changes):
    make_schedule()
    PeriodicTask.objects.update(**changes)
    return {each.name: ScheduledJob(each, app=app) for each in PeriodicTask.objects.all()}


def test_beat_runs_this_schedule():
    assert import_string(settings.CELERY_BEAT_SCHEDULER.replace(":", ".")) is Schedule
    assert Schedule.Entry is ScheduledJob


@pytest.mark.parametrize("ahead", [timedelta(hours=1), timedelta(days=730)])
def test_a_job_that_ran_in_the_future_runs_again_at_its_usual_time(ahead):
    for name, entry in entries(last_run_at=datetime.now(UTC) + ahead).items():
        due, after = entry.is_due()
        assert not due
        assert after <= (60 if "continue" in name else DAY)
        assert PeriodicTask.objects.get(name=name).last_run_at <= datetime.now(UTC)


def test_a_job_that_is_due_stays_due():
    for entry in entries(last_run_at=datetime.now(UTC) - timedelta(days=2)).values():
        assert entry.is_due().is_due


def test_a_job_that_ran_just_now_keeps_its_time():
    soon = datetime.now(UTC) + timedelta(seconds=30)
    for entry in entries(last_run_at=soon).values():
        entry.is_due()
        assert PeriodicTask.objects.get(name=entry.name).last_run_at == soon
