"""The invented titles and people, read from the data files and checked while reading."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.text import slugify

from catalog.canon import GENRES, MOODS
from catalog.drawing.looks import Look

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Player:
    """A cast member: name, look and character."""

    key: str
    name: str
    look: Look
    character: str


@dataclass(frozen=True, slots=True)
class Story:
    """One invented title. `cast` is in billing order.

    `seasons` holds the names of episodes, and `episodes` the synopsis of each.
    """

    slug: str
    name: str
    kind: str
    year: int
    runtime: int
    maturity: int
    genres: tuple[str, ...]
    moods: tuple[str, ...]
    synopsis: str
    director: str
    cast: tuple[Player, ...]
    places: tuple[str, ...]
    thing: str
    seasons: tuple[tuple[str, ...], ...] = ()
    episodes: tuple[tuple[str, ...], ...] = ()

    def __post_init__(self) -> None:
        unknown = [*(set(self.genres) - set(GENRES)), *(set(self.moods) - set(MOODS))]
        if unknown:
            raise ValueError(f"{self.name}: no such genre or mood: {', '.join(unknown)}")
        if (self.kind == "series") != bool(self.seasons):
            raise ValueError(f"{self.name}: a series, and only a series, has seasons")
        if list(map(len, self.seasons)) != list(map(len, self.episodes)):
            raise ValueError(f"{self.name}: each episode has a name and a synopsis")


@cache
def stories() -> tuple[Story, ...]:
    """Return all titles, sorted by slug."""
    rows = [
        row
        for file in sorted((DATA / "titles").glob("*.toml"))
        for row in tomllib.loads(file.read_text("utf-8"))["titles"]
    ]
    return tuple(sorted((_story(row) for row in rows), key=lambda story: story.slug))


@cache
def people() -> dict[str, tuple[str, Look]]:
    """Return all actors: key → (name, look)."""
    return {
        key: (fields.pop("name"), Look(key=key, **fields))
        for key, fields in _people_file()["actors"].items()
    }


@cache
def directors() -> dict[str, str]:
    """Return all directors: key → name."""
    return dict(_people_file()["directors"])


def _people_file() -> dict[str, Any]:
    return tomllib.loads((DATA / "people.toml").read_text("utf-8"))


def _story(row: dict[str, Any]) -> Story:
    return Story(
        slug=slugify(row["name"].replace("’", "")),
        name=row["name"].replace("'", "’"),
        kind=row.get("kind", "film"),
        year=row["year"],
        runtime=row["runtime"],
        maturity=row["maturity"],
        genres=tuple(row["genres"]),
        moods=tuple(row["moods"]),
        synopsis=row["synopsis"].replace("'", "’"),
        director=directors()[row["director"]],
        cast=tuple(_player(line) for line in row["cast"]),
        places=tuple(row["places"]),
        thing=row["thing"],
        seasons=_by_season(row.get("seasons", [])),
        episodes=_by_season(row.get("episodes", [])),
    )


def _by_season(seasons: list[list[str]]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(text.replace("'", "’") for text in season) for season in seasons)


def _player(text: str) -> Player:
    key, character = text.split(": ", 1)
    name, look = people()[key]
    return Player(key, name, look, character.replace("'", "’"))
