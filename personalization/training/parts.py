"""Parts: the shards for workers to reduce, and the sums of those that are done.

A part's row is written before any worker starts. A worker that has reduced the shard fills in the
row once, if the row still exists. A task that is lost, late, doubled, or of another version of the
code then changes nothing. The process that runs the night reduces what is missing.
"""

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial

import structlog

from personalization import storage
from personalization.bandit import files
from personalization.bandit.statistics import Statistics
from personalization.journal import reading
from personalization.journal.reading import Shards
from personalization.models import Part, SealedDay
from personalization.training.expectations import Choosers
from personalization.training.shards import CODE, Step, sums_of

log = structlog.get_logger(__name__)
FOLDER = "parts"


def plan(days: Sequence[SealedDay]) -> list[Part]:
    """Return a part for each shard of `days`, in their order, and delete all other parts.

    For one caller at a time. Raises StorageMissing if a day's file is gone.
    """
    wanted = {day.pk for day in days}
    choosers = Choosers.known()
    others = [
        part.pk
        for part in Part.objects.select_related("day")
        if part.day_id not in wanted or part.key != _key(part.day, part.shard, choosers)
    ]
    Part.objects.filter(pk__in=others).delete()
    entered = set(Part.objects.values_list("day_id", flat=True))
    for day in days:
        if day.pk not in entered:
            count = reading.count_shards(day)
            # One statement: all of a day's shards are entered, or none.
            Part.objects.bulk_create(
                Part(day=day, shard=number, of=count, key=_key(day, number, choosers))
                for number in range(count)
            )
    return list(Part.objects.select_related("day"))


def make(key: str, *, now: datetime) -> bool:
    """Reduce the shard that a part's key names; say whether it was still needed.

    Raises StorageAltered or StorageMissing if the day is not as it was sealed.
    """
    part = Part.objects.select_related("day").filter(key=key, sha256="").first()
    choosers = Choosers.known()
    if part is None or part.key != _key(part.day, part.shard, choosers):
        return False
    # A worker opens a day for each of its shards. The digest is checked only the first time.
    sums = _sums_from(reading.shards(part.day, again=False), choosers, part.shard)
    stored = storage.put(
        files.pack_statistics(sums, meta={"key": key}), folder=FOLDER, suffix=".mq"
    )
    filled = Part.objects.filter(key=key, sha256="").update(
        path=stored.path, sha256=stored.sha256, made_at=now
    )
    return bool(filled)


def by_day(days: Sequence[SealedDay], choosers: Choosers) -> Mapping[int, list[Part]]:
    """Return the days' parts, made or not, by the day's id, each in the order of the shards."""
    found: dict[int, list[Part]] = defaultdict(list)
    for part in Part.objects.filter(day__in=days).select_related("day"):
        if part.key == _key(part.day, part.shard, choosers):
            found[part.day_id].append(part)
    return found


def steps(parts: Mapping[int, Sequence[Part]], choosers: Choosers, day: SealedDay) -> list[Step]:
    """Return one function for each of a day's shards that returns the shard's sums.

    The sums come from the shard's part if it is made. A part that is altered or missing is made
    again. Raises StorageAltered or StorageMissing if the day has to be read and is not as it was
    sealed.
    """
    made = {part.shard: part for part in parts.get(day.pk, ()) if part.sha256}
    whole = next((part.of for part in made.values()), 0)
    if whole and len(made) == whole:
        return [partial(_sums_in, made[number], choosers) for number in range(whole)]
    opened = reading.shards(day)
    return [
        partial(_sums_in, made[number], choosers)
        if number in made
        else partial(_sums_from, opened, choosers, number)
        for number in range(len(opened))
    ]


def _sums_in(part: Part, choosers: Choosers) -> Statistics:
    try:
        path = storage.local_path(part.path, part.sha256)
        statistics, _ = files.open_statistics(path, sha256=part.sha256)
    except (storage.StorageAltered, storage.StorageMissing) as error:
        log.warning("part_made_again", part=str(part), why=str(error))
        return _sums_from(reading.shards(part.day), choosers, part.shard)
    return statistics


def _sums_from(opened: Shards, choosers: Choosers, number: int) -> Statistics:
    return sums_of(opened.read(number), choosers)


def forget() -> None:
    """Remove all parts, since running sums hold their contents. Repeating it changes nothing."""
    Part.objects.all().delete()
    storage.sweep(FOLDER, keep=())


def _key(day: SealedDay, shard: int, choosers: Choosers) -> str:
    made_from = [day.sha256, str(shard), day.manifest_digest, choosers.key, CODE]
    return hashlib.sha256("\n".join(made_from).encode()).hexdigest()
