"""The episodes of a series, in the order in which people watch them.

Season 0 holds the specials. They come after all other seasons, a viewer never
starts with one, and no episode of another season leads to one.
"""

from collections.abc import Iterable, Sequence

from catalog.models import Episode


def episodes_of(titles: Iterable[int]) -> dict[int, list[Episode]]:
    """Return the episodes of series by title id, in viewing order. One query."""
    episodes = Episode.objects.filter(season__title__in=list(titles)).in_viewing_order()
    by_title: dict[int, list[Episode]] = {}
    for episode in episodes.select_related("season"):
        by_title.setdefault(episode.season.title_id, []).append(episode)
    return by_title


def first_episode(episodes: Sequence[Episode]) -> Episode | None:
    """Return the episode that a new viewer starts with; None where there are only specials.

    `episodes` are those of one title, in viewing order.
    """
    return next((episode for episode in episodes if not episode.is_special), None)


def next_episode(episodes: Sequence[Episode], episode: Episode) -> Episode | None:
    """Return the episode after one: the next special after a special, else the next regular one.

    `episodes` are those of one title, in viewing order, and contain `episode`.
    """
    following = episodes[episodes.index(episode) + 1 :]
    return next((other for other in following if other.is_special == episode.is_special), None)


def episodes_named(
    episodes: Sequence[Episode], season: int | None, number: int | None
) -> list[Episode]:
    """Return one episode of a season, a whole season (no number), or all regular episodes.

    `episodes` are those of one title. A number without a season names nothing.
    """
    if season is None:
        return [each for each in episodes if not each.is_special] if number is None else []
    of_season = [each for each in episodes if each.season.number == season]
    return of_season if number is None else [each for each in of_season if each.number == number]
