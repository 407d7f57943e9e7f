"""Records decisions that were seen on a page. For many at once, see `journal_in_bulk`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

import numpy as np
from django.db import connection, transaction

from catalog.models import Viewer
from personalization.journal import partitions
from personalization.models.journal import Standing
from personalization.serving.deciding import Decided
from personalization.serving.tokens import Token, TokenRefused, unpack


@dataclass(frozen=True, slots=True)
class Counted:
    """How many tokens of a batch were accepted, repeated or refused."""

    accepted: int = 0
    repeated: int = 0
    refused: int = 0


# Tokens of this viewer's own windows whose titles exist. The locks keep the viewer and the titles
# from being deleted before the rows that point to them are written. The window's lock also lets
# only one batch at a time look for its decisions and write them. A window that opens more than a
# day after this server's clock shows that the clock is wrong, so nothing is dated by it.
OWN = """
SELECT said.number, w.model_id, w.opened_at, EXISTS (
    SELECT FROM catalog_watchevent AS e
    WHERE e.viewer_id = w.viewer_id AND e.title_id = t.id
      AND e.started_at < %(now)s AND e.watched_seconds > 0)
FROM unnest(%(windows)s::bigint[], %(titles)s::bigint[])
    WITH ORDINALITY AS said (window_id, title_id, number)
JOIN catalog_viewer AS v ON v.id = %(viewer)s
JOIN personalization_window AS w ON w.id = said.window_id AND w.viewer_id = v.id
JOIN catalog_title AS t ON t.id = said.title_id
WHERE w.opened_at <= %(now)s + interval '1 day'
ORDER BY said.window_id, said.title_id
FOR KEY SHARE OF v, t FOR NO KEY UPDATE OF w
"""

# What makes two reports one decision, besides window and title: 0, or the picture that the viewer
# chose. So a picture that was chosen is never counted for the decision that it replaced.
KEPT = "CASE WHEN {0}.standing = 'keeps' THEN {0}.chosen ELSE 0 END"

# A window and title that have a decision keep it, whatever its day. A sealed day takes no more
# decisions, so that its file and the journal always agree.
DECIDE = f"""
INSERT INTO personalization_decision (
    viewer_id, title_id, window_id, model_id, policy, standing, artworks, probabilities,
    chosen, propensity, surface, position, first_seen_at, day, begun)
SELECT DISTINCT ON (said.window_id, said.title_id, {KEPT.format("said")})
    %(viewer)s, said.title_id, said.window_id, said.model_id, said.policy, said.standing,
    slates.artworks[said.first:said.last], slates.probabilities[said.first:said.last],
    said.chosen, said.propensity, said.surface, said.position, %(now)s, %(day)s, said.begun
FROM unnest(
    %(windows)s::bigint[], %(titles)s::bigint[], %(models)s::bigint[], %(policies)s::text[],
    %(standings)s::text[], %(chosen)s::bigint[], %(propensities)s::float8[], %(surfaces)s::text[],
    %(positions)s::int[], %(begun)s::bool[], %(firsts)s::int[], %(lasts)s::int[]
) WITH ORDINALITY AS said (
    window_id, title_id, model_id, policy, standing, chosen, propensity, surface,
    position, begun, first, last, number),
(SELECT %(artworks)s::bigint[] AS artworks, %(probabilities)s::float8[] AS probabilities)
    AS slates
WHERE NOT EXISTS (SELECT FROM personalization_sealedday AS s WHERE s.day = %(day)s)
  AND NOT EXISTS (
    SELECT FROM personalization_decision AS d
    WHERE d.window_id = said.window_id AND d.title_id = said.title_id AND d.day >= %(since)s
      AND {KEPT.format("d")} = {KEPT.format("said")})
ORDER BY said.window_id, said.title_id, {KEPT.format("said")}, said.number
"""  # noqa: S608 - the names are this module's own

# Adds the impressions, and counts them and the tokens that have a decision. A token adds one only
# if its decision has none since the day on which its page was made (docs/decisions/0026).
IMPRESS = f"""
WITH said AS (
    SELECT window_id, title_id, kept, max(page_day) AS page_day, count(*) AS times
    FROM unnest(%(windows)s::bigint[], %(titles)s::bigint[], %(kept)s::bigint[],
            %(page_days)s::timestamptz[])
        AS said (window_id, title_id, kept, page_day)
    GROUP BY window_id, title_id, kept
), found AS (
    SELECT d.id, d.day, d.first_seen_at, said.page_day, said.times
    FROM said JOIN personalization_decision AS d
        ON d.window_id = said.window_id AND d.title_id = said.title_id
        AND {KEPT.format("d")} = said.kept
    WHERE d.day >= %(since)s
), made AS (
    INSERT INTO personalization_impression (decision_id, day, page_view, seen_at)
    SELECT id, day, %(page_view)s, greatest(%(now)s, first_seen_at) FROM found
    WHERE coalesce((
        SELECT max(i.seen_at) FROM personalization_impression AS i
        WHERE i.decision_id = found.id AND i.day = found.day), '-infinity') < page_day
    ORDER BY id
    ON CONFLICT DO NOTHING
    RETURNING 1
)
SELECT (SELECT count(*) FROM made), (SELECT coalesce(sum(times), 0) FROM found)
"""  # noqa: S608 - the names are this module's own
SKEW = timedelta(days=1)


@transaction.atomic
def record_seen(
    viewer: Viewer, tokens: Sequence[str], *, page_view: UUID, now: datetime
) -> Counted:
    """Record that decisions were really seen on one page view.

    A decision is dated by its first impression and does not change after it. A page that the server
    makes on a later UTC day adds another impression, so there is at most one a day. Everything else
    is a repetition and changes nothing, whatever page view it names. Refused are tokens that this
    copy did not sign, that are too old, or that belong to another viewer, and a first impression
    on a sealed day, which only a wrong clock can give. It takes four queries for any number of
    tokens. Rows are written in one order, so that two batches cannot wait for each other.
    """
    own = _own(viewer, _read(tokens), now=now)
    if not own:
        return Counted(refused=len(tokens))
    day = partitions.utc_day(now)
    partitions.ensure([day])
    # No decision is dated more than a day before its window opened.
    since = partitions.utc_day(min(each.opened_at for each in own) - SKEW)
    named = _named([each.token for each in own], now=now, since=since)
    with connection.cursor() as cursor:
        cursor.execute(DECIDE, named | _decisions(own) | {"viewer": viewer.pk, "day": day})
        cursor.execute(
            IMPRESS,
            named
            | {
                "page_view": page_view,
                "page_days": _page_days(own, now=now),
                "kept": [_kept(each.token.decided) for each in own],
            },
        )
        accepted, known = map(int, cursor.fetchone())
    return Counted(accepted, known - accepted, len(tokens) - known)


@dataclass(frozen=True, slots=True)
class _Own:
    """A token that may be recorded, with its decision's model, window and whether it was begun."""

    token: Token
    model_id: int | None
    opened_at: datetime
    begun: bool


def _read(tokens: Sequence[str]) -> list[Token]:
    read: list[Token] = []
    for token in tokens:
        try:
            read.append(unpack(token))
        except TokenRefused:
            continue
    return read


def _own(viewer: Viewer, read: Sequence[Token], *, now: datetime) -> list[_Own]:
    if not read:
        return []
    with connection.cursor() as cursor:
        cursor.execute(OWN, _named(read, viewer=viewer.pk, now=now))
        return [_Own(read[number - 1], *known) for number, *known in cursor.fetchall()]


def _named(tokens: Sequence[Token], **others: Any) -> dict[str, Any]:
    """Return a query's parameters: the tokens' windows and titles, and the others."""
    return others | {
        "windows": [token.window_id for token in tokens],
        "titles": [token.decided.title_id for token in tokens],
    }


def _kept(decided: Decided) -> int:
    """Return the picture that the viewer chose, or 0: as KEPT."""
    return decided.artwork_id if decided.standing == Standing.KEEPS else 0


def _page_days(own: Sequence[_Own], *, now: datetime) -> list[datetime]:
    """Return the start of the UTC day on which the page of each token was made.

    A page from the future, made by a server whose clock is ahead, counts as made today.
    Otherwise each repetition of it would count until that day.
    """
    return [_midnight(min(each.token.issued_at, now)) for each in own]


def _midnight(at: datetime) -> datetime:
    return datetime.combine(at.astimezone(UTC), time(), UTC)


def _decisions(own: Sequence[_Own]) -> dict[str, Any]:
    """Return DECIDE's columns: one value a token, and the slates of all of them end to end."""
    decided = [each.token.decided for each in own]
    ends = np.cumsum([len(each.artworks) for each in decided])
    return {
        "models": [each.model_id for each in own],
        "policies": [str(each.policy) for each in decided],
        "standings": [str(each.standing) for each in decided],
        "chosen": [each.artwork_id for each in decided],
        "propensities": [each.propensity for each in decided],
        "surfaces": [each.token.surface for each in own],
        "positions": [each.token.position for each in own],
        "begun": [each.begun for each in own],
        # PostgreSQL counts from 1 and includes the last.
        "firsts": [1, *(ends[:-1] + 1).tolist()],
        "lasts": ends.tolist(),
        "artworks": np.concatenate([each.artworks for each in decided]).tolist(),
        "probabilities": np.concatenate([each.probabilities for each in decided]).tolist(),
    }
