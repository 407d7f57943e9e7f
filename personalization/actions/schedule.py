"""Enters the jobs in Celery beat's schedule, once; operators may change them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django_celery_beat.models import CrontabSchedule, IntervalSchedule, PeriodicTask


@dataclass(frozen=True)
class Job:
    """A job that the schedule must run: the name and description that operators read, its task."""

    name: str
    task: str
    description: str


BEGIN = Job(
    name="Night: begin",
    task="personalization.tasks.begin_night",
    description="Seals the closed days, fits a candidate, evaluates, audits and judges it.",
)
CONTINUE = Job(
    name="Night: continue",
    task="personalization.tasks.night_tick",
    description="Continues a night whose worker was killed, or that waits for the audit.",
)
RIGHTS = Job(
    name="Viewers' data: continue",
    task="personalization.tasks.rights_tick",
    description="Erases histories that viewers want erased, and makes the copies they asked for.",
)
TICK_EXPIRES_SECONDS = 50  # a tick that waited behind a long job has nothing left to do


@transaction.atomic
def make_schedule(minutely: Sequence[Job] = ()) -> None:
    """Enter each job that no entry runs. Entries that exist are left as operators made them.

    The night begins once a day and is continued every minute. `minutely` are further jobs to run
    every minute.

    A job is recognised by its task: its entry may have any name and any kind of schedule, may
    be switched off, and there may be several.
    """
    if _is_missing(BEGIN):
        _enter(BEGIN, crontab=_daily())
    for job in (CONTINUE, RIGHTS, *minutely):
        if _is_missing(job):
            _enter(job, interval=_minutely(), expire_seconds=TICK_EXPIRES_SECONDS)


def _is_missing(job: Job) -> bool:
    return not PeriodicTask.objects.filter(task=job.task).exists()


def _enter(job: Job, **schedule: object) -> None:
    PeriodicTask.objects.create(
        name=_free_name(job.name), task=job.task, description=job.description, **schedule
    )


def _free_name(name: str) -> str:
    """Return `name`, numbered if operators use it for another task: names are unique."""
    taken = set(PeriodicTask.objects.filter(name__startswith=name).values_list("name", flat=True))
    free, number = name, 2
    while free in taken:
        free, number = f"{name} ({number})", number + 1
    return free


def _daily() -> CrontabSchedule:
    """Return a schedule at NIGHT_HOUR (UTC). If the table holds several equal ones, return any."""
    fields = {
        "minute": "0",
        "hour": str(settings.NIGHT_HOUR),
        "day_of_week": "*",
        "day_of_month": "*",
        "month_of_year": "*",
        "timezone": "UTC",
    }
    return CrontabSchedule.objects.filter(**fields).first() or CrontabSchedule.objects.create(
        **fields
    )


def _minutely() -> IntervalSchedule:
    """Return a schedule of one minute. If the table holds several equal ones, return any."""
    fields = {"every": 1, "period": IntervalSchedule.MINUTES}
    return IntervalSchedule.objects.filter(**fields).first() or IntervalSchedule.objects.create(
        **fields
    )
