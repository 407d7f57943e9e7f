"""The key by which this installation signs documents and the log. The audit worker holds it."""

from django.conf import settings

from audits.evidence.keys import SigningKey


def signing_key() -> SigningKey | None:
    """Return the key that EVIDENCE_KEY gives, or None where this process has none.

    Raises:
        NotReadable: EVIDENCE_KEY is no signing key.
    """
    text: str = settings.EVIDENCE_KEY
    return SigningKey.parse(text) if text else None
