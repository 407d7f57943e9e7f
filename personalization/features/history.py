"""What viewers watched: one weight for each viewer and title, summed by the database.

A viewer with fifty thousand plays comes back as one row for each title.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from django.db import connection

from catalog.models import Credit, Genre, Mood, Title
from catalog.queries import as_of as catalogue
from personalization.bandit.arrays import Floats, Ints
from personalization.features.manifest import ERAS, GENRES, MANIFEST, MOODS

# Minutes: stands for a runtime that is unknown.
USUAL_RUNTIME = 100

# Only quality plays count: a title that was tried and left shows no taste. A play is weighted by
# the share of the runtime played and by its age relative to the viewer's newest play. (The vector
# holds shares, so the reference cancels, and this one cannot underflow.)
WATCHED = """
WITH plays AS (
    SELECT e.viewer_id, e.title_id, e.started_at,
           least(
               1.0, {seconds} / (coalesce({runtime}, %(usual_runtime)s) * 60.0)
           ) AS share
    FROM catalog_watchevent AS e
    JOIN catalog_title AS t ON t.id = e.title_id
    {then}
    {cut}
    WHERE e.viewer_id = ANY(%(viewers)s) AND e.quality_at IS NOT NULL
      AND e.started_at <= {until} {reached}
), newest AS (
    SELECT viewer_id, max(started_at) AS at FROM plays GROUP BY viewer_id
)
SELECT p.viewer_id, p.title_id,
       sum(p.share * power(0.5, least(
           extract(epoch FROM n.at - p.started_at) / (86400 * %(half_life)s), 60)))
FROM plays AS p JOIN newest AS n USING (viewer_id)
GROUP BY p.viewer_id, p.title_id
ORDER BY p.viewer_id, p.title_id
"""

NOW = {"seconds": "e.watched_seconds", "runtime": "t.runtime_minutes", "then": "", "reached": ""}
THEN = {
    "seconds": "coalesce(b.watched_seconds, e.watched_seconds)",
    "runtime": "CASE WHEN r.title_id IS NULL THEN t.runtime_minutes ELSE r.minutes END",
    "then": "LEFT JOIN unnest(%(retimed)s::bigint[], %(runtimes)s::int[]) AS r (title_id, minutes) "
    "ON r.title_id = e.title_id LEFT JOIN catalog_playbefore AS b "
    "ON b.play_id = e.id AND b.last_at <= %(at)s AND b.until > %(at)s",
    "reached": "AND e.quality_at <= %(at)s",
}


@dataclass(frozen=True)
class Watched:
    """Weights of what was watched, by viewer and title, sorted by both: three parallel arrays."""

    viewers: Ints
    titles: Ints
    weights: Floats


@dataclass(frozen=True)
class Replaced:
    """S titles of histories that are taken for others: three parallel arrays.

    Attributes (S,): the viewer's id; the title's; and the id of the title that stands instead.
    """

    viewers: Ints
    titles: Ints
    by: Ints


def replaced(seen: Watched, instead: Replaced) -> Watched:
    """Return histories in which other titles stand, each with the weight of the one replaced.

    A pair that nobody has watched changes nothing.
    """
    if not len(instead.viewers):
        return seen
    viewers, titles_known = np.unique(instead.viewers), np.unique(instead.titles)
    pairs = _pair(instead.viewers, instead.titles, viewers, titles_known)
    history = _pair(seen.viewers, seen.titles, viewers, titles_known)
    order = np.argsort(pairs, kind="stable")
    place = order[np.searchsorted(pairs[order], history).clip(max=len(order) - 1)]
    hit = pairs[place] == history
    titles = seen.titles.copy()
    titles[hit] = instead.by[place[hit]]
    return Watched(seen.viewers, titles, seen.weights)


def _pair(viewers: Ints, titles: Ints, known_viewers: Ints, known_titles: Ints) -> Ints:
    """Return one number for each pair of known ids, and -1 where one is unknown."""
    row = np.searchsorted(known_viewers, viewers).clip(max=len(known_viewers) - 1)
    column = np.searchsorted(known_titles, titles).clip(max=len(known_titles) - 1)
    known = (known_viewers[row] == viewers) & (known_titles[column] == titles)
    return np.where(known, row * len(known_titles) + column, -1).astype(np.int64)


def watched(
    viewer_ids: Sequence[int],
    *,
    at: datetime,
    before: Mapping[int, datetime] | None = None,
    as_of: bool = False,
) -> Watched:
    """Return what the viewers had watched at `at`.

    Plays that begin after `at` are ignored. With `as_of`, plays count as far as they had come by
    `at`, under the runtimes of then; else as far as they have come by now. `before` ends some
    viewers' histories earlier: a simulation holds back their later taste.
    """
    cuts = before or {}
    reading = THEN if as_of else NOW
    runtimes = catalogue.runtimes_changed(at) if as_of else {}
    statement = (
        WATCHED.format(
            cut="LEFT JOIN unnest(%(cut_viewers)s::bigint[], %(cut_times)s::timestamptz[]) "
            "AS cut (viewer_id, at) ON cut.viewer_id = e.viewer_id",
            until="least(%(at)s, cut.at)",
            **reading,
        )
        if cuts
        else WATCHED.format(cut="", until="%(at)s", **reading)
    )
    with connection.cursor() as cursor:
        cursor.execute(
            statement,
            {
                "viewers": list(viewer_ids),
                "at": at,
                "half_life": MANIFEST.half_life_days,
                "usual_runtime": USUAL_RUNTIME,
                "cut_viewers": list(cuts.keys()),
                "cut_times": list(cuts.values()),
                "retimed": list(runtimes),
                "runtimes": list(runtimes.values()),
            },
        )
        rows = cursor.fetchall()
    table = np.array(rows, dtype=object).reshape(-1, 3)
    return Watched(
        table[:, 0].astype(np.int64),
        table[:, 1].astype(np.int64),
        table[:, 2].astype(np.float64),
    )


@dataclass(frozen=True)
class TitleFacts:
    """The facts of titles that the manifest allows.

    Attributes:
        ids: (T,) increasing.
        shares: (T, 18 + 6 + 4 + 1): genres and moods, each summing to one or to
            zero; era; whether it is a series.
        cast_title: (C,) index into `ids`; cast_person: (C,) person ids;
            cast_share: (C,) billing weight, summing to one within a title.
    """

    ids: Ints
    shares: Floats
    cast_title: Ints
    cast_person: Ints
    cast_share: Floats


def title_facts(title_ids: Ints, *, at: datetime | None = None) -> TitleFacts:
    """Read the facts of any number of titles in four queries; with `at`, as they were then."""
    ids = np.unique(np.asarray(title_ids, np.int64))
    place = {int(pk): index for index, pk in enumerate(ids)}
    wanted = list(place)
    genres = np.zeros((len(ids), len(GENRES)))
    moods = np.zeros((len(ids), len(MOODS)))
    eras = np.zeros((len(ids), len(ERAS)))
    series = np.zeros((len(ids), 1))
    read = _facts_then(at) if at else _facts_now(wanted)
    words = ((read.genres, GENRES, genres), (read.moods, MOODS, moods))
    for pairs, names, target in words:
        numbers = {slug: index for index, slug in enumerate(names)}
        for title, slug in pairs:
            if title in place and slug in numbers:
                target[place[title], numbers[slug]] = 1.0
        target /= np.maximum(target.sum(axis=1, keepdims=True), 1.0)
    for title, year, kind in read.titles:
        if title in place:
            era = next(i for i, (first, last) in enumerate(ERAS) if first <= year <= last)
            eras[place[title], era] = 1.0
            series[place[title], 0] = kind == Title.Kind.SERIES
    cast = np.array([row for row in read.cast if row[0] in place], np.int64).reshape(-1, 3)
    cast_title = np.searchsorted(ids, cast[:, 0])
    return TitleFacts(
        ids,
        np.column_stack([genres, moods, eras, series]),
        cast_title.astype(np.int64),
        cast[:, 1],
        _billing_shares(cast_title, cast[:, 2], len(ids)),
    )


@dataclass(frozen=True)
class _Facts:
    """Rows: (title, slug) of genres and moods, (title, year, kind), (title, person, billing)."""

    genres: Iterable[tuple[int, str]]
    moods: Iterable[tuple[int, str]]
    titles: Iterable[tuple[int, int, str]]
    cast: Iterable[tuple[int, int, int]]


def _facts_now(wanted: Sequence[int]) -> _Facts:
    of_titles = {"title_id__in": wanted}
    return _Facts(
        Title.genres.through.objects.filter(**of_titles).values_list("title_id", "genre__slug"),
        Title.moods.through.objects.filter(**of_titles).values_list("title_id", "mood__slug"),
        Title.objects.filter(pk__in=wanted).values_list("pk", "year", "kind"),
        Credit.objects.filter(title__in=wanted, role=Credit.Role.CAST)
        .order_by("title", "billing", "person")
        .values_list("title", "person", "billing"),
    )


def _facts_then(at: datetime) -> _Facts:
    genres = dict(Genre.objects.values_list("pk", "slug"))
    moods = dict(Mood.objects.values_list("pk", "slug"))
    cast = [(title, person, billing) for title, billing, _, person, _ in catalogue.cast(at)]
    return _Facts(
        [(title, genres.get(genre, "")) for title, genre in catalogue.title_genres(at)],
        [(title, moods.get(mood, "")) for title, mood in catalogue.title_moods(at)],
        [(title, year, kind) for title, year, kind, *_ in catalogue.titles(at)],
        sorted(cast, key=lambda row: (row[0], row[2], row[1])),
    )


def billing_weight(billing: Ints) -> Floats:
    """Return how prominent a place in the billing is: 1 / log2(1 + place)."""
    return np.asarray(1.0 / np.log2(1.0 + np.maximum(billing, 1)), np.float64)


def _billing_shares(title: Ints, billing: Ints, titles: int) -> Floats:
    weights = billing_weight(billing)
    totals = np.bincount(title, weights, titles)
    return np.asarray(weights / totals[title], np.float64)
