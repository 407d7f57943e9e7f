"""Asking witnesses for cosignatures, and the rules by which a witness gives one.

The protocol is C2SP tlog-witness (`add-checkpoint`). `cosign` is the whole of a witness's
judgement, as a pure function. `reference_witness` puts it behind HTTP and keeps what it cosigned.
"""

import base64
import re
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from audits.evidence.keys import SigningKey
from audits.evidence.tree import Tiles, consistency
from tools.verify_evidence import (
    EMPTY_ROOT,
    Checkpoint,
    DoesNotVerify,
    Note,
    NotReadable,
    VerifierKey,
    verify_consistency,
)

MOST_STEPS = 63
MOST_BYTES = 64 * 1024  # of an answer


class NoCosignature(Exception):
    """A witness did not cosign, for the reason in words."""


@dataclass(frozen=True)
class Cosigned:
    """The newest head of a log that a witness has cosigned: leaves, and root of 32 bytes."""

    size: int = 0
    root: bytes = EMPTY_ROOT


class Refusal(Exception):
    """A witness's answer that is no cosignature: an HTTP status, and words or a size."""

    def __init__(self, status: int, words: str, *, size: int | None = None) -> None:
        super().__init__(words)
        self.status, self.words, self.size = status, words, size


def cosign(
    body: str,
    *,
    logs: Mapping[str, VerifierKey],
    last: Mapping[str, Cosigned],
    key: SigningKey,
    at: int,
) -> tuple[str, Cosigned, str]:
    """Judge one request of add-checkpoint.

    Args:
        body: the request's body.
        logs: the key of each log that is witnessed, by its origin.
        last: what was cosigned last, by origin. The caller holds it still until the answer is kept.
        key: the witness's key, of kind COSIGNATURE.
        at: seconds since 1970.

    Returns:
        The log's origin, its head from now on, and the signature line.

    Raises:
        Refusal: with the status that the protocol asks for.
    """
    old, proof, checkpoint = _request(body)
    if checkpoint.origin not in logs:
        raise Refusal(404, "unknown log")
    _check_signature(checkpoint, logs[checkpoint.origin])
    if old > checkpoint.size:
        raise Refusal(400, "the old size is larger than the checkpoint's")
    known = last.get(checkpoint.origin, Cosigned())
    if old != known.size:
        raise Refusal(409, f"{known.size}\n", size=known.size)
    if old == checkpoint.size and checkpoint.root != known.root:
        raise Refusal(409, f"{known.size}\n", size=known.size)
    _check_consistency(known, checkpoint, proof)
    head = Cosigned(checkpoint.size, checkpoint.root)
    return checkpoint.origin, head, key.cosign(checkpoint, at=at)


def request(checkpoint: str, *, old: int, proof: Sequence[bytes]) -> str:
    """Return the body of a request: the old size, the consistency proof, the checkpoint."""
    steps = "".join(base64.b64encode(step).decode() + "\n" for step in proof)
    return f"old {old}\n{steps}\n{checkpoint}"


def ask(url: str, key: VerifierKey, checkpoint: str, *, tiles: Tiles, timeout: float) -> str:
    """Return a witness's cosignature line over a checkpoint, whatever it has cosigned before.

    Raises:
        NoCosignature: if the witness does not answer in `timeout` seconds, or refuses, or its
            answer does not verify.
    """
    wanted = Checkpoint.parse(checkpoint)
    old = wanted.size
    for _ in range(2):  # the first answer may tell the size that the witness knows
        proof = consistency(tiles, old=old, size=wanted.size)
        status, answer = _post(url, request(checkpoint, old=old, proof=proof), timeout)
        if status == 200:
            return _cosignature(answer, key, wanted)
        known = answer.strip()
        if status != 409 or not known.isdecimal() or int(known) == old:
            break
        if int(known) > wanted.size:
            raise NoCosignature(f"{key.name} knows a longer log, of {known} leaves.")
        old = int(known)
    raise NoCosignature(f"{key.name} refused: {status} {answer.strip()[:200]}".rstrip())


def _request(body: str) -> tuple[int, list[bytes], Checkpoint]:
    head, mark, note = body.partition("\n\n")
    lines = head.split("\n")
    old = re.fullmatch(r"old (0|[1-9][0-9]{0,18})", lines[0])
    if not mark or old is None or len(lines) - 1 > MOST_STEPS:
        raise Refusal(400, "not a request of add-checkpoint")
    try:
        proof = [base64.b64decode(line, validate=True) for line in lines[1:]]
        return int(old[1]), proof, Checkpoint.parse(note)
    except (NotReadable, ValueError) as error:
        raise Refusal(400, str(error)) from error


def _check_signature(checkpoint: Checkpoint, key: VerifierKey) -> None:
    try:
        signed = checkpoint.note.signed_by(key)
    except DoesNotVerify:
        signed = False
    if not signed:
        raise Refusal(403, "the checkpoint is not signed by its log")


def _check_consistency(known: Cosigned, checkpoint: Checkpoint, proof: Sequence[bytes]) -> None:
    try:
        if known.size:
            verify_consistency(
                old_size=known.size,
                old_root=known.root,
                size=checkpoint.size,
                root=checkpoint.root,
                proof=proof,
            )
        elif proof:
            raise DoesNotVerify("from no leaves there is nothing to prove")
    except DoesNotVerify as error:
        raise Refusal(422, str(error)) from error


def _post(url: str, body: str, timeout: float) -> tuple[int, str]:
    call = urllib.request.Request(  # noqa: S310 - the operator's setting names the witness
        f"{url.rstrip('/')}/add-checkpoint", body.encode(), method="POST"
    )
    try:
        with urllib.request.urlopen(call, timeout=timeout) as answer:  # noqa: S310
            return int(answer.status), answer.read(MOST_BYTES).decode("utf-8", "replace")
    except urllib.error.HTTPError as error:
        return error.code, error.read(MOST_BYTES).decode("utf-8", "replace")
    except (OSError, ValueError) as error:
        raise NoCosignature(f"{url} does not answer: {error}") from error


def _cosignature(answer: str, key: VerifierKey, checkpoint: Checkpoint) -> str:
    """Return the line that is this witness's; lines of unknown keys are passed over."""
    for line in answer.splitlines(keepends=True):
        try:
            if Note.parse(f"{checkpoint.note.text}\n{line}").signed_by(key):
                return line
        except (NotReadable, DoesNotVerify):
            continue
    raise NoCosignature(f"The answer of {key.name} holds no cosignature that verifies.")
