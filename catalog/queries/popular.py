"""How many viewers watched each title lately."""

# Selects (title_id, viewers). "Lately" are the newest quality plays of all viewers, which an index
# alone gives. Parameter: `sample`, how many.
POPULAR = """
    SELECT title_id, count(DISTINCT viewer_id) AS viewers
    FROM (
        SELECT title_id, viewer_id
        FROM catalog_watchevent
        WHERE quality_at IS NOT NULL
        ORDER BY quality_at DESC
        LIMIT %(sample)s
    ) AS newest
    GROUP BY title_id
"""
POPULAR_SAMPLE = 5000
