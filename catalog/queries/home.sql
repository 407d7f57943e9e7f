-- What of home only this viewer's, or this moment's, rows in the database say. Parameters: see
-- home_own.py. Each part reads a bounded number of rows by an index: (kind, title id, number).
WITH seed AS MATERIALIZED (
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
    SELECT viewer_id FROM raters
    WHERE %(fewest_fans)s <= (SELECT count(*) FROM raters)
    UNION ALL
    SELECT viewer_id FROM players
    WHERE %(fewest_fans)s > (SELECT count(*) FROM raters)
      AND %(fewest_fans)s <= (SELECT count(*) FROM players)
)
SELECT 'version' AS kind, NULL::bigint AS title_id, {version} AS number
UNION ALL
SELECT 'seed', title_id, (%(fewest_fans)s <= (SELECT count(*) FROM raters))::int FROM seed
UNION ALL
SELECT 'hidden', title_id, 0 FROM catalog_hiddentitle WHERE viewer_id = %(viewer)s
UNION ALL
SELECT 'no', title_id, 0
FROM catalog_rating
WHERE %(personal)s AND viewer_id = %(viewer)s AND value = 'no'
UNION ALL
SELECT 'list', title_id, row_number() OVER (ORDER BY added_at DESC, title_id DESC)
FROM (
    SELECT listed.title_id, listed.added_at
    FROM catalog_listedtitle AS listed JOIN catalog_title AS title ON title.id = listed.title_id
    WHERE listed.viewer_id = %(viewer)s AND title.published AND title.maturity <= %(maturity)s
      AND NOT EXISTS (
          SELECT FROM catalog_hiddentitle AS hidden
          WHERE hidden.viewer_id = %(viewer)s AND hidden.title_id = listed.title_id
      )
    ORDER BY listed.added_at DESC, listed.title_id DESC
    LIMIT %(length)s
) AS listed
UNION ALL
SELECT 'episodes', title_id, row_number() OVER (ORDER BY added_at DESC, title_id)
FROM (
    -- Series with a new episode, other than those that came whole.
    SELECT title.id AS title_id, max(episode.added_at) AS added_at
    FROM catalog_episode AS episode
    JOIN catalog_season AS season ON season.id = episode.season_id AND season.number <> 0
    JOIN catalog_title AS title ON title.id = season.title_id
    WHERE episode.added_at BETWEEN %(new_from)s AND %(now)s
      AND episode.added_at > title.added_at + interval '1 day'
      AND title.published AND title.maturity <= %(maturity)s
      AND NOT EXISTS (
          SELECT FROM catalog_hiddentitle AS hidden
          WHERE hidden.viewer_id = %(viewer)s AND hidden.title_id = title.id
      )
    GROUP BY title.id
    ORDER BY max(episode.added_at) DESC
    LIMIT %(length)s
) AS continued
UNION ALL
SELECT 'also', play.title_id, count(DISTINCT fans.viewer_id)
FROM fans
CROSS JOIN LATERAL (
    SELECT title_id
    FROM catalog_watchevent
    WHERE viewer_id = fans.viewer_id AND quality_at IS NOT NULL
    ORDER BY started_at DESC
    LIMIT %(plays_of_fan)s
) AS play
GROUP BY play.title_id
HAVING count(DISTINCT fans.viewer_id) >= %(fewest_shared)s
