"""The night, and what viewers asked for, as jobs. A lost message loses nothing: ticks continue."""

from celery import shared_task
from django.db import DatabaseError
from django.utils import timezone

from personalization.actions import copying, own_data
from personalization.models import Erasure, Night
from personalization.night import running
from personalization.night.claim import NightBusy
from personalization.training import parts


class NightFailed(Exception):
    """The database refused something; the words hold nobody's row."""


@shared_task(name="personalization.tasks.begin_night")  # type: ignore[untyped-decorator]
def begin_night() -> str:
    """Begin today's night and take it as far as it goes."""
    now = timezone.now()
    running.check_clock(now)
    running.begin(now.date(), now=now)
    return _go_on()


@shared_task(name="personalization.tasks.night_tick")  # type: ignore[untyped-decorator]
def night_tick() -> str:
    """Continue every unfinished night, and carry out the erasures that wait.

    Returns words for the task's result. A night that fails keeps its error. Later nights wait for
    it, because each builds on the previous one.
    """
    return _go_on()


@shared_task(name="personalization.tasks.reduce_shard")  # type: ignore[untyped-decorator]
def reduce_shard(key: str) -> str:
    """Reduce the shard that a part's key names, for the night that planned it."""
    wanted = parts.make(key, now=timezone.now())
    return "Reduced." if wanted else "Nobody waits for this shard any more."


@shared_task(name="personalization.tasks.rights_tick")  # type: ignore[untyped-decorator]
def rights_tick() -> str:
    """Erase the histories that are due, make the copies that wait, and delete old ones."""
    now = timezone.now()
    erased = own_data.carry_out_due(now=now)
    own_data.forget_old_copies(now=now)
    made = copying.make_waiting(now=now)
    return f"Erased {erased} histories and made {made} copies."


def _erase() -> list[str]:
    if not Erasure.objects.exists():
        return []
    try:
        failed = running.erase(now=timezone.now())
    except NightBusy as busy:
        return [str(busy)]
    waits = [f"{day} still holds an erased viewer: {why}" for day, why in failed.items()]
    return waits or ["Erased viewers are in no sealed day any more."]


def _go_on() -> str:
    lines = _erase()
    for night in running.unfinished(now=timezone.now()):
        try:
            night = running.run(night, clock=timezone.now)
        except NightBusy as busy:
            lines.append(str(busy))
            break
        except DatabaseError as error:
            # Operators read a task's result and traceback. The log holds the original error.
            raise NightFailed(running.in_words(error)) from None
        lines.append(f"{night}: {night.get_stage_display().lower()}. {night.reason}".strip())
        if night.stage != Night.Stage.DONE:
            break
    return "\n".join(lines) or "Nothing is left to do."
