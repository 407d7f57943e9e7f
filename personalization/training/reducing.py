"""Running statistics: the sum of all days up to a day, with decay. Each day is read once.

S_d = ½^(gap / half-life) · S_(d−1) + Σ s_(d, shard), in the order of the days and of their shards.
The same days give the same bits, whichever worker reduced a shard and when. A night reduces only
its new day. Each sum is kept under a key that covers everything it was made from. A late sealed
day, or other code, starts a new chain from there.
"""

import hashlib
from collections.abc import Callable, Sequence
from functools import partial

import structlog
from django.conf import settings

from personalization import storage
from personalization.bandit import files
from personalization.bandit.statistics import Running, Statistics
from personalization.models import Reduction, SealedDay
from personalization.training import parts, shards
from personalization.training.expectations import Choosers
from personalization.training.shards import CODE

log = structlog.get_logger(__name__)
# In a long catch-up only every MILESTONE-th sum is kept, because each is as large as a day's file.
MILESTONE = 10
FOLDER = "statistics"
Progress = Callable[[str, int, int], None]


def running(
    days: Sequence[SealedDay], *, progress: Progress, choosers: Choosers | None = None
) -> Statistics | None:
    """Return the statistics of `days`, decayed to the newest; None without decisions.

    `days` are oldest first. `choosers` give the expected rewards; by default all model versions.
    Raises StorageAltered or StorageMissing if a sealed day that must be read is not as it was
    sealed. An altered sum is made again.
    """
    choosers = choosers or Choosers.known()
    keys = _keys(days, choosers)
    kept, start = _longest_kept(days, keys)
    upto = Running(kept or shards.NOTHING)
    steps = partial(parts.steps, parts.by_day(days[start:], choosers), choosers)
    with shards.in_turn(days[start:], steps) as sums:
        for place, of_day in enumerate(sums, start):
            progress(f"Reducing {days[place]}", place, len(days))
            upto.decay(_factor(days, place))
            for each in of_day:
                upto.add(each)
            if len(upto.total.artwork_ids) and _worth_keeping(place, len(days)):
                _keep(upto.total, days[place], keys[place])
    return upto.total if len(upto.total.artwork_ids) else None


def unreduced(days: Sequence[SealedDay]) -> Sequence[SealedDay]:
    """Return the days that `running` has to reduce: those after the newest whose sum is kept."""
    keys = _keys(days, Choosers.known())
    kept = set(Reduction.objects.filter(key__in=keys).values_list("key", flat=True))
    start = max((place + 1 for place, key in enumerate(keys) if key in kept), default=0)
    return days[start:]


def forget(days: Sequence[SealedDay]) -> None:
    """Remove the sums that are not needed once those of `days` are kept.

    For one caller at a time.
    """
    keys = _keys(days, Choosers.known())
    worth = [key for place, key in enumerate(keys) if _worth_keeping(place, len(days))]
    Reduction.objects.exclude(key__in=worth).delete()
    storage.sweep(FOLDER, keep=set(Reduction.objects.values_list("path", flat=True)))


def _keys(days: Sequence[SealedDay], choosers: Choosers) -> list[str]:
    keys: list[str] = []
    for place, day in enumerate(days):
        before = [keys[-1], str((day.day - days[place - 1].day).days)] if keys else []
        half_life = repr(settings.HALF_LIFE_DAYS)
        made_from = [*before, day.sha256, day.manifest_digest, choosers.key, CODE, half_life]
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


def _factor(days: Sequence[SealedDay], place: int) -> float:
    """Return the decay from the previous day to this one."""
    gap = (days[place].day - days[place - 1].day).days if place else 0
    return float(0.5 ** (gap / settings.HALF_LIFE_DAYS))


def _worth_keeping(place: int, count: int) -> bool:
    """Say whether the sum up to a day is needed, by a later night or by this night's evaluation.

    Later nights continue from the newest. The evaluation needs the sum up to the days that it
    compares the unseen ones with. After a day that was written again or sealed late, the sums are
    made again from the milestone before it.
    """
    newest = count - 1 - settings.EVALUATION_DAYS
    return place >= newest or place % MILESTONE == MILESTONE - 1


def _keep(total: Statistics, day: SealedDay, key: str) -> None:
    content = files.pack_statistics(total, meta={"key": key, "to": str(day.day)})
    stored = storage.put(content, folder=FOLDER, suffix=".mq")
    Reduction.objects.get_or_create(
        key=key, defaults={"day": day, "path": stored.path, "sha256": stored.sha256}
    )
