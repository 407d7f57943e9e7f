"""Running statistics: all days up to one, decayed to it, kept so that each day is read once.

S_d = ½^(gap / half-life) · S_(d−1) + s_d, in the order of the days, so the same
days give the same bits and a night costs what its one new day costs. Each sum
is kept under a key that names everything it was made from; a sealed day that
turns up late, or other code, starts a new chain from there.
"""

import hashlib
from collections.abc import Callable, Sequence

import structlog
from django.conf import settings

from personalization import storage
from personalization.bandit import files
from personalization.bandit.statistics import Statistics, merge, reduce
from personalization.journal import reading
from personalization.models import Reduction, SealedDay
from personalization.training.rows import rows

log = structlog.get_logger(__name__)
# Changed whenever the same decisions would give other sums.
CODE = "3"
Progress = Callable[[str, int, int], None]


def running(days: Sequence[SealedDay], *, progress: Progress) -> Statistics | None:
    """Return the statistics of `days` (oldest first), decayed to the newest; None of no decision.

    Raises StorageAltered or StorageMissing if a sealed day that has to be read
    is not as it was sealed. A kept sum that was altered is made again.
    """
    keys = _keys(days)
    total, start = _longest_kept(days, keys)
    for place in range(start, len(days)):
        progress(f"Reducing {days[place]}", place, len(days))
        parts = [_decayed(total, days, place)] if total is not None else []
        parts += [
            reduce(artwork_ids=batch.chosen, rows=rows(batch), rewards=batch.rewards)
            for batch in reading.shown(days[place])
            if len(batch)
        ]
        total = merge(parts) if parts else None
        if total is not None:
            _keep(total, days[place], keys[place])
    return total


def _keys(days: Sequence[SealedDay]) -> list[str]:
    keys: list[str] = []
    for place, day in enumerate(days):
        before = [keys[-1], str((day.day - days[place - 1].day).days)] if keys else []
        made_from = [*before, day.sha256, day.manifest_digest, CODE, repr(settings.HALF_LIFE_DAYS)]
        keys.append(hashlib.sha256("\n".join(made_from).encode()).hexdigest())
    return keys


def _longest_kept(days: Sequence[SealedDay], keys: Sequence[str]) -> tuple[Statistics | None, int]:
    """Return the sum that covers the most days, and how many these are."""
    kept = {found.key: found for found in Reduction.objects.filter(key__in=keys)}
    for place in range(len(days) - 1, -1, -1):
        found = kept.get(keys[place])
        if found is None:
            continue
        try:
            path = storage.local_path(found.path, found.sha256)
            statistics, _ = files.open_statistics(path, sha256=found.sha256)
        except (storage.StorageAltered, storage.StorageMissing) as error:
            log.warning("statistics_made_again", day=str(found.day), why=str(error))
            continue
        return statistics, place + 1
    return None, 0


def _decayed(total: Statistics, days: Sequence[SealedDay], place: int) -> Statistics:
    gap = (days[place].day - days[place - 1].day).days
    return total.decayed(0.5 ** (gap / settings.HALF_LIFE_DAYS))


def _keep(total: Statistics, day: SealedDay, key: str) -> None:
    content = files.pack_statistics(total, meta={"key": key, "to": str(day.day)})
    stored = storage.put(content, folder="statistics", suffix=".mq")
    Reduction.objects.get_or_create(
        key=key, defaults={"day": day, "path": stored.path, "sha256": stored.sha256}
    )
