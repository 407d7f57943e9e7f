-- The rows of one home, titles best first. Parameters: home.py.
-- Who reads the result filters it again through Title.objects.visible_to.
WITH newest_plays AS (
    SELECT title_id, viewer_id
    FROM catalog_watchevent
    WHERE quality_at IS NOT NULL
    ORDER BY quality_at DESC
    LIMIT %(sample)s
), popular AS (
    SELECT title_id, count(DISTINCT viewer_id) AS viewers
    FROM newest_plays
    GROUP BY title_id
), candidate AS (
    SELECT title.id, title.added_at, coalesce(popular.viewers, 0) AS viewers
    FROM catalog_title AS title
    LEFT JOIN popular ON popular.title_id = title.id
    WHERE title.published
      AND title.maturity <= %(maturity)s
      AND title.id <> ALL (%(watched)s::bigint[])
), alike AS (
    -- Genres weigh by how rare they are, so that "drama" alone makes nothing alike.
    SELECT other.title_id, sum(1.0 / rarity.titles) AS likeness
    FROM catalog_title_genres AS its
    JOIN catalog_title_genres AS other USING (genre_id)
    JOIN (
        SELECT genre_id, ln(2 + count(*)) AS titles FROM catalog_title_genres GROUP BY genre_id
    ) AS rarity USING (genre_id)
    WHERE its.title_id = %(because)s
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
), taste AS (
    -- The genres of what the viewer watched lately come first, then the largest.
    SELECT genre.id, genre.name, genre.slug,
           row_number() OVER (
               ORDER BY count(*) FILTER (WHERE link.title_id = ANY (%(watched)s::bigint[])) DESC,
                        count(*) DESC, genre.id
           ) AS place
    FROM catalog_genre AS genre
    JOIN catalog_title_genres AS link ON link.genre_id = genre.id
    GROUP BY genre.id
), by_genre AS (
    SELECT taste.place, taste.name, taste.slug, candidate.id,
           row_number() OVER (
               PARTITION BY taste.id
               ORDER BY candidate.viewers DESC, candidate.added_at DESC, candidate.id
           ) AS rank
    FROM taste
    JOIN catalog_title_genres AS link ON link.genre_id = taste.id
    JOIN candidate ON candidate.id = link.title_id
    WHERE taste.place <= %(genres)s
)
SELECT kind, about, slug, title_id
FROM (
    (SELECT 1 AS place, 'because' AS kind, '' AS about, '' AS slug, candidate.id AS title_id,
            row_number() OVER (ORDER BY sum(alike.likeness) DESC, candidate.id) AS rank
     FROM alike JOIN candidate ON candidate.id = alike.title_id
     WHERE candidate.id <> %(because)s
     GROUP BY candidate.id
     ORDER BY rank LIMIT %(length)s)
    UNION ALL
    (SELECT 2, 'popular', '', '', id,
            row_number() OVER (ORDER BY viewers DESC, added_at DESC, id) AS rank
     FROM candidate WHERE viewers > 0
     ORDER BY rank LIMIT %(length)s)
    UNION ALL
    (SELECT 3, 'new', '', '', id, row_number() OVER (ORDER BY added_at DESC, id) AS rank
     FROM candidate
     ORDER BY rank LIMIT %(length)s)
    UNION ALL
    SELECT 3 + place, 'genre', name, slug, id, rank
    FROM by_genre WHERE rank <= %(length)s
) AS rows
ORDER BY place, rank
