#!/usr/bin/env python3
"""Verifies Marquee's evidence. It needs this file, Python and the package `cryptography`.

    verify_evidence.py document RUN.json --proof RUN.tlog-proof --key KEY [--witness KEY …]
    verify_evidence.py log FOLDER --key KEY [--witness KEY …] [--since CHECKPOINT …]
    verify_evidence.py vectors FOLDER

`document` checks that a downloaded audit document is signed, and that its digest is a leaf of the
log. `log` computes the whole log again from its entries, checks its newest checkpoint, and checks
that each older checkpoint you kept is a prefix of it. `vectors` runs test vectors for proofs.

KEY is a verifier key, `name+hash+base64`. Get it in another way than by this download. It is the
log's first key; a leaf that both keys signed introduces each later one. Each witness that is named
must have cosigned.

Exit codes: 0 everything verified, 1 something does not verify, 2 something cannot be read.

Formats: RFC 6962 and RFC 9162 (hashes and proofs), RFC 8785 (canonical JSON), and C2SP signed-note,
tlog-checkpoint, tlog-cosignature, tlog-proof and tlog-tiles.
"""

import argparse
import base64
import binascii
import hashlib
import hmac
import json
import math
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

ED25519, COSIGNATURE = 0x01, 0x04  # signature types of the signed-note format
DOCUMENT_CONTEXT = b"marquee/document/v1\n"
ROTATION_CONTEXT = b"marquee/key-rotation/v1\n"
ROTATION = "log.key-rotated"  # the kind of leaf that introduces a new key
WIDTH = 256  # entries in a full bundle
MAX_DEPTH = 200  # of JSON; deeper text is refused before it is read

_scalar = json.JSONEncoder(ensure_ascii=False).encode  # made once: `json.dumps` makes one a call
_MARKS = re.compile(r'\\.|["\[\]{}]', re.DOTALL)  # of JSON: what tells how deep it is nested


class NotReadable(ValueError):
    """Something is not in the format that it should be in."""


class DoesNotVerify(Exception):
    """Something is well formed, and is not what it says it is."""


# --- Merkle trees (RFC 6962, 2.1; RFC 9162, 2.1.3 and 2.1.4) ------------------


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash of a leaf: 32 bytes."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node: 32 bytes."""
    return hashlib.sha256(b"\x01" + left + right).digest()


EMPTY_ROOT = hashlib.sha256(b"").digest()


def root_of(hashes: Iterable[bytes]) -> bytes:
    """Return the root over leaf hashes, read one after another in memory that grows as log n."""
    stack: list[bytes] = []  # the complete subtrees so far, largest first
    for count, value in enumerate(hashes):
        while count & 1:
            value = node_hash(stack.pop(), value)
            count >>= 1
        stack.append(value)
    if not stack:
        return EMPTY_ROOT
    root = stack.pop()
    while stack:
        root = node_hash(stack.pop(), root)
    return root


def verify_inclusion(
    *, leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> None:
    """Check that the leaf hash `leaf` is at `index` of the tree of `size` leaves under `root`.

    Raises:
        DoesNotVerify: if it is not, or if the proof is too long or too short.
    """
    if not 0 <= index < size:
        raise DoesNotVerify(f"leaf {index} cannot be in a tree of {size}")
    if len(leaf) != 32 or len(root) != 32:
        raise DoesNotVerify("a leaf's hash and a root have 32 bytes")
    at, last, value = index, size - 1, leaf
    for step in proof:
        if last == 0:
            raise DoesNotVerify("the inclusion proof is too long")
        if at & 1 or at == last:
            value = node_hash(step, value)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            value = node_hash(value, step)
        at, last = at >> 1, last >> 1
    if last != 0:
        raise DoesNotVerify("the inclusion proof is too short")
    if not hmac.compare_digest(value, root):
        raise DoesNotVerify("the inclusion proof leads to another root")


def verify_consistency(
    *, old_size: int, old_root: bytes, size: int, root: bytes, proof: Sequence[bytes]
) -> None:
    """Check that the tree of `old_size` leaves is a prefix of the tree of `size` leaves.

    Raises:
        DoesNotVerify: if it is not, and for an old tree without leaves, of which nothing follows.
    """
    if not 0 < old_size <= size:
        raise DoesNotVerify(f"a tree of {old_size} leaves cannot be compared with one of {size}")
    if old_size == size:
        if proof or not hmac.compare_digest(old_root, root):
            raise DoesNotVerify("two trees of one size differ, or their proof is not empty")
        return
    steps = list(proof)
    if old_size & (old_size - 1) == 0:
        steps.insert(0, old_root)  # a complete subtree is its own first step
    if not steps:
        raise DoesNotVerify("the consistency proof is too short")
    at, last = old_size - 1, size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    old = new = steps[0]
    for step in steps[1:]:
        if last == 0:
            raise DoesNotVerify("the consistency proof is too long")
        if at & 1 or at == last:
            old, new = node_hash(step, old), node_hash(step, new)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            new = node_hash(new, step)
        at, last = at >> 1, last >> 1
    if last != 0:
        raise DoesNotVerify("the consistency proof is too short")
    if not (hmac.compare_digest(old, old_root) and hmac.compare_digest(new, root)):
        raise DoesNotVerify("the consistency proof leads to other roots")


# --- Keys and signed notes (C2SP signed-note, tlog-cosignature) ---------------


@dataclass(frozen=True)
class VerifierKey:
    """A name, a signature type (ED25519 or COSIGNATURE) and an Ed25519 public key of 32 bytes."""

    name: str
    kind: int
    public: bytes

    @property
    def id(self) -> bytes:
        """The key's short hash, 4 bytes, which stands before each of its signatures."""
        named = self.name.encode() + b"\n" + bytes([self.kind]) + self.public
        return hashlib.sha256(named).digest()[:4]

    def __str__(self) -> str:
        material = base64.b64encode(bytes([self.kind]) + self.public).decode()
        return f"{self.name}+{self.id.hex()}+{material}"

    @classmethod
    def parse(cls, text: str) -> "VerifierKey":
        """Read a key as `name+hash+base64`. Raises NotReadable."""
        parts = text.strip().split("+", 2)
        if len(parts) != 3 or not is_key_name(parts[0]):
            raise NotReadable(f"not a verifier key: {text[:100]!r}")
        material = _base64(parts[2], "the verifier key")
        if len(material) != 33 or material[0] not in (ED25519, COSIGNATURE):
            raise NotReadable(f"{parts[0]}: only Ed25519 keys can be used")
        key = cls(parts[0], material[0], material[1:])
        if key.id.hex() != parts[1]:
            raise NotReadable(f"{parts[0]}: the verifier key has another hash than it says")
        return key

    def verify(self, signature: bytes, message: bytes) -> None:
        """Check an Ed25519 signature of 64 bytes. Raises DoesNotVerify."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except InvalidSignature:
            raise DoesNotVerify(f"the signature of {self.name} does not verify") from None


def is_key_name(name: str) -> bool:
    """Say whether a key may have this name: no plus sign, no space, something to see."""
    return bool(name) and name.isprintable() and not any(c == "+" or c.isspace() for c in name)


@dataclass(frozen=True)
class Note:
    """A signed note: its text, and its signatures as (name, key id and signature)."""

    text: str
    signatures: tuple[tuple[str, bytes], ...]

    @classmethod
    def parse(cls, content: str) -> "Note":
        """Split a note from its signatures. Raises NotReadable."""
        text, mark, rest = content.rpartition("\n\n")
        if not mark or not rest.endswith("\n"):
            raise NotReadable("not a signed note: no signatures follow an empty line")
        signatures = []
        for line in rest[:-1].split("\n"):
            dash, _, tail = line.partition(" ")
            name, _, value = tail.partition(" ")
            signed = _base64(value, "a signature")
            if dash != "—" or not is_key_name(name) or len(signed) < 5:
                raise NotReadable(f"not a signature line: {line[:100]!r}")
            signatures.append((name, signed))
        return cls(text + "\n", tuple(signatures))

    def signed_by(self, key: VerifierKey) -> bool:
        """Say whether this key signed the note.

        Raises:
            DoesNotVerify: if a signature that says so is false.
        """
        found = False
        for name, signed in self.signatures:
            if name == key.name and signed[:4] == key.id:
                self._verify(key, signed[4:])
                found = True
        return found

    def _verify(self, key: VerifierKey, signature: bytes) -> None:
        message = self.text.encode()
        if key.kind == COSIGNATURE:
            if len(signature) != 72:
                raise DoesNotVerify(f"the cosignature of {key.name} has not 72 bytes")
            at = int.from_bytes(signature[:8], "big")
            message = f"cosignature/v1\ntime {at}\n".encode() + message
            signature = signature[8:]
        key.verify(signature, message)


@dataclass(frozen=True)
class Checkpoint:
    """The head of a log at one moment: its origin, its number of leaves, its root (32 bytes)."""

    origin: str
    size: int
    root: bytes
    note: Note

    @classmethod
    def parse(cls, content: str) -> "Checkpoint":
        """Read a checkpoint (C2SP tlog-checkpoint). Raises NotReadable."""
        note = Note.parse(content)
        lines = note.text.split("\n")
        if len(lines) < 4 or not lines[0] or "" in lines[:-1]:
            raise NotReadable("not a checkpoint: it has no origin, size and root")
        if not re.fullmatch(r"0|[1-9][0-9]{0,18}", lines[1]):
            raise NotReadable(f"not a checkpoint: {lines[1][:30]!r} is no size")
        root = _base64(lines[2], "the root")
        if len(root) != 32:
            raise NotReadable("not a checkpoint: the root has not 32 bytes")
        return cls(lines[0], int(lines[1]), root, note)


def check_checkpoint(
    checkpoint: Checkpoint, key: VerifierKey, witnesses: Sequence[VerifierKey] = ()
) -> None:
    """Check that the log and each of the witnesses signed a checkpoint. Raises DoesNotVerify."""
    if not checkpoint.note.signed_by(key):
        raise DoesNotVerify(f"the checkpoint of {checkpoint.size} is not signed by {key.name}")
    for witness in witnesses:
        if not checkpoint.note.signed_by(witness):
            raise DoesNotVerify(f"{witness.name} has not cosigned the checkpoint")


# --- Canonical JSON (RFC 8785) ------------------------------------------------


def read_json(text: str) -> Any:
    """Read JSON that has one meaning: no key twice, no NaN, no nesting without end.

    Raises:
        NotReadable: for anything else.
    """
    _check_depth(text)
    try:
        return json.loads(
            text, object_pairs_hook=_once, parse_constant=_no_constant, parse_int=_integer
        )
    except (ValueError, RecursionError) as error:
        raise NotReadable(f"not JSON: {error}") from error


def _check_depth(text: str) -> None:
    """Refuse deep text mark by mark: neither its length nor an open string makes it slow."""
    depth, quoted = 0, False
    for found in _MARKS.finditer(text):
        mark = found.group()
        if mark == '"':
            quoted = not quoted
        elif not quoted:
            depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(mark, 0)
        if depth > MAX_DEPTH:
            raise NotReadable(f"nested more than {MAX_DEPTH} deep")


def canonical(value: Any) -> bytes:
    """Return the canonical form of a JSON value. Raises NotReadable if it has none."""
    try:
        return _canonical(value).encode()
    except UnicodeEncodeError:
        raise NotReadable("a text holds half a character") from None


def _canonical(value: Any) -> str:
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
        return "{" + ",".join(f"{_scalar(key)}:{_canonical(value[key])}" for key in keys) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_canonical, value)) + "]"
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > 2**53:
        raise NotReadable(f"{value} is no number that JSON programs agree on")
    return _scalar(value)


def _number(value: float) -> str:
    """Write a number as ECMAScript does: the shortest digits, an exponent from 1e21 or 1e-7."""
    if not math.isfinite(value):
        raise NotReadable(f"{value} is no JSON number")
    if value == 0:
        return "0"
    sign = "-" if value < 0 else ""
    mantissa, _, exponent = f"{abs(value)!r}".partition("e")
    whole, _, part = mantissa.partition(".")
    part = "" if part == "0" else part
    point = len(whole) + int(exponent or 0)
    digits = whole + part
    stripped = digits.lstrip("0")
    point -= len(digits) - len(stripped)
    digits = stripped.rstrip("0")
    if 0 < point <= 21:
        if len(digits) <= point:
            return sign + digits + "0" * (point - len(digits))
        return f"{sign}{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    fraction = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{sign}{digits[0]}{fraction}e{point - 1:+d}"


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise NotReadable("a key stands twice in one object")
    return found


def _integer(text: str) -> int | float:
    """Read an integer; beyond 2**53 it is a floating-point number to every JSON program."""
    value = int(text)
    return value if abs(value) <= 2**53 else float(text)


def _no_constant(name: str) -> None:
    raise NotReadable(f"{name} is no JSON number")


# --- Documents and their proofs (C2SP tlog-proof) -----------------------------


@dataclass(frozen=True)
class LeafProof:
    """A leaf's place in a log: its entry, its index, the path to the root, and a checkpoint."""

    entry: bytes
    index: int
    path: tuple[bytes, ...]
    checkpoint: Checkpoint

    @classmethod
    def parse(cls, content: str) -> "LeafProof":
        """Read a proof whose extra data is the entry itself. Raises NotReadable."""
        head, mark, note = content.partition("\n\n")
        lines = head.split("\n")
        if not mark or len(lines) < 3 or lines[0] != "c2sp.org/tlog-proof@v1":
            raise NotReadable("not a tlog-proof")
        extra, index = lines[1].partition("extra "), lines[2].partition("index ")
        if extra[0] or index[0] or not re.fullmatch(r"0|[1-9][0-9]{0,18}", index[2]):
            raise NotReadable("not a tlog-proof of Marquee: it has no entry or no index")
        path = tuple(_base64(line, "a proof's hash") for line in lines[3:])
        if any(len(step) != 32 for step in path) or len(path) > 63:
            raise NotReadable("not a tlog-proof: a hash has not 32 bytes, or there are too many")
        entry = _base64(extra[2], "the entry")
        return cls(entry, int(index[2]), path, Checkpoint.parse(note))


def document_digest(document: dict[str, Any]) -> str:
    """Return the digest of a document as its leaf holds it: of all but the signature."""
    unsigned = {name: value for name, value in document.items() if name != "signature"}
    return "sha256:" + hashlib.sha256(canonical(unsigned)).hexdigest()


def verify_document(document: Any, key: VerifierKey) -> None:
    """Check a document's signature. Raises NotReadable, DoesNotVerify."""
    signature = document.get("signature") if isinstance(document, dict) else None
    if not isinstance(signature, dict) or not isinstance(signature.get("value"), str):
        raise NotReadable("the document is not signed")
    unsigned = {name: value for name, value in document.items() if name != "signature"}
    signed = _base64(signature["value"], "the signature")
    key.verify(signed, DOCUMENT_CONTEXT + canonical(unsigned))


# --- Logs in a folder (C2SP tlog-tiles) ---------------------------------------


def tile_path(number: int, width: int = WIDTH) -> str:
    """Return a tile's place within its level: 1234067 gives x001/x234/067."""
    digits = f"{number:03d}"
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    parts = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    path = "/".join([*(f"x{part}" for part in parts[:-1]), parts[-1]])
    return path if width == WIDTH else f"{path}.p/{width}"


def read_entries(folder: Path, size: int) -> Iterator[bytes]:
    """Yield the entries of a log of `size` leaves, in order. Raises NotReadable."""
    for number in range(-(-size // WIDTH)):
        width = min(WIDTH, size - number * WIDTH)
        path = folder / "tile" / "entries" / tile_path(number, width)
        if not path.exists():  # a partial bundle may go when the full one is there
            path = folder / "tile" / "entries" / tile_path(number)
        try:
            content = path.read_bytes()
        except OSError as error:
            raise NotReadable(f"{path}: {error.strerror}") from error
        yield from _unbundle(content, width, path)


def _unbundle(content: bytes, width: int, path: Path) -> Iterator[bytes]:
    at = 0
    for _ in range(width):
        length = int.from_bytes(content[at : at + 2], "big")
        entry = content[at + 2 : at + 2 + length]
        if at + 2 > len(content) or len(entry) != length:
            raise NotReadable(f"{path} is cut off")
        yield entry
        at += 2 + length


def verify_log(
    folder: Path, key: VerifierKey, witnesses: Sequence[VerifierKey], older: Sequence[Checkpoint]
) -> tuple[Checkpoint, VerifierKey]:
    """Compute a whole log again; return its checkpoint and the key that signs it now.

    Raises:
        NotReadable: if files are missing or cut off.
        DoesNotVerify: if a leaf, a root, a signature or an older checkpoint does not fit.
    """
    checkpoint = Checkpoint.parse(_text(folder / "checkpoint"))
    keys = {0: key}  # from which size on which key signs
    marks = sorted({kept.size for kept in older if kept.size <= checkpoint.size})
    roots: dict[int, bytes] = {}
    stack: list[bytes] = []
    for count, entry in enumerate(read_entries(folder, checkpoint.size)):
        if marks and marks[0] == count:
            roots[marks.pop(0)] = _fold(stack)
        if ROTATION.encode() in entry:
            keys[count + 1] = _rotated(entry, keys[max(keys)], count)
        value, carry = leaf_hash(entry), count
        while carry & 1:
            value = node_hash(stack.pop(), value)
            carry >>= 1
        stack.append(value)
    roots[checkpoint.size] = _fold(stack)
    for kept in [*older, checkpoint]:
        _check_kept(kept, checkpoint, roots)
        signer = keys[max(size for size in keys if size <= kept.size)]
        check_checkpoint(kept, signer, witnesses if kept is checkpoint else ())
    return checkpoint, keys[max(keys)]


def _fold(stack: Sequence[bytes]) -> bytes:
    if not stack:
        return EMPTY_ROOT
    root = stack[-1]
    for left in reversed(stack[:-1]):
        root = node_hash(left, root)
    return root


def _check_kept(kept: Checkpoint, newest: Checkpoint, roots: dict[int, bytes]) -> None:
    if kept.origin != newest.origin:
        raise DoesNotVerify(f"a checkpoint is of another log, {kept.origin}")
    if kept.size > newest.size:
        raise DoesNotVerify(
            f"the log was shortened: it had {kept.size} leaves and has {newest.size}"
        )
    if not hmac.compare_digest(roots[kept.size], kept.root):
        which = "its newest checkpoint" if kept is newest else "an older checkpoint"
        raise DoesNotVerify(
            f"the log was rewritten: its first {kept.size} leaves have another root than {which}"
        )


def _rotated(entry: bytes, old: VerifierKey, index: int) -> VerifierKey:
    """Return the key that a rotation's leaf introduces, signed by the old key and by itself."""
    leaf = read_json(entry.decode())
    if leaf.get("kind") != ROTATION:
        return old
    new = VerifierKey.parse(str(leaf.get("new")))
    message = ROTATION_CONTEXT + f"{old}\n{new}\n".encode()
    signatures = leaf.get("signatures")
    if not isinstance(signatures, list) or len(signatures) != 2:
        raise NotReadable(f"leaf {index} rotates the key without two signatures")
    for signer, signature in zip((old, new), signatures, strict=True):
        signer.verify(_base64(str(signature), "a signature"), message)
    return new


# --- The command --------------------------------------------------------------


def _base64(text: str, what: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise NotReadable(f"{what} is not base64") from None


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise NotReadable(f"{path} cannot be read: {error}") from error


def _document(options: argparse.Namespace) -> str:
    document = read_json(_text(options.file))
    verify_document(document, options.key)
    proof = LeafProof.parse(_text(options.proof))
    check_checkpoint(proof.checkpoint, options.key, options.witness)
    verify_inclusion(
        leaf=leaf_hash(proof.entry),
        index=proof.index,
        size=proof.checkpoint.size,
        proof=proof.path,
        root=proof.checkpoint.root,
    )
    leaf, digest = read_json(proof.entry.decode("utf-8", "replace")), document_digest(document)
    if not isinstance(leaf, dict) or leaf.get("digest") != digest:
        raise DoesNotVerify("the leaf of the proof is not this document's")
    return (
        f"The document is signed by {options.key.name}, and it is leaf {proof.index} of "
        f"{proof.checkpoint.size} of the log {proof.checkpoint.origin}, logged {leaf.get('at')}."
    )


def _log(options: argparse.Namespace) -> str:
    older = [Checkpoint.parse(_text(path)) for path in options.since]
    checkpoint, signer = verify_log(options.folder, options.key, options.witness, older)
    kept = f", and {len(older)} older checkpoints are prefixes of it" if older else ""
    return (
        f"All {checkpoint.size} leaves of {checkpoint.origin} have the root of its checkpoint"
        f"{kept}. The key that signs now is {signer}"
    )


def _vectors(options: argparse.Namespace) -> str:
    files = sorted(options.folder.rglob("*.json"))
    for path in files:
        vector = read_json(_text(path))
        wanted = "refused" if vector["wantErr"] else "accepted"
        try:
            _vector(vector)
            done = "accepted"
        except (DoesNotVerify, NotReadable):
            done = "refused"
        if done != wanted:
            raise DoesNotVerify(f"{path}: it was {done} and must be {wanted}")
    if not files:
        raise NotReadable(f"{options.folder} holds no vectors")
    return f"All {len(files)} vectors pass."


def _vector(vector: dict[str, Any]) -> None:
    proof = [_base64(step, "a hash") for step in vector["proof"] or []]
    if "leafIdx" in vector:
        verify_inclusion(
            leaf=_base64(vector["leafHash"] or "", "the leaf"),
            index=vector["leafIdx"],
            size=vector["treeSize"],
            proof=proof,
            root=_base64(vector["root"] or "", "the root"),
        )
        return
    verify_consistency(
        old_size=vector["size1"],
        old_root=_base64(vector["root1"] or "", "the old root"),
        size=vector["size2"],
        root=_base64(vector["root2"] or "", "the root"),
        proof=proof,
    )


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(required=True)
    document = commands.add_parser("document", help="a downloaded document and its proof")
    document.add_argument("file", type=Path)
    document.add_argument("--proof", type=Path, required=True)
    document.set_defaults(work=_document)
    log = commands.add_parser("log", help="a whole log in a folder")
    log.add_argument("folder", type=Path)
    log.add_argument("--since", type=Path, action="append", default=[], metavar="CHECKPOINT")
    log.set_defaults(work=_log)
    for command in (document, log):
        command.add_argument("--key", type=VerifierKey.parse, required=True)
        command.add_argument("--witness", type=VerifierKey.parse, action="append", default=[])
    vectors = commands.add_parser("vectors", help="test vectors for proofs")
    vectors.add_argument("folder", type=Path)
    vectors.set_defaults(work=_vectors)
    return parser


def main() -> int:
    """Run the command; return its exit code."""
    options = _arguments().parse_args()
    try:
        print(options.work(options))
    except DoesNotVerify as error:
        print(f"DOES NOT VERIFY: {error}", file=sys.stderr)
        return 1
    except (NotReadable, KeyError, UnicodeDecodeError, RecursionError) as error:
        print(f"CANNOT BE READ: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
