"""Runs nights: begins one, takes it from stage to stage, and picks up what was left."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import structlog
from django.db.models import F

from personalization.journal import erasing
from personalization.models import Night
from personalization.night import claim
from personalization.night.stages import STAGES, Progress, silent

log = structlog.get_logger(__name__)

# A stage that fails so often in a row waits for an operator.
ATTEMPTS = 5
# Waiting for others is no attempt, however often it is looked at; failing there is.
WAITING = {Night.Stage.REDUCE, Night.Stage.AUDIT}


class CannotRun(Exception):
    """This night cannot run; the words say why."""


def begin(night_date: date, *, now: datetime) -> Night:
    """Return the night that begins on `night_date`, made if there is none.

    Raises CannotRun for a day that has not begun, and for a new night before
    the latest one: what a later night learnt is not replaced by an older view.
    """
    found = Night.objects.filter(date=night_date).first()
    if found is not None:
        return found
    if night_date > now.astimezone(UTC).date():
        raise CannotRun(f"The night of {night_date} has not begun.")
    latest = Night.objects.order_by("-date").first()
    if latest is not None and latest.date > night_date:
        raise CannotRun(f"The {latest} came later and has been run; an older one changes nothing.")
    return Night.objects.get_or_create(date=night_date, defaults={"started_at": now})[0]


def run(night: Night, *, clock: Callable[[], datetime], progress: Progress = silent) -> Night:
    """Take a night as far as it goes: to its end, or to where it waits for workers or the audit.

    Raises NightBusy while another worker runs a night. What a stage raises is
    kept with the night and raised again.
    """
    with claim.held():
        night.refresh_from_db()
        while night.stage != Night.Stage.DONE:
            before = night.stage
            _attempt(night, clock, progress)
            night.refresh_from_db()
            if night.stage == before:
                break  # It waits.
    return night


def erase(*, now: datetime) -> dict[str, str]:
    """Carry out the erasures that are owed, between nights; return what could not be done, by day.

    Raises NightBusy while another worker runs a night: that does it, or a later tick.
    """
    with claim.held():
        return erasing.carry_out(now=now)


def unfinished() -> list[Night]:
    """Return the nights to go on with, oldest first, without those that wait for an operator."""
    waiting = Night.objects.exclude(stage=Night.Stage.DONE).filter(attempts__lt=ATTEMPTS)
    return list(waiting.order_by("date"))


def retry(night: Night) -> None:
    """Let the ticks try a night again that failed too often."""
    Night.objects.filter(pk=night.pk).exclude(stage=Night.Stage.DONE).update(attempts=0)


def take_over(night: Night) -> None:
    """Wait for the workers no longer: whoever runs the night reduces what they have not."""
    Night.objects.filter(pk=night.pk, stage=Night.Stage.REDUCE).update(stage=Night.Stage.FIT)


def _attempt(night: Night, clock: Callable[[], datetime], progress: Progress) -> None:
    counted = Night.objects.filter(pk=night.pk)
    if night.stage not in WAITING:
        counted.update(attempts=F("attempts") + 1)
    log.info("night_stage", night=str(night.date), stage=night.stage)
    try:
        STAGES[Night.Stage(night.stage)](night, clock(), progress)
    except Exception as error:
        words = f"{type(error).__name__}: {error}"
        counted.update(error=words)
        if night.stage in WAITING:
            counted.update(attempts=F("attempts") + 1)
        log.exception("night_failed", night=str(night.date), stage=night.stage)
        raise
