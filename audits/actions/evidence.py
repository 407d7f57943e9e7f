"""The evidence log's tick: note what happened, append the leaves, sign a head and send it out."""

from pathlib import Path

import structlog
from django.conf import settings

from audits.actions.observing import observe
from audits.evidence.keys import SigningKey
from audits.record import heads, ledger
from audits.runs.signing import signing_key
from tools.verify_evidence import ROTATION

log = structlog.get_logger(__name__)


def tick() -> str:
    """Bring the log up to date; return words about it. Needs the audit role.

    What stands in the way of a head is in the words, and in the log of the process.
    """
    observe()
    made = ledger.append_all()
    head = advance()
    problems = head.problems if head else ""
    if problems:
        log.warning("evidence_not_published", problems=problems)
    size = head.size if head else 0
    return f"Evidence: {made} new leaves, {size} signed. {problems}".strip()


def advance() -> heads.Head | None:
    """Sign, witness and export a head as the settings say."""
    return heads.advance(
        signing_key(),
        origin=settings.EVIDENCE_ORIGIN,
        export=export_folder(),
        witnesses=[heads.KnownWitness.parse(text) for text in settings.EVIDENCE_WITNESSES],
    )


def export_folder() -> Path | None:
    return Path(settings.EVIDENCE_FOLDER) if settings.EVIDENCE_FOLDER else None


def rotate(new: SigningKey) -> None:
    """Enter a new key into the log, by a leaf that the old and the new one sign.

    From then on the new key must sign. Raises ValueError without the old key.
    """
    old = signing_key()
    if old is None:
        raise ValueError("The old key signs the step to the new one: set EVIDENCE_KEY to it.")
    if (wanted := heads.signer()) and wanted != str(old.verifier):
        raise ValueError(f"EVIDENCE_KEY is not the log's key: {wanted} must sign.")
    ledger.append_all()
    with ledger.turn() as cursor:
        body = {
            "new": str(new.verifier),
            "signatures": [key.introduce(old.verifier, new.verifier) for key in (old, new)],
        }
        ledger.note(cursor, ROTATION, "the log's key", body)
    ledger.append_all()
