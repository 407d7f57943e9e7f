"""The keyed draw: the same viewer, title and window always give the same number.

A keyed BLAKE2b (RFC 7693) of (viewer, window) seeds a counter-based generator (the SplitMix64
finaliser; Steele, Lea and Flood 2014), which is read at the title's id. So a page costs one hash,
and the rest is vectorised.
"""

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from personalization.bandit import kernels
from personalization.bandit.arrays import Floats, Ints, flags, floats, ints, refuse, shaped
from personalization.bandit.errors import BadInput
from personalization.bandit.pages import page_sizes
from personalization.bandit.slates import artworks_of, begins

MOST_KEY = hashlib.blake2b.MAX_KEY_SIZE
MOST_VIEWER = 0xFFFF  # what two bytes of length can say
OUTSIDE = "u must lie in [0, 1)"


def uniforms(key: bytes, viewer: bytes, window_key: str, title_ids: Ints) -> Floats:
    """Return one number in [0, 1) for each title.

    Args:
        key: this installation's secret; 1 to 64 bytes.
        viewer: the viewer's public id, as at most 65,535 bytes.
        window_key: the window's key, such as "2951.3".
        title_ids: (T,) int64.

    Returns:
        (T,) multiples of 2⁻⁵³.

    Raises:
        BadInput: naming the argument that makes no sense.
    """
    titles = ints("title_ids", title_ids, (None,))
    u = np.empty(len(titles))
    kernels.read(_words(_digest(_keyed(key), viewer, window_key)), titles, u)
    return u


def page_uniforms(
    key: bytes,
    viewers: Sequence[bytes],
    window_keys: Sequence[str],
    title_ids: Ints,
    sizes: Ints,
) -> Floats:
    """Return the numbers of many pages, one after the other, with the bits of `uniforms`.

    Args:
        key: as for `uniforms`.
        viewers, window_keys: the viewer and the window's key of each of P pages.
        title_ids: (T,) int64.
        sizes: (P,) how many of the T titles each page has.

    Returns:
        (T,) multiples of 2⁻⁵³.

    Raises:
        BadInput: naming the argument that makes no sense.
    """
    titles = ints("title_ids", title_ids, (None,))
    many = page_sizes(sizes, pages=len(viewers), total=len(titles))
    if len(window_keys) != len(viewers):
        raise BadInput(f"window_keys has {len(window_keys)} keys for {len(viewers)} viewers")
    keyed = _keyed(key)
    digests = [
        _digest(keyed.copy(), viewer, window)
        for viewer, window in zip(viewers, window_keys, strict=True)
    ]
    u = np.empty(len(titles))
    kernels.read_pages(_words(b"".join(digests)).reshape(-1, 2), titles, many, u)
    return u


def _keyed(key: bytes) -> "hashlib.blake2b":
    if not isinstance(key, bytes) or not 1 <= len(key) <= MOST_KEY:
        raise BadInput(f"key must have 1 to {MOST_KEY} bytes")
    return hashlib.blake2b(key=key, digest_size=16)


def _digest(keyed: "hashlib.blake2b", viewer: bytes, window_key: str) -> bytes:
    try:
        keyed.update(len(viewer).to_bytes(2, "big") + viewer + window_key.encode())
    except (AttributeError, OverflowError, TypeError, UnicodeEncodeError) as error:
        raise BadInput(
            f"viewer must be at most {MOST_VIEWER:,} bytes, and window_key text: {error}"
        ) from error
    return keyed.digest()


def _words(digests: bytes) -> kernels.Words:
    return np.frombuffer(digests, "<u8")


def pick(probabilities: Floats, starts: Ints, u: Floats) -> Ints:
    """Draw one artwork of each title by inverting the distribution at `u`.

    Args:
        probabilities: (K,) flat over titles, summing to one within each.
        starts: (T,) first index of each title, increasing, from 0.
        u: (T,) numbers in [0, 1).

    Returns:
        (T,) places in the flat axis.

    Raises:
        BadInput: naming the array that makes no sense.
    """
    return _pick(probabilities, starts, u)[0]


def _pick(probabilities: Floats, starts: Ints, u: Floats) -> tuple[Ints, Floats]:
    """As `pick`, and the sum of each title's probabilities up to the one drawn: (T,)."""
    chances, starts = shaped("probabilities", probabilities, (None,)), begins(starts)
    u = shaped("u", u, starts.shape)
    places, upper = np.empty(len(starts), np.int64), np.empty(len(starts))
    if not kernels.pick(chances, starts, u, places, upper):
        artworks_of(starts, len(chances))
        words = "probabilities must not be negative, and sum to one within each title"
        words = OUTSIDE if outside(u) else words
        refuse(words, ("probabilities", chances), ("u", u))
    return places, upper


def outside(u: Floats) -> bool:
    """Say whether any number to draw with lies outside [0, 1).

    Args:
        u: (T,).
    """
    return bool(((u < 0.0) | (u >= 1.0)).any())


def _left(probabilities: Floats, upper: Floats, u: Floats, drawn: Ints) -> Floats:
    """Return what is left of each u inside its artwork's share, again in [0, 1): (T,)."""
    own = probabilities[drawn]
    return np.clip((u - (upper - own)) / own, 0.0, np.nextafter(1.0, 0.0))


def pick_available(
    probabilities: Floats, starts: Ints, u: Floats, gone: NDArray[np.bool_]
) -> tuple[Ints, Floats]:
    """Draw where some artworks were withdrawn within the window.

    A viewer who had drawn an artwork that is still there keeps it. Where the drawn one is gone,
    what is left of the same u inside its share is a fresh uniform number, and draws among the
    rest. So the exact propensity of each artwork that remains is p / (1 − p of those gone).

    Args:
        probabilities, starts, u: as for `pick`.
        gone: (K,) whether an artwork was withdrawn.

    Returns:
        (T,) places in the flat axis, −1 where a title has no artwork left; and (K,) the
        probabilities of what remains, 0 for what is gone.

    Raises:
        BadInput: naming the array that makes no sense.
    """
    probabilities = floats("probabilities", probabilities, (None,))
    gone = flags("gone", gone, probabilities.shape)
    places, upper = _pick(probabilities, starts, u)
    if not gone.any():
        return places, probabilities
    left = _left(probabilities, upper, u, places)
    remaining = np.where(gone, 0.0, probabilities)
    ends = np.append(starts[1:], len(probabilities))
    for title in np.unique(np.repeat(np.arange(len(starts)), ends - starts)[gone]):
        part = slice(starts[title], ends[title])
        total = remaining[part].sum()
        if total == 0:
            places[title] = -1
            continue
        remaining[part] /= total
        if gone[places[title]]:
            again, _ = _pick(remaining[part], np.zeros(1, np.int64), left[title : title + 1])
            places[title] = starts[title] + again[0]
    return places, remaining
