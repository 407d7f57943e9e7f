"""Spreads the shards that the fit needs over the workers, by a Celery chord.

The rows of the parts say what is done. Messages may be lost: a part that no worker has made after a
while is sent again, and in the end the process that runs the night makes it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog
from celery import chord, signature
from django.conf import settings
from django.db.models import Count, F, Q
from kombu.exceptions import OperationalError

from catalog.clocks import CLOCKS_DIFFER
from personalization.models import Part

log = structlog.get_logger(__name__)
REDUCE = "personalization.tasks.reduce_shard"
GO_ON = "personalization.tasks.night_tick"
SENDINGS = 2  # after this many without an answer no worker is expected to make it


@dataclass(frozen=True)
class ShardProgress:
    """How many of the planned shards are reduced, and how many are planned."""

    made: int
    of: int

    def __str__(self) -> str:
        return f"{self.made} of {self.of} shards"


def is_awaited(parts: Sequence[Part], *, now: datetime) -> bool:
    """Send the missing parts to the workers, and say whether to wait for them.

    For one caller at a time.
    """
    missing = [part for part in parts if not part.sha256]
    if not missing:
        return False
    unsent = [part for part in missing if part.sent_at is None]
    if unsent:
        _send(unsent, now)
        return True
    if now - _last_heard(parts, now) < timedelta(minutes=settings.REDUCE_PATIENCE_MINUTES):
        return True
    where = {"missing": len(missing), "of": len(parts)}
    if max(part.sendings for part in missing) >= SENDINGS:
        log.warning("shards_given_up", **where)
        return False
    log.warning("shards_sent_again", **where)
    _send(missing, now)
    return True


def shard_progress() -> ShardProgress:
    """Return how many of the planned shards are reduced."""
    return ShardProgress(
        **Part.objects.aggregate(made=Count("pk", filter=~Q(sha256="")), of=Count("pk"))
    )


def _last_heard(parts: Sequence[Part], now: datetime) -> datetime:
    """Return when a part was last sent or made. Times that a clock ahead gave say nothing."""
    heard = [at for part in parts for at in (part.sent_at, part.made_at) if at is not None]
    known = (at for at in heard if at <= now + CLOCKS_DIFFER)
    return max(known, default=datetime.min.replace(tzinfo=UTC))


def _send(parts: Sequence[Part], now: datetime) -> None:
    """Have a worker make each part, and a tick continue the night when all are made."""
    # Counted before the messages are sent, so that a kill in between cannot send them for ever.
    Part.objects.filter(pk__in=[part.pk for part in parts]).update(
        sent_at=now, sendings=F("sendings") + 1
    )
    header = [signature(REDUCE, (part.key,), immutable=True) for part in parts]
    try:
        chord(header)(signature(GO_ON, immutable=True))
    except OperationalError as error:
        log.warning("shards_not_sent", shards=len(parts), why=str(error))
    else:
        log.info("shards_sent", shards=len(parts))
