"""Codes for viewers on staff pages. They tell viewers apart and lead to no account.

A code is a keyed hash of the viewer's public id. The key, `DRAW_KEY`, lies outside the database and
no page shows it, so that neither a public id nor a row number gives a code. Each kind of page has
codes of its own. Staff who see accounts and viewers elsewhere cannot say which code is whose.
"""

import base64
import hashlib
import re
from enum import Enum
from uuid import UUID

from catalog.models import Viewer
from personalization.serving.draw_key import draw_key

BYTES = 10  # 80 bits: two viewers of a million share a code with a chance of about 10⁻¹²
CODE = re.compile("[A-Z2-7]{4}(-[A-Z2-7]{4}){3}")
WHY = (
    "A code that stands for one viewer on these pages. It is made with a secret key, and nothing "
    "leads from it to an account or a profile, because nobody on the staff may see what a named "
    "person watched or was shown."
)


class StaffPage(bytes, Enum):
    """The pages that have codes of their own."""

    DECISIONS = b"decisions"
    WINDOWS = b"windows"


def code(public_id: UUID, page: StaffPage) -> str:
    """Return a viewer's code on a page, as “7KQD-XU3M-A2LT-EZ5W” (RFC 4648, base 32)."""
    digest = hashlib.blake2b(
        public_id.bytes, key=draw_key(), person=page.value, digest_size=BYTES
    ).digest()
    letters = base64.b32encode(digest).decode()
    return "-".join(letters[start : start + 4] for start in range(0, len(letters), 4))


def viewer_with(wanted: str, page: StaffPage) -> int | None:
    """Return the id of the viewer whose code on a page is `wanted`, or None.

    It computes the codes of all viewers: a second or so for half a million.
    """
    wanted = wanted.strip().upper()
    if not CODE.fullmatch(wanted):
        return None
    for pk, public_id in Viewer.objects.values_list("pk", "public_id").iterator():
        if code(public_id, page) == wanted:
            return int(pk)
    return None
