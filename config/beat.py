"""Celery beat's schedule in the database, which survives a clock that was wrong."""

from datetime import datetime

from django_celery_beat.models import PeriodicTask
from django_celery_beat.schedulers import DatabaseScheduler, ModelEntry

from catalog.clocks import CLOCKS_DIFFER


class ScheduledJob(ModelEntry):  # type: ignore[misc]
    """A job of the schedule.

    A job that ran while the clock was ahead is recorded as run in the future. Beat would not run it
    again before that date, so it counts as run now.
    """

    last_run_at: datetime

    def is_due(self) -> tuple[bool, float]:
        now = self._default_now()
        if self.last_run_at > now + CLOCKS_DIFFER:
            self.last_run_at = self.model.last_run_at = now
            PeriodicTask.objects.filter(pk=self.model.pk).update(last_run_at=now)
        due: tuple[bool, float] = super().is_due()
        return due


class Schedule(DatabaseScheduler):  # type: ignore[misc]
    """Reads the jobs from the table that operators edit in the admin."""

    Entry = ScheduledJob
