"""Setup enters the night's jobs once and leaves what operators made of the schedule alone."""

import pytest
from django.utils import timezone
from django_celery_beat.models import (
    ClockedSchedule,
    CrontabSchedule,
    IntervalSchedule,
    PeriodicTask,
    SolarSchedule,
)

from personalization.actions.schedule import BEGIN, CONTINUE, make_schedule

pytestmark = pytest.mark.django_db


def entries(job):
    return list(PeriodicTask.objects.filter(task=job.task))


def nightly(settings):
    return {"minute": "0", "hour": str(settings.NIGHT_HOUR), "timezone": "UTC"}


def test_it_enters_both_jobs_once(settings):
    make_schedule()
    make_schedule()
    (begin,), (tick,) = entries(BEGIN), entries(CONTINUE)
    assert (begin.name, begin.crontab.hour) == (BEGIN.name, str(settings.NIGHT_HOUR))
    assert (tick.interval.every, tick.interval.period) == (1, "minutes")
    assert CrontabSchedule.objects.count() == IntervalSchedule.objects.count() == 1


@pytest.mark.parametrize("times", [1, 2, 3])
def test_equal_schedules_do_no_harm(settings, times):
    for _ in range(times):
        CrontabSchedule.objects.create(**nightly(settings))
        IntervalSchedule.objects.create(every=1, period="minutes")
    make_schedule()
    assert len(entries(BEGIN)) == len(entries(CONTINUE)) == 1
    assert CrontabSchedule.objects.count() == IntervalSchedule.objects.count() == times


def test_equal_schedules_that_appear_later_leave_the_schedule_alone(settings):
    make_schedule()
    before = list(PeriodicTask.objects.order_by("pk").values())
    CrontabSchedule.objects.create(**nightly(settings))
    IntervalSchedule.objects.create(every=1, period="minutes")
    make_schedule()
    assert list(PeriodicTask.objects.order_by("pk").values()) == before


def test_an_entry_that_operators_renamed_or_switched_off_is_left_alone():
    make_schedule()
    PeriodicTask.objects.filter(task=BEGIN.task).update(name="Our night", enabled=False)
    before = list(PeriodicTask.objects.order_by("pk").values())
    make_schedule()
    assert list(PeriodicTask.objects.order_by("pk").values()) == before


def test_two_entries_of_one_job_are_left_alone(settings):
    make_schedule()
    (begin,) = entries(BEGIN)
    PeriodicTask.objects.create(name="Again at noon", task=BEGIN.task, crontab=begin.crontab)
    make_schedule()
    assert {entry.name for entry in entries(BEGIN)} == {BEGIN.name, "Again at noon"}


@pytest.mark.parametrize("kind", ["solar", "clocked", "interval"])
def test_an_entry_with_another_kind_of_schedule_is_left_alone(kind):
    schedule = {
        "solar": lambda: SolarSchedule.objects.create(event="sunset", latitude=52, longitude=13),
        "clocked": lambda: ClockedSchedule.objects.create(clocked_time=timezone.now()),
        "interval": lambda: IntervalSchedule.objects.create(every=6, period="hours"),
    }[kind]()
    PeriodicTask.objects.create(
        name=BEGIN.name, task=BEGIN.task, one_off=kind == "clocked", **{kind: schedule}
    )
    make_schedule()
    (begin,) = entries(BEGIN)
    assert getattr(begin, kind) == schedule
    assert begin.crontab is None


def test_a_name_that_another_task_uses_does_not_keep_the_job_out():
    hourly = IntervalSchedule.objects.create(every=1, period="hours")
    for name in (BEGIN.name, f"{BEGIN.name} (2)"):
        PeriodicTask.objects.create(name=name, task="celery.backend_cleanup", interval=hourly)
    make_schedule()
    assert [entry.name for entry in entries(BEGIN)] == [f"{BEGIN.name} (3)"]
