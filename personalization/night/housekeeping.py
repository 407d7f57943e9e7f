"""The night's housekeeping in the journal: erase, drop, prepare. Doing it twice changes nothing."""

from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from personalization.journal import dropping, erasing, partitions, shares


@dataclass(frozen=True, slots=True)
class Housekeeping:
    """What was done.

    Attributes:
        strays: files that no row names, which were removed.
        not_erased: why a day still holds an erased viewer, by day.
        kept: why a day stays that is old enough to leave the journal, by day.
        windows: how many windows were deleted.
    """

    strays: list[str]
    not_erased: dict[str, str]
    kept: dict[str, str]
    windows: int

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def keep_house(night: date, *, now: datetime) -> Housekeeping:
    """Count what is shown, erase who is gone, drop what is old enough, prepare the days that come.

    In this order: the fit that follows is without the erased viewers, and a day leaves the
    journal only once its file is without them. Only the worker that holds the night may call it.
    """
    shares.keep_shares(night - timedelta(days=1))
    strays = erasing.sweep()
    not_erased = erasing.carry_out(now=now)
    kept = dropping.drop_old(night, now=now)
    windows = dropping.drop_old_windows(night) + dropping.drop_windows_ahead(now=now)
    partitions.prepare(max(night, partitions.utc_day(now)))
    return Housekeeping(strays, not_erased, kept, windows)
