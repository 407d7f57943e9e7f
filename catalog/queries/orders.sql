-- What catalog/queries/orders.py keeps in memory: one row. Numbers come as text, which NumPy reads
-- in one go. Parameter: `sample`.
SELECT
    (
        SELECT string_agg(
            concat_ws(' ', title.id, title.maturity, coalesce(popular.viewers, 0)),
            ' ' ORDER BY title.added_at DESC, title.id
        )
        FROM catalog_title AS title
        LEFT JOIN ({popular}) AS popular ON popular.title_id = title.id
        WHERE title.published
    ),
    (SELECT string_agg(concat_ws(' ', title_id, genre_id), ' ') FROM catalog_title_genres),
    (SELECT string_agg(concat_ws(' ', title_id, mood_id), ' ') FROM catalog_title_moods),
    (
        SELECT string_agg(concat_ws(' ', title_id, person_id), ' ')
        FROM (SELECT DISTINCT title_id, person_id FROM catalog_credit) AS credited
    ),
    (SELECT json_agg(json_build_array(id, name, slug) ORDER BY name) FROM catalog_genre)
