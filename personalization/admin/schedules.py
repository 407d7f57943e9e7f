"""The night's schedule as operators change it: at an hour, or at intervals."""

from typing import Any, ClassVar

from django.contrib import admin
from django_celery_beat.admin import PeriodicTaskAdmin
from django_celery_beat.models import ClockedSchedule, PeriodicTask, SolarSchedule

from catalog.admin.reading import Explained

UNUSED = {"solar", "clocked"}
# Registered by the import above; nothing here goes by the sun or runs once at a given moment.
admin.site.unregister([ClockedSchedule, SolarSchedule, PeriodicTask])


@admin.register(PeriodicTask)
class ScheduledTaskAdmin(Explained, PeriodicTaskAdmin):  # type: ignore[misc]
    """Without the fields of the schedules that are not offered."""

    about = (
        "When the night begins, and how often a night that was interrupted is continued. Operators "
        "may change both. “manage.py setup” enters a job again only if no entry runs its task."
    )
    # Theirs only adds an inline script, which the policy of these pages refuses.
    change_form_template = None
    fieldsets: ClassVar[Any] = tuple(
        (name, {**options, "fields": [each for each in options["fields"] if each not in UNUSED]})
        for name, options in PeriodicTaskAdmin.fieldsets
    )
