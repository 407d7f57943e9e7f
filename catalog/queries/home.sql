-- The rows of one home, best titles first. Parameters: see home.py, which also filters the
-- result through Title.objects.visible_to.
--
-- Each part reads a bounded number of rows by an index. The exception is the part for similar
-- titles, which reads all titles of the same genres.
WITH newest_plays AS (
    SELECT title_id, viewer_id
    FROM catalog_watchevent
    WHERE quality_at IS NOT NULL
    ORDER BY quality_at DESC
    LIMIT %(sample)s
), popular AS MATERIALIZED (
    SELECT title_id, count(DISTINCT viewer_id) AS viewers
    FROM newest_plays
    GROUP BY title_id
), candidate AS NOT MATERIALIZED (
    SELECT id, added_at
    FROM catalog_title
    WHERE published AND maturity <= %(maturity)s AND id <> ALL (%(watched)s::bigint[])
      AND NOT EXISTS (
          SELECT FROM catalog_hiddentitle
          WHERE viewer_id = %(viewer)s AND title_id = catalog_title.id
      )
      AND NOT (%(by_rating)s AND EXISTS (
          SELECT FROM catalog_rating
          WHERE viewer_id = %(viewer)s AND title_id = catalog_title.id AND value = 'no'
      ))
), favourite AS MATERIALIZED (
    SELECT candidate.id, candidate.added_at, popular.viewers
    FROM popular JOIN candidate ON candidate.id = popular.title_id
), liked AS (
    SELECT genre_id, count(*) AS titles
    FROM favourite JOIN catalog_title_genres ON title_id = favourite.id
    GROUP BY genre_id
), watched AS (
    SELECT genre_id, count(*) AS titles
    FROM catalog_title_genres
    WHERE title_id = ANY (%(watched)s::bigint[])
    GROUP BY genre_id
), taste AS (
    -- First the genres that the viewer watched lately, then those that everybody watches.
    SELECT genre.id, genre.name, genre.slug,
           row_number() OVER (
               ORDER BY coalesce(watched.titles, 0) DESC, coalesce(liked.titles, 0) DESC, genre.name
           ) AS place
    FROM catalog_genre AS genre
    LEFT JOIN watched ON watched.genre_id = genre.id
    LEFT JOIN liked ON liked.genre_id = genre.id
    WHERE EXISTS (
        SELECT FROM candidate JOIN catalog_title_genres AS link ON link.title_id = candidate.id
        WHERE link.genre_id = genre.id
    )
), by_genre AS (
    -- The most watched titles of a genre, then its newest.
    SELECT taste.place, taste.name, taste.slug, shown.id,
           row_number() OVER (
               PARTITION BY taste.id ORDER BY shown.viewers DESC, shown.added_at DESC, shown.id
           ) AS rank
    FROM taste
    CROSS JOIN LATERAL (
        (SELECT favourite.id, favourite.added_at, favourite.viewers
         FROM favourite
         JOIN catalog_title_genres AS link
           ON link.title_id = favourite.id AND link.genre_id = taste.id
         ORDER BY favourite.viewers DESC, favourite.added_at DESC, favourite.id
         LIMIT %(length)s)
        UNION
        (SELECT candidate.id, candidate.added_at, coalesce(popular.viewers, 0)
         FROM candidate
         JOIN catalog_title_genres AS link
           ON link.title_id = candidate.id AND link.genre_id = taste.id
         LEFT JOIN popular ON popular.title_id = candidate.id
         ORDER BY candidate.added_at DESC, candidate.id
         LIMIT %(length)s)
    ) AS shown
    WHERE taste.place <= %(genres)s
), because AS (
    SELECT candidate.id, sum(alike.likeness) AS likeness
    FROM ({alike}) AS alike JOIN candidate ON candidate.id = alike.title_id
    WHERE candidate.id <> %(because)s
    GROUP BY candidate.id
    ORDER BY likeness DESC, candidate.id
    LIMIT %(length)s
), newest AS (
    SELECT id, added_at FROM candidate ORDER BY added_at DESC, id LIMIT %(length)s
)
SELECT kind, about, slug, title_id
FROM (
    SELECT 1 AS place, 'because' AS kind, '' AS about, '' AS slug, id AS title_id,
           row_number() OVER (ORDER BY likeness DESC, id) AS rank
    FROM because
    UNION ALL
    SELECT 2, 'popular', '', '', id, row_number() OVER (ORDER BY viewers DESC, added_at DESC, id)
    FROM favourite
    UNION ALL
    SELECT 3, 'new', '', '', id, row_number() OVER (ORDER BY added_at DESC, id)
    FROM newest
    UNION ALL
    SELECT 3 + place, 'genre', name, slug, id, rank
    FROM by_genre
) AS rows
WHERE rank <= %(length)s
ORDER BY place, rank
