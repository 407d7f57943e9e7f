"""Selects the sealed days that a night learns from, and reports on them."""

from datetime import date, datetime
from typing import Any

from django.conf import settings

from personalization.features import manifest
from personalization.journal import partitions
from personalization.journal.schema import SCHEMA_VERSION
from personalization.journal.sealing import last_closed_day
from personalization.models import Night, SealedDay

# Days older than this many half-lives have a weight below a thousandth and are left out. The first
# day moves only once in a half-life, because a kept sum is valid for exactly the days in it: when
# the first day changes, all days are read again.
HALF_LIVES = 10


def split(as_of: datetime) -> tuple[list[SealedDay], list[SealedDay]]:
    """Return the training days and the newest, unseen days, each oldest first.

    Days whose vectors have other features than today's manifest, or that were sealed in another
    schema, are left out. `report` names them.
    """
    last = last_closed_day(as_of)
    usable = list(
        SealedDay.objects.filter(
            day__lte=last,
            manifest_digest=manifest.DIGEST,
            schema_version=SCHEMA_VERSION,
            rows__gt=0,
        ).order_by("day")
    )
    if usable:
        first = _first(usable[-1].day)
        usable = [day for day in usable if day.day >= first]
    return usable[: -settings.EVALUATION_DAYS], usable[-settings.EVALUATION_DAYS :]


def _first(newest: date) -> date:
    """Return the first training day, counted back from the newest day."""
    step = max(1, round(settings.HALF_LIFE_DAYS))
    oldest = newest.toordinal() - round(HALF_LIVES * settings.HALF_LIFE_DAYS)
    return date.fromordinal(max(1, oldest // step * step))


def report(night: Night, *, now: datetime) -> dict[str, Any]:
    """Return what the night sealed and dropped, and the days that are left out.

    `ahead` are days that hold decisions and had not begun, so some server's clock is wrong.
    """
    # Up to now: a clock that was ahead may have left later times.
    within = (night.started_at, max(now, night.started_at))
    sealed = SealedDay.objects.filter(sealed_at__range=within).order_by("day")
    return {
        "sealed": [
            {"day": str(day.day), "rows": day.rows, "rewards": day.rewards, "refused": day.refused}
            for day in sealed
        ],
        "dropped": [
            str(day.day)
            for day in SealedDay.objects.filter(dropped_at__range=within).order_by("day")
        ],
        "ahead": [
            str(day)
            for day in partitions.holding(day for day in partitions.days() if day > night.date)
        ],
        "other_features": [
            str(day.day)
            for day in SealedDay.objects.exclude(manifest_digest=manifest.DIGEST).order_by("day")
        ],
        "other_schema": [
            str(day.day)
            for day in SealedDay.objects.exclude(schema_version=SCHEMA_VERSION).order_by("day")
        ],
    }
