"""Which titles a viewer has watched to the end, by plays and marks."""

from collections.abc import Collection

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
            WHERE viewer_id = %(viewer)s AND finished AND title_id = ANY (%(titles)s)
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


def watched_titles(viewer: Viewer, titles: Collection[int]) -> frozenset[int]:
    """Return which of these titles a viewer has watched, all of them. One query."""
    known: dict[str, int | list[int]] = {
        "viewer": viewer.pk,
        "titles": list(titles),
        "specials": SPECIALS,
    }
    with connection.cursor() as cursor:
        cursor.execute(WATCHED, known)
        return frozenset(number for (number,) in cursor.fetchall())
