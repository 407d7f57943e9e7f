"""What is written down when decisions are seen. Nothing else writes the journal."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from catalog.models import Viewer
from personalization.models import Decision
from personalization.serving.deciding import Decided
from personalization.serving.tokens import Token, TokenRefused, unpack


@dataclass(frozen=True, slots=True)
class Counted:
    """What became of a batch of tokens."""

    accepted: int = 0
    repeated: int = 0
    refused: int = 0


# Tokens of this viewer's own windows, whose titles are still there. The locks keep a
# viewer's erasure, or a title's, from coming between this and the rows that point to them.
OWN = """
SELECT said.number, w.model_id, EXISTS (
    SELECT FROM catalog_watchevent AS e
    WHERE e.viewer_id = w.viewer_id AND e.title_id = t.id
      AND e.started_at < %(now)s AND e.watched_seconds > 0)
FROM unnest(%(windows)s::bigint[], %(titles)s::bigint[])
    WITH ORDINALITY AS said (window_id, title_id, number)
JOIN catalog_viewer AS v ON v.id = %(viewer)s
JOIN personalization_window AS w ON w.id = said.window_id AND w.viewer_id = v.id
JOIN catalog_title AS t ON t.id = said.title_id
ORDER BY said.window_id, said.title_id
FOR KEY SHARE OF v, w, t
"""

IMPRESS = """
INSERT INTO personalization_impression (decision_id, page_view, seen_at)
SELECT d.id, %(page_view)s, %(now)s
FROM unnest(%(windows)s::bigint[], %(titles)s::bigint[]) AS said (window_id, title_id)
JOIN personalization_decision AS d USING (window_id, title_id)
ORDER BY d.id
ON CONFLICT DO NOTHING
"""


@transaction.atomic
def record_seen(
    viewer: Viewer, tokens: Sequence[str], *, page_view: UUID, now: datetime
) -> Counted:
    """Record that decisions were really seen on one page view.

    A decision is dated by its first impression and keeps what it was then; each
    further page view adds an impression. Tokens that this copy did not sign, that
    are too old, or that belong to another viewer are refused; the same token for
    the same page view again changes nothing. Three queries, whatever their number;
    rows are written in one order, so that two batches cannot wait for each other.
    """
    own = _own(viewer, _read(tokens), now=now)
    refused = len(tokens) - len(own)
    if not own:
        return Counted(refused=refused)
    Decision.objects.bulk_create(
        [_decision(viewer, each, now=now) for each in own], ignore_conflicts=True
    )
    with connection.cursor() as cursor:
        cursor.execute(IMPRESS, _named([each.token for each in own], page_view=page_view, now=now))
        accepted = int(cursor.rowcount)
    return Counted(accepted, len(own) - accepted, refused)


@dataclass(frozen=True, slots=True)
class _Own:
    """A token that may be recorded, and what the database knows of its decision."""

    token: Token
    model_id: int | None
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
        return [
            _Own(read[number - 1], model_id, begun) for number, model_id, begun in cursor.fetchall()
        ]


def _named(tokens: Sequence[Token], **others: Any) -> dict[str, Any]:
    """Return a query's parameters: the tokens' windows and titles, and the others."""
    return others | {
        "windows": [token.window_id for token in tokens],
        "titles": [token.decided.title_id for token in tokens],
    }


def _decision(viewer: Viewer, own: _Own, *, now: datetime) -> Decision:
    decided = own.token.decided
    return Decision(
        viewer=viewer,
        title_id=decided.title_id,
        window_id=own.token.window_id,
        model_id=own.model_id,
        policy=decided.policy,
        artworks=decided.artworks.tolist(),
        probabilities=decided.probabilities.tolist(),
        chosen=decided.artwork_id,
        propensity=decided.propensity,
        surface=own.token.surface,
        position=own.token.position,
        first_seen_at=now,
        day=now.astimezone(UTC).date(),
        begun=own.begun,
    )


@dataclass(frozen=True)
class Seen:
    """A decision as a simulation saw it."""

    viewer_id: int
    window_id: int
    model_id: int | None
    decided: Decided
    surface: str
    position: int
    at: datetime
    page_view: UUID
    begun: bool


COLUMNS = (
    "viewer_id", "title_id", "window_id", "model_id", "policy", "artworks", "probabilities",
    "chosen", "propensity", "surface", "position", "first_seen_at", "day", "begun",
)  # fmt: skip


@transaction.atomic
def record_seen_in_bulk(seen: Iterable[Seen]) -> int:
    """Record many decisions, each seen once, by COPY; return how many were new.

    A decision that its window and title have already is left as it is.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE seen_rows (LIKE personalization_decision) ON COMMIT DROP"
        )
        cursor.execute("ALTER TABLE seen_rows DROP COLUMN id, ADD COLUMN page_view uuid NOT NULL")
        with cursor.copy(f"COPY seen_rows ({', '.join(COLUMNS)}, page_view) FROM STDIN") as copy:
            copy.set_types(
                ["int8", "int8", "int8", "int8", "text", "int8[]", "float8[]", "int8", "float8",
                 "text", "int2", "timestamptz", "date", "bool", "uuid"]
            )  # fmt: skip
            for row in seen:
                copy.write_row(_row(row))
        names = ", ".join(COLUMNS)
        cursor.execute(
            f"""
            WITH made AS (
                INSERT INTO personalization_decision ({names})
                SELECT {names} FROM seen_rows ORDER BY first_seen_at, viewer_id, position
                ON CONFLICT DO NOTHING
                RETURNING id, window_id, title_id, first_seen_at
            )
            INSERT INTO personalization_impression (decision_id, page_view, seen_at)
            SELECT made.id, seen_rows.page_view, made.first_seen_at
            FROM made JOIN seen_rows USING (window_id, title_id)
            """  # noqa: S608 - the names are this module's own
        )
        recorded = int(cursor.rowcount)
        cursor.execute("DROP TABLE seen_rows")  # the caller's transaction may record again
        return recorded


def _row(seen: Seen) -> tuple[object, ...]:
    decided = seen.decided
    return (
        seen.viewer_id, decided.title_id, seen.window_id, seen.model_id, str(decided.policy),
        decided.artworks.tolist(), decided.probabilities.tolist(), decided.artwork_id,
        decided.propensity, seen.surface, seen.position, seen.at,
        seen.at.astimezone(UTC).date(), seen.begun, seen.page_view,
    )  # fmt: skip
