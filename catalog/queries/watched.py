"""Which titles a viewer has watched to the end, by plays and marks; and which are on their list."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db import connection

from catalog.models import Viewer
from catalog.models.titles import SPECIALS

# The newest word on a film or an episode counts: that a play finished it, or the viewer's mark.
# A series was watched where all its regular episodes were.
WATCHED = """
    WITH newest AS MATERIALIZED (
        SELECT DISTINCT ON (title_id, episode_id) title_id, episode_id, watched
        FROM (
            SELECT title_id, episode_id, true AS watched, last_at AS at
            FROM catalog_watchevent
            WHERE viewer_id = %(viewer)s AND finished AND watched_seconds > 0
              AND title_id = ANY (%(titles)s)
            UNION ALL
            SELECT title_id, episode_id, watched, marked_at
            FROM catalog_watchedmark
            WHERE viewer_id = %(viewer)s AND title_id = ANY (%(titles)s)
        ) AS said
        ORDER BY title_id, episode_id, at DESC
    )
    SELECT newest.title_id
    FROM newest JOIN catalog_title AS title ON title.id = newest.title_id
    WHERE newest.watched AND newest.episode_id IS NULL AND title.kind = 'film'
    UNION ALL
    SELECT season.title_id
    FROM catalog_season AS season
    JOIN catalog_episode AS episode ON episode.season_id = season.id
    LEFT JOIN newest ON newest.episode_id = episode.id AND newest.watched
    WHERE season.title_id IN (SELECT title_id FROM newest) AND season.number <> %(specials)s
    GROUP BY season.title_id
    HAVING count(*) = count(newest.episode_id)
"""


LISTED = """
    SELECT title_id FROM catalog_listedtitle
    WHERE viewer_id = %(viewer)s AND title_id = ANY (%(titles)s)
"""
SHOWN = f"""
    SELECT 'watched', title_id FROM ({WATCHED}) AS watched
    UNION ALL
    SELECT 'listed', title_id FROM ({LISTED}) AS listed
"""  # noqa: S608 - put together from constants; what varies are parameters


@dataclass(frozen=True, slots=True)
class TileMarks:
    """What tiles say of titles: that the viewer has watched them, or put them on the list."""

    watched: frozenset[int] = frozenset()
    listed: frozenset[int] = frozenset()


NO_MARKS = TileMarks()


def tile_marks(viewer: Viewer, titles: Collection[int]) -> TileMarks:
    """Return which of these titles a viewer has watched, all of them, and listed. One query."""
    known: dict[str, int | list[int]] = {
        "viewer": viewer.pk,
        "titles": list(titles),
        "specials": SPECIALS,
    }
    with connection.cursor() as cursor:
        cursor.execute(SHOWN, known)
        found = cursor.fetchall()
    watched, listed = (
        frozenset(number for kind, number in found if kind == wanted)
        for wanted in ("watched", "listed")
    )
    return TileMarks(watched, listed)
