"""The night's schedule, which operators may change: at an hour, or at intervals."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest
from django_celery_beat.admin import PeriodicTaskAdmin
from django_celery_beat.models import ClockedSchedule, PeriodicTask, SolarSchedule
from django_celery_results.admin import TaskResultAdmin
from django_celery_results.models import TaskResult

from catalog.admin.reading import Explained

UNUSED = {"solar", "clocked"}
# The import above registers these. No job here uses a solar or a one-off schedule.
admin.site.unregister([ClockedSchedule, SolarSchedule, PeriodicTask, TaskResult])


@admin.register(PeriodicTask)
class ScheduledTaskAdmin(Explained, PeriodicTaskAdmin):  # type: ignore[misc]
    """Leaves out the fields of schedules that are not offered."""

    about = (
        "When the night begins, and how often a night that was interrupted is continued. Operators "
        "may change both. “manage.py setup” enters a job again only if no entry runs its task."
    )
    # Its own template only adds an inline script, which the Content-Security-Policy refuses.
    change_form_template = None
    fieldsets: ClassVar[Any] = tuple(
        (name, {**options, "fields": [each for each in options["fields"] if each not in UNUSED]})
        for name, options in PeriodicTaskAdmin.fieldsets
    )


@admin.register(TaskResult)
class ResultAdmin(TaskResultAdmin):  # type: ignore[misc]
    """Results are written by workers. Nobody adds one by hand."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
