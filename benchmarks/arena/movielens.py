"""A world derived from MovieLens 100K: vectors from earlier tastes, rewards from later ones.

Harper and Konstan, The MovieLens Datasets (ACM TiiS, 2015). The folder is named by
MARQUEE_MOVIELENS; no data is part of this repository.
"""

import csv
import os
from pathlib import Path

import numpy as np

from benchmarks.arena.planted import standardised
from benchmarks.arena.world import PLACES, ArenaWorld
from personalization.bandit.arrays import Floats, Ints
from personalization.bandit.table import ArtworkTable

FOLDER = "MARQUEE_MOVIELENS"
TITLES, EACH, GENRES, BILLED = 120, 5, 18, 4
KINDS = ("lead", "supporting", "ensemble", "scene", "moment")


class NoMovieLens(Exception):
    """The data is missing; the message says what to set."""


def folder() -> Path:
    named = os.environ.get(FOLDER, "")
    if not named or not (Path(named) / "u.data").is_file():
        raise NoMovieLens(f"{FOLDER} names no folder with MovieLens 100K (u.data, u.item)")
    if not (Path(named) / "credits.csv").is_file():
        raise NoMovieLens(f"{FOLDER}'s folder has no credits.csv (item_id, billing_order, name)")
    return Path(named)


def movielens(seed: int) -> ArenaWorld:
    """People, films and casts are real; each film's pictures and their effect are planted."""
    where = folder()
    genres, years = _films(where / "u.item")
    cast = _credits(where / "credits.csv", len(genres))
    earlier, later, lengths = _halves(where / "u.data", len(genres))
    random = np.random.default_rng([seed, 3])
    chosen = _catalogue(random, genres, cast, earlier + later)
    before, after = earlier @ genres, later @ genres
    shares, taste = _shares(before), _centred(_shares(after))
    breadth = -(shares * np.log(shares + 1e-12)).sum(axis=1) / np.log(GENRES)
    vectors = np.column_stack(
        [shares, _shares(earlier @ years), np.log1p(lengths) / np.log1p(1000), breadth]
    )
    theme, who = _pictures(random, genres, chosen)
    billing = np.array([[1.0, 0, 0, 0], [0, 0, 1, 0], [0.5, 0.5, 0.5, 0.5]])
    shows = np.zeros((len(theme), cast.shape[1]))
    for artwork, (title, kind) in enumerate(zip(np.repeat(chosen, EACH), who, strict=True)):
        if kind < len(billing):
            people = np.flatnonzero(cast[title])
            order = people[np.argsort(-cast[title, people])]
            shows[artwork, order] = billing[kind, : len(order)]
    known_before, known_after = (_shares(half @ cast) @ shows.T for half in (earlier, later))
    kinds = np.eye(len(KINDS))[who]
    features = np.column_stack([kinds, _moods(theme), shows.sum(axis=1) / BILLED])
    likes_kind = random.standard_normal((GENRES, len(KINDS))) / 3
    appeal = (
        -2.7
        + np.repeat(0.5 * standardised(taste @ genres[chosen].T), EACH, axis=1)
        + random.normal(0, 0.3, len(theme))
        + 0.7 * taste[:, theme]
        + 0.7 * (taste @ likes_kind)[:, who]
        + 0.9 * known_after / (known_after + np.median(known_after[known_after > 0]))
    )
    often = np.exp(0.7 * standardised(shares @ genres[chosen].T))
    ids = np.arange(len(theme))
    return ArenaWorld(
        name="movielens",
        vectors=vectors,
        match=known_before,
        table=ArtworkTable(ids, ids // EACH, features),
        each=EACH,
        arrives=np.zeros(len(theme), np.int64),
        appeal=lambda night: appeal,
        position=-0.3,
        meets=(often / often.sum(axis=1, keepdims=True)).cumsum(axis=1),
        places=np.full(often.shape, PLACES / 2.0),
    )


def _films(path: Path) -> tuple[Floats, Floats]:
    """Return (I, 18) genres without “unknown” and (I, 4) eras."""
    rows = [line.split("|") for line in path.read_text("latin-1").splitlines()]
    genres = np.array([[float(flag) for flag in row[6:24]] for row in rows])
    years = np.array([int(row[2][-4:] or 1995) for row in rows])
    return genres, np.eye(4)[np.digitize(years, (1960, 1980, 1994))]


def _credits(path: Path, items: int) -> Floats:
    """Return (I, P) billing weights: 1, 1/2, 1/3, 1/4."""
    with path.open(newline="") as file:
        rows = [
            (int(row["item_id"]) - 1, int(row["billing_order"]), row["name"])
            for row in csv.DictReader(file)
        ]
    people = {name: at for at, name in enumerate(sorted({name for _, _, name in rows}))}
    cast = np.zeros((items, len(people)))
    for item, billing, name in rows:
        if billing <= BILLED:
            cast[item, people[name]] = 1.0 / billing
    return cast


def _halves(path: Path, items: int) -> tuple[Floats, Floats, Ints]:
    """Return what each person liked (4 or 5 stars) earlier and later, (P, I) each, and counts."""
    raw = np.loadtxt(path, dtype=np.int64)
    raw = raw[np.lexsort((raw[:, 1], raw[:, 3], raw[:, 0]))]
    people = raw[:, 0].max()
    halves = np.zeros((2, people, items))
    lengths = np.zeros(people, np.int64)
    for person in range(people):
        own = raw[raw[:, 0] == person + 1]
        middle = len(own) // 2
        for half, part in enumerate((own[:middle], own[middle:])):
            liked = part[part[:, 2] >= 4]
            halves[half, person, liked[:, 1] - 1] = 1.0
        lengths[person] = middle
    return halves[0], halves[1], lengths


def _catalogue(random: np.random.Generator, genres: Floats, cast: Floats, liked: Floats) -> Ints:
    """Draw films with a full cast and a genre; well-liked films are more likely."""
    fit = (np.count_nonzero(cast, axis=1) >= 3) & (genres.sum(axis=1) > 0)
    weight = np.where(fit, liked.sum(axis=0) + 1.0, 0.0)
    return np.sort(random.choice(len(weight), TITLES, replace=False, p=weight / weight.sum()))


def _pictures(random: np.random.Generator, genres: Floats, chosen: Ints) -> tuple[Ints, Ints]:
    """Return each artwork's theme (a genre of its film, or sometimes another) and kind."""
    theme = np.empty(len(chosen) * EACH, np.int64)
    for at, film in enumerate(chosen):
        own = np.flatnonzero(genres[film])
        theme[at * EACH : (at + 1) * EACH] = random.choice(own, EACH)
    other = random.random(len(theme)) < 0.3
    theme = np.where(other, random.integers(GENRES, size=len(theme)), theme)
    return theme, np.tile(np.arange(EACH), len(chosen))


def _moods(theme: Ints) -> Floats:
    """Return six moods for eighteen genres: editors' notes are coarser than the truth."""
    return np.asarray(np.eye(6)[theme % 6])


def _shares(sums: Floats) -> Floats:
    totals = sums.sum(axis=1, keepdims=True)
    return np.asarray(sums / np.where(totals > 0, totals, 1.0))


def _centred(values: Floats) -> Floats:
    """Centre and scale each column."""
    spread = values.std(axis=0)
    return np.asarray((values - values.mean(axis=0)) / np.where(spread > 0, spread, 1.0))
