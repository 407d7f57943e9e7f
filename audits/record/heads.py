"""The heads of the evidence log: signed checkpoints, their export, and witnesses' cosignatures.

What stands in the way of a head is said in words, on the head and in the tick's result. It stops
nothing: the events wait, and the older checkpoint stands.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.db import connections

from audits.evidence import folder, tree, witness
from audits.evidence.keys import SigningKey, checkpoint
from audits.record import ledger
from audits.routers import AUDIT
from tools.verify_evidence import ROTATION, Checkpoint, NotReadable, VerifierKey, read_json

WITNESS_SECONDS = 5.0  # how long one witness may take


@dataclass(frozen=True)
class Head:
    """A signed head: its number of leaves, the checkpoint, its signer, and what went wrong."""

    size: int
    checkpoint: str
    signer: str
    problems: str = ""


@dataclass(frozen=True)
class KnownWitness:
    """A witness that cosigns this log: its verifier key and its address."""

    key: VerifierKey
    url: str

    @classmethod
    def parse(cls, text: str) -> "KnownWitness":
        """Read `name+hash+base64 https://address`. Raises NotReadable."""
        key, _, url = text.strip().partition(" ")
        if not url.strip().startswith(("http://", "https://")):
            raise NotReadable(f"not a witness: {text[:100]!r}")
        return cls(VerifierKey.parse(key), url.strip())


def newest(alias: str = "default") -> Head | None:
    """Return the newest head, or None before the first."""
    with connections[alias].cursor() as cursor:
        cursor.execute(
            "SELECT size, checkpoint, signer, problems FROM record.heads ORDER BY id DESC LIMIT 1"
        )
        row = cursor.fetchone()
    return Head(*row) if row else None


def signer(alias: str = AUDIT) -> str:
    """Return the verifier key that must sign now: the last one rotated to, or the first head's.

    It is empty before the first head.
    """
    with connections[alias].cursor() as cursor:
        cursor.execute(
            "SELECT entry FROM record.leaves WHERE kind = %s ORDER BY place DESC LIMIT 1",
            [ROTATION],
        )
        row = cursor.fetchone()
        if row:
            return str(read_json(bytes(row[0]).decode())["new"])
        cursor.execute("SELECT signer FROM record.heads ORDER BY id LIMIT 1")
        row = cursor.fetchone()
    return str(row[0]) if row else ""


def advance(
    key: SigningKey | None,
    *,
    origin: str = "",
    export: Path | None = None,
    witnesses: Sequence[KnownWitness] = (),
) -> Head | None:
    """Sign a head over all leaves, have it witnessed, and export it; return the newest head.

    Nothing is signed without a key, under another key than the log's, or if the exported
    checkpoint is not of this log or is of a longer one.
    """
    with ledger.turn() as cursor:
        size = ledger.length(cursor)
        before = newest(AUDIT)
        problems = _obstacles(key, size, export)
        if key is None or not size or problems:
            return _keep(before, " ".join(problems))
        text = checkpoint(
            origin=origin or key.name,
            size=size,
            root=tree.root(ledger.StoredTiles(AUDIT), size),
            key=key,
        )
        head = Head(size, text, str(key.verifier))
    # Witnesses and the disk take their time. The log grows meanwhile, and this head stays true.
    head, problems = _witnessed(head, witnesses)
    if export is not None:
        problems += _export(head, export)
    return _keep(head, " ".join(problems))


def _obstacles(key: SigningKey | None, size: int, export: Path | None) -> list[str]:
    if key is None:
        return ["This process has no EVIDENCE_KEY, so nothing is signed."]
    wanted = signer()
    if wanted and wanted != str(key.verifier):
        return [f"EVIDENCE_KEY is not the log's key: {wanted} must sign."]
    before = newest(AUDIT)
    known = [("The newest head", before.checkpoint)] if before else []
    if export is not None and (exported := _read(export / "checkpoint")):
        known.append(("The exported checkpoint", exported))
    return [words for whose, text in known if (words := _departure(whose, text, size))]


def _departure(whose: str, text: str, size: int) -> str:
    """Say in words how this log departs from a checkpoint of it; "" if it continues that one."""
    try:
        known = Checkpoint.parse(text)
    except NotReadable as error:
        return f"{whose} cannot be read: {error}."
    if known.size > size:
        return (
            f"{whose} knows {known.size} leaves and this log has {size}: the database was restored "
            "from an older backup, or the log was shortened."
        )
    if tree.root(ledger.StoredTiles(AUDIT), known.size) != known.root:
        return (
            f"{whose} has another root over the first {known.size} leaves: the log was rewritten."
        )
    return ""


def _witnessed(head: Head, witnesses: Sequence[KnownWitness]) -> tuple[Head, list[str]]:
    text, problems = head.checkpoint, []
    for one in witnesses:
        try:
            text += witness.ask(
                one.url,
                one.key,
                head.checkpoint,
                tiles=ledger.StoredTiles(AUDIT),
                timeout=WITNESS_SECONDS,
            )
        except witness.NoCosignature as error:
            problems.append(f"The witness {one.key.name} did not cosign: {error}")
    return Head(head.size, text, head.signer), problems


def _export(head: Head, export: Path) -> list[str]:
    exported = _read(export / "checkpoint")
    try:
        folder.publish(
            export,
            head.checkpoint,
            tiles=ledger.StoredTiles(AUDIT),
            entries=ledger.entries,
            before=Checkpoint.parse(exported).size if exported else 0,
        )
    except OSError as error:
        return [f"{export} cannot be written: {error.strerror}. The older checkpoint stands there."]
    return []


def _keep(head: Head | None, problems: str) -> Head | None:
    """Store a head if it says something new; return the newest."""
    if head is None:
        return Head(0, "", "", problems) if problems else None
    made = Head(head.size, head.checkpoint, head.signer, problems)
    if made != newest(AUDIT):
        with connections[AUDIT].cursor() as cursor:
            cursor.execute(
                "INSERT INTO record.heads (size, checkpoint, signer, problems)"
                " VALUES (%s, %s, %s, %s)",
                [made.size, made.checkpoint, made.signer, made.problems],
            )
    return made


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return ""
