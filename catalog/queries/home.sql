-- The rows of one home, best titles first. Parameters: see home.py, which also filters the
-- result through Title.objects.offered_to, and arranges it.
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
    -- `known` are the titles that the viewer watched or began; nothing without personalisation.
    SELECT id, added_at
    FROM catalog_title
    WHERE published AND maturity <= %(maturity)s AND id <> ALL (%(known)s::bigint[])
      AND NOT EXISTS (
          SELECT FROM catalog_hiddentitle
          WHERE viewer_id = %(viewer)s AND title_id = catalog_title.id
      )
      AND NOT (%(personal)s AND EXISTS (
          SELECT FROM catalog_rating
          WHERE viewer_id = %(viewer)s AND title_id = catalog_title.id AND value = 'no'
      ))
), listed AS (
    SELECT title_id AS id, added_at
    FROM catalog_listedtitle
    WHERE viewer_id = %(viewer)s
    ORDER BY added_at DESC, id DESC
    LIMIT %(length)s
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
    WHERE %(fewest)s <= (
        SELECT count(*)
        FROM (
            SELECT FROM candidate JOIN catalog_title_genres AS link ON link.title_id = candidate.id
            WHERE link.genre_id = genre.id
            LIMIT %(fewest)s
        ) AS its
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
), seed AS MATERIALIZED (
    -- What "People who liked" is about: the newest title that the viewer rated well, or else one
    -- that they watched.
    SELECT coalesce(
        (
            SELECT title_id
            FROM catalog_rating AS rating JOIN catalog_title AS title ON title.id = rating.title_id
            WHERE %(personal)s AND viewer_id = %(viewer)s AND value IN ('like', 'love')
              AND title_id IS DISTINCT FROM %(because)s::bigint
              AND title.published AND title.maturity <= %(maturity)s
            ORDER BY rated_at DESC
            LIMIT 1
        ),
        %(also)s::bigint
    ) AS title_id
), raters AS MATERIALIZED (
    SELECT rating.viewer_id
    FROM catalog_rating AS rating
    JOIN seed USING (title_id)
    JOIN catalog_viewer AS viewer ON viewer.id = rating.viewer_id
    WHERE value IN ('like', 'love') AND viewer.personalised AND NOT viewer.is_child
      AND viewer.id <> %(viewer)s
    ORDER BY rated_at DESC
    LIMIT %(fans)s
), players AS MATERIALIZED (
    SELECT DISTINCT play.viewer_id
    FROM (
        SELECT viewer_id
        FROM catalog_watchevent
        WHERE title_id = (SELECT title_id FROM seed) AND quality_at IS NOT NULL
        ORDER BY started_at DESC
        LIMIT %(fans)s
    ) AS play
    JOIN catalog_viewer AS viewer ON viewer.id = play.viewer_id
    WHERE viewer.personalised AND NOT viewer.is_child AND viewer.id <> %(viewer)s
), fans AS MATERIALIZED (
    -- Ratings speak where enough viewers gave one. Of fewer viewers nothing is shown.
    SELECT viewer_id, 'liked' AS how FROM raters
    WHERE %(fewest_fans)s <= (SELECT count(*) FROM raters)
    UNION ALL
    SELECT viewer_id, '' FROM players
    WHERE %(fewest_fans)s > (SELECT count(*) FROM raters)
      AND %(fewest_fans)s <= (SELECT count(*) FROM players)
), also AS (
    SELECT candidate.id, count(DISTINCT fans.viewer_id) AS viewers,
           count(DISTINCT fans.viewer_id) / sqrt(10 + coalesce(max(popular.viewers), 0)) AS score
    FROM fans
    CROSS JOIN LATERAL (
        SELECT title_id
        FROM catalog_watchevent
        WHERE viewer_id = fans.viewer_id AND quality_at IS NOT NULL
        ORDER BY started_at DESC
        LIMIT %(plays_of_fan)s
    ) AS play
    JOIN candidate ON candidate.id = play.title_id
    LEFT JOIN popular ON popular.title_id = candidate.id
    WHERE candidate.id <> (SELECT title_id FROM seed)
    GROUP BY candidate.id
    HAVING count(DISTINCT fans.viewer_id) >= %(fewest_shared)s
    ORDER BY score DESC, candidate.id
    LIMIT %(length)s
), newest AS (
    SELECT id, added_at FROM candidate ORDER BY added_at DESC, id LIMIT %(length)s
), continued AS (
    -- Series with a new episode, other than those that came whole.
    SELECT title.id, max(episode.added_at) AS added_at
    FROM catalog_episode AS episode
    JOIN catalog_season AS season ON season.id = episode.season_id AND season.number <> 0
    JOIN catalog_title AS title ON title.id = season.title_id
    WHERE episode.added_at BETWEEN %(new_from)s AND %(now)s
      AND episode.added_at > title.added_at + interval '1 day'
    GROUP BY title.id
    ORDER BY added_at DESC
    LIMIT %(length)s
)
SELECT kind, about, slug, title_id
FROM (
    SELECT 1 AS place, 'list' AS kind, '' AS about, '' AS slug, id AS title_id,
           row_number() OVER (ORDER BY added_at DESC, id DESC) AS rank
    FROM listed
    UNION ALL
    SELECT 2, 'because', '', '', id, row_number() OVER (ORDER BY likeness DESC, id)
    FROM because
    UNION ALL
    SELECT 3, 'popular', '', '', id, row_number() OVER (ORDER BY viewers DESC, added_at DESC, id)
    FROM favourite
    WHERE NOT (%(personal)s AND id IN (SELECT id FROM listed))
    UNION ALL
    SELECT 4, 'episodes', '', '', id, row_number() OVER (ORDER BY added_at DESC, id)
    FROM continued
    UNION ALL
    SELECT 5, 'new', '', '', id, row_number() OVER (ORDER BY added_at DESC, id)
    FROM newest
    UNION ALL
    SELECT 6, 'also', (SELECT title_id FROM seed)::text, (SELECT max(how) FROM fans), id,
           row_number() OVER (ORDER BY score DESC, id)
    FROM also
    UNION ALL
    SELECT 6 + place, 'genre', name, slug, id, rank
    FROM by_genre
) AS rows
WHERE rank <= %(length)s
ORDER BY place, rank
