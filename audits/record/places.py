"""Where a row stands in the evidence log, and whether it is what was logged."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection

from audits.evidence import tree
from audits.record import heads
from audits.record.entries import Event, Gone, entry
from audits.record.ledger import StoredTiles
from tools.verify_evidence import (
    Checkpoint,
    DoesNotVerify,
    NotReadable,
    VerifierKey,
    leaf_hash,
    verify_inclusion,
)


@dataclass(frozen=True)
class LogPlace:
    """One leaf about a row: its kind, its index, and what is wrong with it in words, or "".

    `waits` says that the log has the event and not the leaf yet. `signed` says that a signed head
    covers the leaf.
    """

    kind: str
    index: int | None
    wrong: str = ""
    signed: bool = False

    @property
    def waits(self) -> bool:
        return self.index is None and not self.wrong


def of(subjects: Iterable[str], *, expected: Iterable[str] = ()) -> dict[str, list[LogPlace]]:
    """Return the places of each subject, checked against the rows as they are now.

    Each kind of event that is `expected` of a subject and is not there is a place of its own, with
    words.
    """
    wanted = list(subjects)
    found: dict[str, list[LogPlace]] = {subject: [] for subject in wanted}
    head = heads.newest()
    root, problem = _checked(head)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.id, e.kind, e.subject, e.body, e.at, l.place, l.entry, l.hash"
            " FROM record.events AS e LEFT JOIN record.leaves AS l ON l.event_id = e.id"
            " WHERE e.subject = ANY(%s) ORDER BY e.id",
            [wanted],
        )
        rows = cursor.fetchall()
    for number, kind, subject, body, at, place, content, value in rows:
        event = Event(number, kind, subject, _loaded(body), at)
        if place is None:
            found[subject].append(LogPlace(kind, None))
            continue
        wrong = _wrong(event, bytes(content), bytes(value)) or problem
        signed = not wrong and head is not None and place < head.size
        if signed and head is not None:
            wrong = _not_included(bytes(value), place, head.size, root)
        found[subject].append(LogPlace(kind, place, wrong, signed and not wrong))
    for places in found.values():
        there = {place.kind for place in places}
        missing = [kind for kind in expected if kind not in there]
        places += [LogPlace(kind, None, "It is not in the log.") for kind in missing]
    return found


def _loaded(body: Any) -> dict[str, Any]:

    return dict(json.loads(body)) if isinstance(body, str) else dict(body)


def _wrong(event: Event, content: bytes, value: bytes) -> str:
    if leaf_hash(content) != value:
        return "Its leaf was changed."
    try:
        return "" if entry(event) == content else "It is not what was logged."
    except (Gone, NotReadable):
        return "It is not what was logged."


def _checked(head: heads.Head | None) -> tuple[bytes, str]:
    """Return the signed root, and words if the head itself does not verify."""
    if head is None or not head.size:
        return b"", ""
    try:
        checkpoint = Checkpoint.parse(head.checkpoint)
        if not checkpoint.note.signed_by(VerifierKey.parse(head.signer)):
            return b"", "The log’s newest head is not signed by its key."
        root = tree.root(StoredTiles(), head.size)
    except (NotReadable, DoesNotVerify, IndexError) as error:
        return b"", f"The log’s newest head does not verify: {error}"
    if checkpoint.size != head.size or checkpoint.root != root:
        return b"", "The log is not what its newest head signed."
    return root, ""


def _not_included(value: bytes, place: int, size: int, root: bytes) -> str:
    path = tree.inclusion(StoredTiles(), index=place, size=size)
    try:
        verify_inclusion(leaf=value, index=place, size=size, proof=path, root=root)
    except DoesNotVerify as error:
        return f"Its leaf does not verify: {error}."
    return ""
