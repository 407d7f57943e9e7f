"""Signing: checkpoints, cosignatures, documents and the rotation of keys, by Ed25519.

Formats: C2SP signed-note, tlog-checkpoint and tlog-cosignature.
"""

import base64
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from tools.verify_evidence import (
    COSIGNATURE,
    DOCUMENT_CONTEXT,
    ED25519,
    ROTATION_CONTEXT,
    Checkpoint,
    NotReadable,
    VerifierKey,
    is_key_name,
)

PREFIX = "PRIVATE+KEY"


@dataclass(frozen=True)
class SigningKey:
    """A named Ed25519 key that signs. Its secret never shows in a representation."""

    name: str
    secret: Ed25519PrivateKey = field(repr=False)
    kind: int = ED25519

    @classmethod
    def make(cls, name: str, *, kind: int = ED25519) -> "SigningKey":
        """Make a new key at random. Raises NotReadable for a name that no key may have."""
        return cls(_checked(name), Ed25519PrivateKey.generate(), kind)

    @classmethod
    def parse(cls, text: str) -> "SigningKey":
        """Read a key as `str` writes it: `PRIVATE+KEY+name+hash+base64`. Raises NotReadable."""
        head, _, rest = text.strip().partition(PREFIX + "+")
        parts = rest.split("+", 2)
        try:
            material = base64.b64decode(parts[2], validate=True)
            key = cls(parts[0], Ed25519PrivateKey.from_private_bytes(material[1:]), material[0])
        except (IndexError, ValueError) as error:
            raise NotReadable("not a signing key") from error
        if head or key.kind not in (ED25519, COSIGNATURE) or key.verifier.id.hex() != parts[1]:
            raise NotReadable("not a signing key")
        return key

    def dump(self) -> str:
        """Return the key as text, secret included, for the file that keeps it."""
        raw = self.secret.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
        material = base64.b64encode(bytes([self.kind]) + raw).decode()
        return f"{PREFIX}+{self.name}+{self.verifier.id.hex()}+{material}"

    @property
    def verifier(self) -> VerifierKey:
        """The public half, which others verify with."""
        public = self.secret.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return VerifierKey(self.name, self.kind, public)

    def line(self, text: str) -> str:
        """Return the signature line of a note with this text."""
        return self._line(self.secret.sign(text.encode()))

    def cosign(self, checkpoint: Checkpoint, *, at: int) -> str:
        """Return the signature line by which a witness cosigns; `at` is in seconds since 1970."""
        message = f"cosignature/v1\ntime {at}\n{checkpoint.note.text}"
        return self._line(at.to_bytes(8, "big") + self.secret.sign(message.encode()))

    def sign_document(self, canonical: bytes) -> str:
        """Return the signature of a document's canonical form, in base64."""
        return base64.b64encode(self.secret.sign(DOCUMENT_CONTEXT + canonical)).decode()

    def introduce(self, old: VerifierKey, new: VerifierKey) -> str:
        """Return this key's signature under the step from one key to the next, in base64."""
        message = ROTATION_CONTEXT + f"{old}\n{new}\n".encode()
        return base64.b64encode(self.secret.sign(message)).decode()

    def _line(self, signature: bytes) -> str:
        signed = base64.b64encode(self.verifier.id + signature).decode()
        return f"— {self.name} {signed}\n"


def checkpoint(*, origin: str, size: int, root: bytes, key: SigningKey) -> str:
    """Return a signed checkpoint of a log of `size` leaves under `root` (32 bytes)."""
    text = f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n"
    return f"{text}\n{key.line(text)}"


def _checked(name: str) -> str:
    if not is_key_name(name):
        raise NotReadable(f"{name!r} is no name for a key: no spaces, no plus sign")
    return name
