"""Similar titles: by shared genres (rare ones weigh more), moods and people."""

from django.db import connection

from catalog.models import Title, Viewer

# Selects (title_id, likeness), several rows per title. Parameter: `because`, a title's id.
# Rare genres weigh more, so that sharing "drama" alone means little.
ALIKE = """
    SELECT other.title_id, sum(rarity.weight) AS likeness
    FROM catalog_title_genres AS other
    JOIN (
        SELECT genre_id, 1 / ln(2 + count(*)) AS weight
        FROM catalog_title_genres
        WHERE genre_id IN (SELECT genre_id FROM catalog_title_genres WHERE title_id = %(because)s)
        GROUP BY genre_id
    ) AS rarity USING (genre_id)
    GROUP BY other.title_id
    UNION ALL
    SELECT other.title_id, 0.15 * count(*)
    FROM catalog_title_moods AS its
    JOIN catalog_title_moods AS other USING (mood_id)
    WHERE its.title_id = %(because)s
    GROUP BY other.title_id
    UNION ALL
    SELECT other.title_id, 0.3 * count(DISTINCT other.person_id)
    FROM catalog_credit AS its
    JOIN catalog_credit AS other USING (person_id)
    WHERE its.title_id = %(because)s
    GROUP BY other.title_id
"""

SIMILAR = f"""
    SELECT alike.title_id
    FROM ({ALIKE}) AS alike
    JOIN catalog_title AS title ON title.id = alike.title_id
    WHERE title.published AND title.maturity <= %(maturity)s AND title.id <> %(because)s
      AND NOT EXISTS (
          SELECT FROM catalog_hiddentitle AS hidden
          WHERE hidden.viewer_id = %(viewer)s AND hidden.title_id = title.id
      )
    GROUP BY alike.title_id
    ORDER BY sum(alike.likeness) DESC, alike.title_id
    LIMIT %(limit)s
"""  # noqa: S608 - put together from constants; what varies are parameters


def similar_to(viewer: Viewer, title: Title, *, limit: int = 12) -> list[Title]:
    """Return the titles most similar to one that this viewer may see, best first. Two queries."""
    known = {
        "because": title.pk,
        "maturity": viewer.maturity_limit,
        "viewer": viewer.pk,
        "limit": limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(SIMILAR, known)
        numbers = [number for (number,) in cursor.fetchall()]
    titles = Title.objects.offered_to(viewer).in_bulk(numbers)
    return [titles[number] for number in numbers if number in titles]
