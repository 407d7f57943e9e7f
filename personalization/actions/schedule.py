"""The night's place in Celery beat's schedule: made once, the operators' from then on."""

from typing import Any

from django.conf import settings
from django.db import transaction
from django_celery_beat.models import CrontabSchedule, IntervalSchedule, PeriodicTask

BEGIN = "Night: begin"
GO_ON = "Night: go on with what was left"


@transaction.atomic
def make_schedule() -> None:
    """Enter the night's two jobs where they are missing; an entry that is there is left alone."""
    daily, _ = CrontabSchedule.objects.get_or_create(
        minute="0",
        hour=str(settings.NIGHT_HOUR),
        day_of_week="*",
        day_of_month="*",
        month_of_year="*",
        timezone="UTC",
    )
    _enter(
        BEGIN,
        task="personalization.tasks.begin_night",
        crontab=daily,
        description="Seals the days that are closed, fits, evaluates, audits, judges.",
    )
    minutely, _ = IntervalSchedule.objects.get_or_create(every=1, period=IntervalSchedule.MINUTES)
    _enter(
        GO_ON,
        task="personalization.tasks.night_tick",
        interval=minutely,
        # A tick that waited behind a long night has nothing to say.
        expire_seconds=50,
        description="Continues a night whose worker was killed, or that waits for the audit.",
    )


def _enter(name: str, **fields: Any) -> None:
    PeriodicTask.objects.get_or_create(name=name, defaults=fields)
