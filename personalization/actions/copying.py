"""Makes the archive of everything that is kept of a viewer: each table as JSON and as CSV.

A copy is claimed by a conditional update, so that two workers make one archive. One that its worker
has not reported on for a while is made again from the start.
"""

import csv
import io
import json
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

import pyarrow.compute as pc
import pyarrow.parquet as pq
import structlog
from django.db.models import Q
from django.utils import timezone

from catalog.models import (
    HiddenTitle,
    ListedTitle,
    Portrait,
    PutAside,
    Rating,
    Title,
    Viewer,
    WatchedMark,
    WatchEvent,
)
from personalization import storage
from personalization.features.manifest import MANIFEST
from personalization.models import (
    DataCopy,
    Decision,
    HistoryErasure,
    Impression,
    Keep,
    PictureReport,
    SealedDay,
    Window,
)
from personalization.serving.windows import state_of

log = structlog.get_logger(__name__)
SILENT = timedelta(minutes=3)
REPORT_EVERY = 1000  # rows
LARGE = 2000  # rows; with more, a worker makes the copy
STATES = DataCopy.State
Row = Mapping[str, object]
README = """Everything that is kept of the profile “{name}”, as of {at:%Y-%m-%d %H:%M} UTC.

profile      its settings
portrait     the picture that you uploaded for it, if you did, as it is kept (portrait.webp)
plays        what it watched
windows      the numbers that choices were made from, each by its name
decisions    which picture was chosen, with what chances; by whom: policy and standing
sealed       older choices, which only the files for learning hold
impressions  the days on which a chosen picture was really seen
list         the titles on your list
ratings      how you liked titles; they shape rows and never pictures
hidden       the titles that you hid
marks        what you marked as watched or not watched
aside        what you removed from Continue watching
keeps        pictures that you chose yourself
reports      your reports of pictures
erasures     when you had the history erased, and what was erased

Each but the portrait is there as JSON and as CSV. Times are UTC. What you may have declared about
yourself for audits is not in it: this program can take a declaration and cannot read one.
"""


def rows_kept(viewer: Viewer) -> int:
    """Return about how many rows a copy has; a day that is only in a file counts as LARGE."""
    dropped = SealedDay.objects.filter(dropped_at__isnull=False).exists()
    return (
        WatchEvent.objects.filter(viewer=viewer).count()
        + 2 * Decision.objects.filter(viewer=viewer).count()
        + Window.objects.filter(viewer=viewer).count()
        + (LARGE if dropped else 0)
    )


def make_waiting(*, now: datetime) -> int:
    """Make every copy that waits, or whose worker is gone; return how many."""
    found = DataCopy.objects.filter(_waits(now)).values_list("pk", flat=True)
    return sum(make(pk, now=now) for pk in list(found))


def make(pk: int, *, now: datetime) -> bool:
    """Make one copy, if nobody else does."""
    claimed = DataCopy.objects.filter(_waits(now), pk=pk).update(
        state=STATES.MAKING, reported_at=now, rows_done=0
    )
    if not claimed:
        return False
    copy = DataCopy.objects.select_related("viewer").get(pk=pk)
    try:
        archive = _archive(copy.viewer, now, lambda done: _report(pk, done))
    except (storage.StorageAltered, storage.StorageMissing) as error:
        log.warning("copy_failed", copy=pk, why=str(error))
        DataCopy.objects.filter(pk=pk).update(state=STATES.FAILED)
        return False
    DataCopy.objects.filter(pk=pk, state=STATES.MAKING).update(state=STATES.READY, archive=archive)
    return True


def _waits(now: datetime) -> Q:
    """Select the copies that nobody makes; a report from the future is one of a wrong clock."""
    silent = Q(reported_at__lt=now - SILENT) | Q(reported_at__gt=now + SILENT)
    return Q(state=STATES.WAITING) | silent & Q(state=STATES.MAKING)


def _report(pk: int, done: int) -> None:
    DataCopy.objects.filter(pk=pk).update(rows_done=done, reported_at=timezone.now())


def _archive(viewer: Viewer, now: datetime, report: Callable[[int], None]) -> bytes:
    """Return the archive. Rows go through a temporary file, a table at a time."""
    done = 0
    with tempfile.TemporaryFile() as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("README.txt", README.format(name=viewer.name, at=now))
            portrait = Portrait.objects.filter(viewer=viewer).first()
            if portrait is not None:
                archive.writestr("portrait.webp", bytes(portrait.webp))
            for name, rows in _tables(viewer):
                counted = list(_reporting(rows, done, report))
                done += len(counted)
                archive.writestr(f"{name}.json", _json(counted))
                archive.writestr(f"{name}.csv", _csv(counted))
        report(done)
        file.seek(0)
        return file.read()


def _reporting(rows: Iterable[Row], before: int, report: Callable[[int], None]) -> Iterator[Row]:
    for number, row in enumerate(rows, before + 1):
        if number % REPORT_EVERY == 0:
            report(number)
        yield row


def _json(rows: list[Row]) -> str:
    return json.dumps(rows, indent=1, ensure_ascii=False, default=str)


def _csv(rows: list[Row]) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    if rows:
        writer.writerow(rows[0])
        writer.writerows([_cell(value) for value in row.values()] for row in rows)
    return text.getvalue()


def _cell(value: Any) -> Any:
    """Return a value for a spreadsheet, in which no text may become a formula."""
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, default=str)
    is_formula = isinstance(value, str) and value[:1] in {"=", "+", "-", "@", "\t", "\r"}
    return f"'{value}" if is_formula else value


def _tables(viewer: Viewer) -> Iterator[tuple[str, Iterable[Row]]]:
    """Yield each table's name and rows, in the order of README."""
    titles = dict(Title.objects.values_list("pk", "name"))
    yield "profile", [_profile(viewer)]
    yield "plays", _plays(viewer)
    yield "windows", _windows(viewer)
    yield "decisions", _decisions(viewer, titles)
    yield "sealed", _sealed(viewer, titles)
    yield "impressions", _impressions(viewer)
    yield from _opinions(viewer)
    yield (
        "keeps",
        Keep.objects.filter(viewer=viewer).values("title__name", "artwork", "kind", "chosen_at"),
    )
    yield (
        "reports",
        PictureReport.objects.filter(viewer=viewer).values(
            "title__name", "artwork", "reason", "words", "sent_at", "state", "answer"
        ),
    )
    yield (
        "erasures",
        HistoryErasure.objects.filter(viewer=viewer).values(
            "asked_at", "done_at", "plays", "windows", "decisions"
        ),
    )


def _opinions(viewer: Viewer) -> Iterator[tuple[str, Iterable[Row]]]:
    """Yield what the viewer said about titles."""
    kinds: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
        ("list", ListedTitle, ("added_at",)),
        ("ratings", Rating, ("value", "rated_at")),
        ("hidden", HiddenTitle, ("hidden_at",)),
        ("marks", WatchedMark, ("episode", "watched", "marked_at")),
        ("aside", PutAside, ("at",)),
    )
    for name, model, fields in kinds:
        said = model.objects.filter(viewer=viewer).order_by("pk")
        yield name, said.values("title__name", *fields).iterator()


def _profile(viewer: Viewer) -> Row:
    names = (
        "name", "public_id", "colour", "figure", "language", "theme", "is_child", "maturity_limit",
        "asks_pin", "personalised", "home_order", "home_hidden", "history_length", "created_at",
    )  # fmt: skip
    return {name: getattr(viewer, name) for name in names}


def _plays(viewer: Viewer) -> Iterator[Row]:
    plays = WatchEvent.objects.filter(viewer=viewer).order_by("pk")
    return plays.values(
        "title__name", "episode", "origin", "started_at", "last_at", "position_seconds",
        "watched_seconds", "finished", "quality_at",
    ).iterator()  # fmt: skip


def _windows(viewer: Viewer) -> Iterator[Row]:
    for window in Window.objects.filter(viewer=viewer).order_by("pk").iterator():
        state = state_of(window)
        yield {
            "window": window.pk,
            "opened_at": window.opened_at,
            "ended_early_at": window.released_at,
            "model": window.model_id,
            "history_length": window.history_length,
            **dict(zip(MANIFEST.context, state.vector.tolist(), strict=False)),
            "people": dict(zip(state.people.tolist(), state.weights.tolist(), strict=True)),
        }


def _decisions(viewer: Viewer, titles: dict[int, str]) -> Iterator[Row]:
    found = Decision.objects.filter(viewer=viewer).order_by("day", "pk")
    fields = (
        "id", "title_id", "window_id", "model_id", "policy", "standing", "artworks",
        "probabilities", "chosen", "propensity", "surface", "position", "first_seen_at", "begun",
    )  # fmt: skip
    for row in found.values(*fields).iterator():
        yield {"title": titles.get(row["title_id"], "")} | row


def _impressions(viewer: Viewer) -> Iterator[Row]:
    seen = Impression.objects.filter(decision__viewer=viewer).order_by("day", "pk")
    return seen.values("decision_id", "day", "seen_at", "page_view").iterator()


def _sealed(viewer: Viewer, titles: dict[int, str]) -> Iterator[Row]:
    """Yield what the files of days hold whose rows have left the journal."""
    columns = ["title", "chosen", "propensity", "policy", "first_seen", "impressions", "reward"]
    for day in SealedDay.objects.filter(dropped_at__isnull=False).order_by("day"):
        path = storage.local_path(day.path, day.sha256)
        table = pq.read_table(
            path,
            columns=columns,
            filters=pc.field("viewer") == viewer.public_id.bytes,
        )
        for row in table.to_pylist():
            yield {"day": day.day, "title": titles.get(row.pop("title"), "")} | row
