"""Decision tokens: a signed decision that goes to the page and comes back when it was seen.

The layout is packed, because a page carries a hundred tokens.

    window, title     int64, int64
    position          uint16
    surface, policy,
    standing          uint8 each: places in fixed lists
    chosen, count     uint8, uint8
    count ×           int64 artwork, float64 probability
"""

import base64
import binascii
import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain

import numpy as np
from django.conf import settings
from django.core import signing

from personalization.models.journal import Policy, Standing
from personalization.serving.deciding import Decided

SALT = "personalization.decision.2"  # the number is the layout's version
# Only append to these lists: a token holds places in them.
SURFACES = ("home", "browse", "search", "title", "other")
POLICIES = (
    Policy.CONTEXTUAL, Policy.CONTEXT_FREE, Policy.UNIFORM, Policy.DEFAULT, Policy.VIEWER
)  # fmt: skip
STANDINGS = (
    Standing.PERSONAL, Standing.CHILD, Standing.OPTED_OUT, Standing.TOO_NEW, Standing.KEEPS
)  # fmt: skip
HEAD = struct.Struct("<qqHBBBBB")
PAIR = np.dtype([("artwork", "<i8"), ("probability", "<f8")])
MOST_ARTWORKS = 255


class TokenRefused(Exception):
    """A token was forged, damaged, or is too old."""


@dataclass(frozen=True)
class Token:
    """A decision as a page reported it."""

    window_id: int
    surface: str
    position: int
    decided: Decided
    issued_at: datetime  # when the server made the page, to the second


def pack(window_id: int, decided: Decided, *, surface: str, position: int) -> str:
    """Sign one decision. A title with more than 255 artworks gets no token ("")."""
    if len(decided.artworks) > MOST_ARTWORKS:
        return ""
    head = HEAD.pack(
        window_id,
        decided.title_id,
        min(position, 0xFFFF),
        SURFACES.index(surface if surface in SURFACES else "other"),
        POLICIES.index(Policy(decided.policy)),
        STANDINGS.index(decided.standing),
        decided.chosen,
        len(decided.artworks),
    )
    pairs = chain.from_iterable(
        zip(decided.artworks.tolist(), decided.probabilities.tolist(), strict=True)
    )
    body = struct.pack("<" + "qd" * len(decided.artworks), *pairs)
    text = base64.urlsafe_b64encode(head + body).rstrip(b"=").decode()
    return signing.TimestampSigner(salt=SALT).sign(text)


def unpack(token: str, *, any_age: bool = False) -> Token:
    """Read a token back.

    Args:
        any_age: take a token of any age, to look its decision up. Nothing is recorded from it.

    Raises:
        TokenRefused: if this copy did not sign it, or longer than
            DECISION_TOKEN_HOURS ago, or it is damaged.
    """
    age = None if any_age else timedelta(hours=settings.DECISION_TOKEN_HOURS)
    try:
        text = signing.TimestampSigner(salt=SALT).unsign(token, max_age=age)
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        window, title, position, surface, policy, standing, chosen, count = HEAD.unpack_from(data)
        pairs = np.frombuffer(data, PAIR, count, HEAD.size)
        return Token(
            window,
            SURFACES[surface],
            position,
            Decided(
                title,
                pairs["artwork"].copy(),
                pairs["probability"].copy(),
                chosen,
                POLICIES[policy],
                STANDINGS[standing],
            ),
            _issued_at(token),
        )
    except (signing.BadSignature, binascii.Error, struct.error, ValueError, IndexError) as error:
        raise TokenRefused(str(error)) from error


def _issued_at(token: str) -> datetime:
    """Return the time that a `TimestampSigner` signed into a token whose signature was checked."""
    _, stamp, _ = token.rsplit(":", 2)
    return datetime.fromtimestamp(signing.b62_decode(stamp), UTC)
