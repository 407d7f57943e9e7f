"""What is written down when decisions are seen. Nothing else writes the journal."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.db import connection, transaction

from catalog.models import Title, Viewer, WatchEvent
from personalization.models import Decision, Impression, Window
from personalization.serving.deciding import Decided
from personalization.serving.tokens import Token, TokenRefused, unpack


@dataclass(frozen=True, slots=True)
class Counted:
    """What became of a batch of tokens."""

    accepted: int = 0
    repeated: int = 0
    refused: int = 0


@transaction.atomic
def record_seen(
    viewer: Viewer, tokens: Sequence[str], *, page_view: UUID, now: datetime
) -> Counted:
    """Record that decisions were really seen on one page view.

    A decision is dated by its first impression and keeps what it was then; each
    further page view adds an impression. Tokens that this copy did not sign, that
    are too old, or that belong to another viewer are refused; the same token for
    the same page view again changes nothing. Set by set, whatever their number.
    """
    read = _read(tokens)
    own = _of(viewer, read)
    _insert_decisions(viewer, own, now=now)
    known = {
        (window, title): pk
        for pk, window, title in Decision.objects.filter(
            window__in={token.window_id for token in own},
            title__in={token.decided.title_id for token in own},
        ).values_list("pk", "window", "title")
    }
    decisions = {
        known[key]
        for key in ((token.window_id, token.decided.title_id) for token in own)
        if key in known
    }
    before = Impression.objects.filter(page_view=page_view, decision__in=decisions).count()
    Impression.objects.bulk_create(
        [Impression(decision_id=pk, page_view=page_view, seen_at=now) for pk in sorted(decisions)],
        ignore_conflicts=True,
    )
    accepted = len(decisions) - before
    refused = len(tokens) - len(own)
    return Counted(accepted, len(tokens) - refused - accepted, refused)


def _read(tokens: Sequence[str]) -> list[Token]:
    read: list[Token] = []
    for token in tokens:
        try:
            read.append(unpack(token))
        except TokenRefused:
            continue
    return read


def _of(viewer: Viewer, read: Sequence[Token]) -> list[Token]:
    """Return the tokens of this viewer's windows, whose titles are still there."""
    windows = set(
        Window.objects.filter(
            viewer=viewer, pk__in={token.window_id for token in read}
        ).values_list("pk", flat=True)
    )
    titles = set(
        Title.objects.filter(pk__in={token.decided.title_id for token in read}).values_list(
            "pk", flat=True
        )
    )
    return [
        token for token in read if token.window_id in windows and token.decided.title_id in titles
    ]


def _insert_decisions(viewer: Viewer, read: Sequence[Token], *, now: datetime) -> None:
    begun = set(
        WatchEvent.objects.filter(
            viewer=viewer,
            title__in={token.decided.title_id for token in read},
            started_at__lt=now,
            watched_seconds__gt=0,
        ).values_list("title", flat=True)
    )
    models = dict(
        Window.objects.filter(pk__in={token.window_id for token in read}).values_list("pk", "model")
    )
    Decision.objects.bulk_create(
        [
            Decision(
                viewer=viewer,
                title_id=token.decided.title_id,
                window_id=token.window_id,
                model_id=models[token.window_id],
                policy=token.decided.policy,
                artworks=token.decided.artworks.tolist(),
                probabilities=token.decided.probabilities.tolist(),
                chosen=token.decided.artwork_id,
                propensity=token.decided.propensity,
                surface=token.surface,
                position=token.position,
                first_seen_at=now,
                day=now.astimezone(UTC).date(),
                begun=token.decided.title_id in begun,
            )
            for token in read
        ],
        ignore_conflicts=True,
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
