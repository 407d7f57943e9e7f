-- A viewer's newest plays that played something, of titles that they may see now, with what home
-- asks of them. Parameters: viewer, maturity, personal, newest (how many).
SELECT play.title_id, play.episode_id, play.position_seconds, play.finished,
       play.quality_at IS NOT NULL, play.last_at, play.id, title.kind, title.runtime_minutes,
       (
           SELECT at FROM catalog_putaside
           WHERE viewer_id = %(viewer)s AND title_id = play.title_id
       ),
       EXISTS (
           SELECT FROM catalog_hiddentitle
           WHERE viewer_id = %(viewer)s AND title_id = play.title_id
       )
       -- Where rows do not follow the viewer, ratings change nothing.
       OR %(personal)s AND EXISTS (
           SELECT FROM catalog_rating
           WHERE viewer_id = %(viewer)s AND title_id = play.title_id AND value = 'no'
       ),
       EXISTS (
           SELECT FROM catalog_watchedmark
           WHERE viewer_id = %(viewer)s AND title_id = play.title_id
       )
FROM catalog_watchevent AS play
JOIN catalog_title AS title ON title.id = play.title_id
WHERE play.viewer_id = %(viewer)s AND play.watched_seconds > 0
  AND title.published AND title.maturity <= %(maturity)s
ORDER BY play.started_at DESC, play.id DESC
LIMIT %(newest)s
