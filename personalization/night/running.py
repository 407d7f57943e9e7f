"""Runs nights: begins one, takes it from stage to stage, and continues what was interrupted."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import structlog
from django.db import DatabaseError, connection
from django.db.models import F

from personalization.journal import erasing
from personalization.models import ModelVersion, Night
from personalization.night import claim
from personalization.night.stages import STAGES, Progress, silent

log = structlog.get_logger(__name__)

# A stage that fails so often in a row waits for an operator.
ATTEMPTS = 5
AHEAD = timedelta(days=1)  # a clock that is further ahead than the database's is wrong
# A stage that waits for others is no attempt, however often it is looked at. Its failure is one.
WAITING = {Night.Stage.REDUCE, Night.Stage.AUDIT}


class CannotRun(Exception):
    """This night cannot run; the words say why."""


def begin(night_date: date, *, now: datetime) -> Night:
    """Return the night that begins on `night_date`, made if there is none.

    Raises CannotRun for a day that has not begun, and for a new night before the latest one
    that has begun: an older view does not replace what a later night learnt. A night that is
    dated after `now` was made under a wrong clock and refuses nothing.
    """
    existing = Night.objects.filter(date=night_date).first()
    if existing is not None:
        return existing
    today = now.astimezone(UTC).date()
    if night_date > today:
        raise CannotRun(f"The night of {night_date} has not begun.")
    latest = Night.objects.filter(date__lte=today).order_by("-date").first()
    if latest is not None and latest.date > night_date:
        raise CannotRun(
            f"The {latest} came later and has been run. An older night would change nothing."
        )
    return Night.objects.get_or_create(date=night_date, defaults={"started_at": now})[0]


def run(night: Night, *, clock: Callable[[], datetime], progress: Progress = silent) -> Night:
    """Take a night as far as it goes: to its end, or to where it waits for workers or the audit.

    Raises NightBusy while another worker runs a night, and CannotRun for a night that was
    removed meanwhile. What a stage raises is kept with the night and raised again.
    """
    with claim.held():
        try:
            night.refresh_from_db()
        except Night.DoesNotExist as error:
            raise CannotRun(f"The {night} was removed.") from error
        while night.stage != Night.Stage.DONE:
            before = night.stage
            _attempt(night, clock, progress)
            night.refresh_from_db()
            if night.stage == before:
                break  # It waits.
    return night


def erase(*, now: datetime) -> dict[str, str]:
    """Carry out the waiting erasures between nights; return why days could not be done, by day.

    Raises NightBusy while another worker runs a night. That worker or a later tick does it.
    """
    with claim.held():
        return erasing.carry_out(now=now)


def unfinished(*, now: datetime) -> list[Night]:
    """Return the nights to continue, oldest first.

    Left out are those that wait for an operator, and those dated after `now`: a wrong clock made
    them, and they would seal days whose decisions can still earn a reward.
    """
    waiting = Night.objects.exclude(stage=Night.Stage.DONE).filter(
        attempts__lt=ATTEMPTS, date__lte=now.astimezone(UTC).date()
    )
    return list(waiting.order_by("date"))


def check_clock(now: datetime) -> None:
    """Raise CannotRun if this machine's clock is more than a day ahead of the database's.

    A night under such a clock would seal days that have not ended and drop what is still needed.
    Where both run on one machine their clocks agree, and nothing is checked.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (there,) = cursor.fetchone()
    if now - there > AHEAD:
        raise CannotRun(
            f"This machine's clock says {now:%Y-%m-%d %H:%M} UTC and the database's "
            f"{there.astimezone(UTC):%Y-%m-%d %H:%M}. Set the clock, then run the night again."
        )


def depends_on(night: Night) -> str:
    """Say in words what depends on a night, so that it cannot be removed; "" if nothing does."""
    candidate = ModelVersion.objects.filter(night=night).first()
    return f"It fitted {candidate}, which keeps it." if candidate else ""


def remove(night: Night) -> None:
    """Remove a night that nothing depends on, such as one that a wrong clock dated.

    What it sealed stays. Callers check `personalization.delete_night` first.

    Raises:
        CannotRun: something depends on it; the words name it.
        NightBusy: a worker runs a night just now.
    """
    with claim.held():
        dependent = depends_on(night)
        if dependent:
            raise CannotRun(f"The {night} cannot be removed. {dependent}")
        log.info("night_removed", night=str(night.date), stage=night.stage)
        Night.objects.filter(pk=night.pk).delete()


def retry(night: Night) -> None:
    """Let the ticks try a night again that had failed too often."""
    Night.objects.filter(pk=night.pk).exclude(stage=Night.Stage.DONE).update(attempts=0)


def take_over(night: Night) -> None:
    """Stop waiting for the workers: the night's own process reduces the remaining shards."""
    Night.objects.filter(pk=night.pk, stage=Night.Stage.REDUCE).update(stage=Night.Stage.FIT)


def _attempt(night: Night, clock: Callable[[], datetime], progress: Progress) -> None:
    counted = Night.objects.filter(pk=night.pk)
    if night.stage not in WAITING:
        counted.update(attempts=F("attempts") + 1)
    log.info("night_stage", night=str(night.date), stage=night.stage)
    try:
        STAGES[Night.Stage(night.stage)](night, clock(), progress)
    except Exception as error:
        counted.update(error=in_words(error))
        if night.stage in WAITING:
            counted.update(attempts=F("attempts") + 1)
        log.exception("night_failed", night=str(night.date), stage=night.stage)
        raise


def in_words(error: Exception) -> str:
    """Return an error in words that may be stored and shown.

    PostgreSQL's messages have further lines, which can hold a viewer's row.
    """
    said = str(error)
    if isinstance(error, DatabaseError):
        said = said.partition("\n")[0]
    return f"{type(error).__name__}: {said}"
