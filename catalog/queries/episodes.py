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
