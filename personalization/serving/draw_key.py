"""The key of every keyed hash that a choice depends on. It is derived here and nowhere else."""

from django.conf import settings

MOST_BYTES = 64  # all that BLAKE2b takes (RFC 7693)


def draw_key() -> bytes:
    """Return the key of the draws and of the windows' stagger: `DRAW_KEY`, at most 64 bytes."""
    key: str = settings.DRAW_KEY
    return key.encode()[:MOST_BYTES]
