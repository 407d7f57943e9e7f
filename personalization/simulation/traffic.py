"""Simulates one day in the real tables: windows, choices, impressions and plays."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import numpy as np
from django.db import transaction

from catalog.models import Title, Viewer
from personalization.actions.journal_in_bulk import Seen, record_seen_in_bulk
from personalization.bandit.arrays import Floats, Ints
from personalization.features.artworks import ArtworkIndex
from personalization.models import Decision, Window
from personalization.serving import bulk, deciding
from personalization.serving.chooser import model_of, page_of
from personalization.serving.draw_key import draw_key
from personalization.serving.windows import Pinned
from personalization.simulation.crowds import Crowd
from personalization.simulation.plays import Play, record_plays
from personalization.simulation.truth import Truth
from personalization.simulation.worth import Slates, Worth

EVENING = time(19)  # when a simulated day's pages are opened; plays begin within the hour
BROWSING = 3000  # seconds over which an evening's pages are spread


@dataclass(frozen=True)
class SimulatedWorld:
    """What stays the same from day to day."""

    crowd: Crowd
    truth: Truth
    index: ArtworkIndex
    seed: int
    slate: int  # titles on each viewer's page


@transaction.atomic
def simulate_day(world: SimulatedWorld, day: date) -> Worth:
    """Simulate one day, in one transaction, and return what the policies were worth on it.

    The result depends only on the seed and the day. Plays are marked in `crowd.watched`.
    """
    crowd = world.crowd
    random = np.random.default_rng([world.seed, day.toordinal()])
    now = datetime.combine(day, EVENING, UTC)
    # Choices use a viewer's history up to the crowd's cut.
    open_now = bulk.open_many(crowd.viewers, now=now, before=crowd.cuts or None)
    visits = _visits(world, random, now, open_now)
    titles = (np.fromiter(visit.position, np.int64) for visit in visits)
    pages = [
        page_of(world.index, visit.viewer, visit.pinned, asked)
        for visit, asked in zip(visits, titles, strict=True)
    ]
    worth = Worth()
    seen: list[Seen] = []
    plays: list[Play] = []
    choices = bulk.decide_many(pages, world.index, key=draw_key())
    for visit, decided in zip(visits, choices, strict=True):
        evening, window = visit.evening, visit.pinned.window
        positions = np.array([visit.position[each.title_id] for each in decided], np.int64)
        chances = _count(world, worth, visit, decided, positions)
        for each, place, chance in zip(decided, positions.tolist(), chances, strict=True):
            seen.append(evening.seen(visit.viewer, window, each, place))
            if evening.luck[place, 0] < chance:
                plays.append(evening.play(visit.viewer, each.title_id, place))
    record_seen_in_bulk(seen)
    _play(crowd, plays)
    return worth


@dataclass(frozen=True)
class _Evening:
    """One viewer's evening: the time, the page view, and the random numbers of each place."""

    at: datetime
    page_view: UUID
    luck: Floats  # (slate, 3) in [0, 1): whether it is played, how soon, how far
    play_ids: bytes

    def seen(self, viewer: Viewer, window: Window, decided: deciding.Decided, place: int) -> Seen:
        return Seen(
            viewer_id=viewer.pk,
            window_id=window.pk,
            model_id=window.model_id,
            decided=decided,
            surface="home",
            position=place,
            at=self._moment(place),
            page_view=self.page_view,
            begun=False,
        )

    def play(self, viewer: Viewer, title_id: int, place: int) -> Play:
        return Play(
            viewer_id=viewer.pk,
            title_id=title_id,
            at=self._moment(place) + timedelta(seconds=20 + 300 * float(self.luck[place, 1])),
            play_id=UUID(bytes=self.play_ids[16 * place : 16 * (place + 1)], version=4),
            share=0.3 + 0.7 * float(self.luck[place, 2]),
        )

    def _moment(self, place: int) -> datetime:
        return self.at + timedelta(seconds=2 * place)


@dataclass(frozen=True)
class _Visit:
    """One viewer opens the home page. `position` gives the place of each new title."""

    row: int  # of the crowd
    viewer: Viewer
    pinned: Pinned
    evening: _Evening
    position: dict[int, int]


def _visits(
    world: SimulatedWorld, random: np.random.Generator, now: datetime, open_now: dict[int, Pinned]
) -> list[_Visit]:
    """Draw the day's visits, without those that would show nothing new."""
    crowd = world.crowd
    known = _decided(open_now)
    visits: list[_Visit] = []
    for row, columns in enumerate(_slates(world, random, now)):
        viewer = crowd.viewers[row]
        pinned = open_now[viewer.pk]
        evening = _evening(random, now, world.slate)
        position = {
            int(crowd.title_ids[column]): place
            for place, column in enumerate(columns)
            if column >= 0 and (pinned.window.pk, int(crowd.title_ids[column])) not in known
        }
        if position:
            visits.append(_Visit(row, viewer, pinned, evening, position))
    return visits


def _evening(random: np.random.Generator, now: datetime, slate: int) -> _Evening:
    return _Evening(
        at=now + timedelta(seconds=float(random.uniform(0, BROWSING))),
        page_view=UUID(bytes=random.bytes(16), version=4),
        luck=random.random((slate, 3)),
        play_ids=random.bytes(16 * slate),
    )


def _decided(open_now: dict[int, Pinned]) -> set[tuple[int, int]]:
    """Return the (window, title) pairs that have a decision already."""
    ids = [pinned.window.pk for pinned in open_now.values()]
    return set(Decision.objects.filter(window__in=ids).values_list("window", "title"))


def _slates(world: SimulatedWorld, random: np.random.Generator, now: datetime) -> Ints:
    """Draw each viewer's page of titles that they have not begun: (V, slate), −1 for none."""
    crowd = world.crowd
    there = set(Title.objects.filter(added_at__lte=now).values_list("pk", flat=True))
    order = random.random(crowd.watched.shape)
    order[crowd.watched | ~np.isin(crowd.title_ids, list(there))] = np.inf
    columns = np.argsort(order, axis=1)[:, : world.slate]
    return np.where(np.isinf(np.take_along_axis(order, columns, axis=1)), -1, columns)


def _count(
    world: SimulatedWorld,
    worth: Worth,
    visit: _Visit,
    decided: Sequence[deciding.Decided],
    positions: Ints,
) -> Floats:
    """Add a page to the policies' worth; return the true chance of each chosen artwork."""
    if not decided:
        return np.zeros(0)
    index = world.index
    counts = np.array([len(each.artworks) for each in decided], np.int64)
    starts = np.append(0, counts.cumsum()[:-1]).astype(np.int64)
    places = index.places_of(np.concatenate([each.artworks for each in decided]))
    chances = world.truth.probability(
        np.full(len(places), visit.row), places, np.repeat(positions, counts)
    )
    model, _ = model_of(visit.pinned.window, index)
    state = visit.pinned.state
    rows = index.rank[places]
    slates = Slates(
        starts=starts,
        served=np.concatenate([each.probabilities for each in decided]),
        is_default=index.defaults[places].astype(np.float64),
        model=model,
        rows=rows,
        scores=model.slate_scores(
            state.vector, index.match(state.people, state.weights, places), rows
        )
        if model
        else None,
        plain=np.asarray(model.context_free[rows]) if model else None,
    )
    worth.add(slates, chances)
    chosen: Floats = chances[starts + np.array([each.chosen for each in decided])]
    return chosen


def _play(crowd: Crowd, plays: Sequence[Play]) -> None:
    """Record the plays, and update the crowd's begun titles and history lengths."""
    if not plays:
        return
    record_plays(plays)
    row = {viewer.pk: at for at, viewer in enumerate(crowd.viewers)}
    for play in plays:
        at = row[play.viewer_id]
        crowd.watched[at, np.searchsorted(crowd.title_ids, play.title_id)] = True
        crowd.viewers[at].history_length += 1
