"""Where a row stands in the evidence log, and whether it is what was logged."""

import base64
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from audits.evidence import tree
from audits.models import AuditRun
from audits.record import heads
from audits.record.entries import Event, RowGone, RowSource, entry
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


class CachedTiles(StoredTiles):
    """The log's hashes, read in whole tiles and kept: many proofs share most of them."""

    def __init__(self) -> None:
        super().__init__()
        self._kept: dict[tuple[int, int], Sequence[bytes]] = {}

    def read(self, level: int, start: int, end: int) -> Sequence[bytes]:
        hashes: list[bytes] = []
        for number in range(start // tree.WIDTH, -(-end // tree.WIDTH)):
            first = number * tree.WIDTH
            if (level, number) not in self._kept:
                self._kept[level, number] = super().read(level, first, first + tree.WIDTH)
            tile = self._kept[level, number]
            hashes += tile[max(0, start - first) : max(0, end - first)]
        return hashes


def of_runs(
    runs: Sequence[AuditRun], head: heads.Head | None, *, prove: bool = False
) -> dict[str, list[LogPlace]]:
    """Return the places of runs, by their public ids, and of what each must have in the log.

    `head` is the newest head. With `prove`, each leaf's path to the signed root is computed
    too. A list leaves that out.
    """
    expected = {
        str(run.public_id): ["run.requested"]
        + ["run.registered"] * bool(run.registration)
        + [f"run.{run.state}"] * (run.state in {"finished", "failed"})
        for run in runs
    }
    return _places(expected, RowSource(runs=runs), head, prove)


def of_findings(numbers: Iterable[int], head: heads.Head | None) -> dict[str, list[LogPlace]]:
    """Return the places of findings, by `finding NUMBER`."""
    expected = {f"finding {one}": ["finding.recorded"] for one in numbers}
    return _places(expected, RowSource(), head, False) if expected else {}


def _places(
    expected: Mapping[str, Sequence[str]], rows: RowSource, head: heads.Head | None, prove: bool
) -> dict[str, list[LogPlace]]:
    found: dict[str, list[LogPlace]] = {subject: [] for subject in expected}
    tiles = CachedTiles()
    root, problem = _checked(head, tiles)
    for event, place, content, value in _leaves(list(expected)):
        if place is None:
            found[event.subject].append(LogPlace(event.kind, None))
            continue
        wrong = _wrong(event, content, value, rows) or problem
        signed = not wrong and head is not None and place < head.size
        if signed and prove and head is not None:
            wrong = _not_included(tiles, value, place, head.size, root)
        found[event.subject].append(LogPlace(event.kind, place, wrong, signed and not wrong))
    for subject, kinds in expected.items():
        there = {place.kind for place in found[subject]}
        missing = [kind for kind in kinds if kind not in there]
        found[subject] += [LogPlace(kind, None, "It is not in the log.") for kind in missing]
    return found


def proof(subject: str, kind: str) -> str | None:
    """Return the proof that an event's leaf is in the log, in the format C2SP tlog-proof.

    Its extra data is the leaf's entry. None while no signed head covers the leaf.
    """
    head = heads.newest()
    leaves = [one for one in _leaves([subject]) if one[0].kind == kind and one[1] is not None]
    if head is None or not leaves:
        return None
    _, place, content, _ = leaves[-1]
    if place is None or place >= head.size:
        return None
    path = tree.inclusion(CachedTiles(), index=place, size=head.size)
    steps = "".join(base64.b64encode(step).decode() + "\n" for step in path)
    extra = base64.b64encode(content).decode()
    return f"c2sp.org/tlog-proof@v1\nextra {extra}\nindex {place}\n{steps}\n{head.checkpoint}"


def _leaves(subjects: list[str]) -> Iterator[tuple[Event, int | None, bytes, bytes]]:
    """Yield each event of the subjects with its leaf's place, entry and hash."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.id, e.kind, e.subject, e.body, e.at, l.place, l.entry, l.hash"
            " FROM record.events AS e LEFT JOIN record.leaves AS l ON l.event_id = e.id"
            " WHERE e.subject = ANY(%s) ORDER BY e.id",
            [subjects],
        )
        rows = cursor.fetchall()
    for number, kind, subject, body, at, place, content, value in rows:
        event = Event(number, kind, subject, _loaded(body), at)
        yield event, place, bytes(content or b""), bytes(value or b"")


def _loaded(body: Any) -> dict[str, Any]:

    return dict(json.loads(body)) if isinstance(body, str) else dict(body)


def _wrong(event: Event, content: bytes, value: bytes, rows: RowSource) -> str:
    if leaf_hash(content) != value:
        return "Its leaf was changed."
    try:
        return "" if entry(event, rows) == content else "It is not what was logged."
    except (RowGone, NotReadable):
        return "It is not what was logged."


def _checked(head: heads.Head | None, tiles: StoredTiles) -> tuple[bytes, str]:
    """Return the signed root, and words if the head itself does not verify."""
    if head is None or not head.size:
        return b"", ""
    try:
        checkpoint = Checkpoint.parse(head.checkpoint)
        if not checkpoint.note.signed_by(VerifierKey.parse(head.signer)):
            return b"", "The log’s newest head is not signed by its key."
        root = tree.root(tiles, head.size)
    except (NotReadable, DoesNotVerify, IndexError) as error:
        return b"", f"The log’s newest head does not verify: {error}"
    if checkpoint.size != head.size or checkpoint.root != root:
        return b"", "The log is not what its newest head signed."
    return root, ""


def _not_included(tiles: StoredTiles, value: bytes, place: int, size: int, root: bytes) -> str:
    path = tree.inclusion(tiles, index=place, size=size)
    try:
        verify_inclusion(leaf=value, index=place, size=size, proof=path, root=root)
    except DoesNotVerify as error:
        return f"Its leaf does not verify: {error}."
    return ""
