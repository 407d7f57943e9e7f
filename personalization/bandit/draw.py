"""The keyed draw: the same viewer, title and window always give the same number.

A keyed BLAKE2b of (viewer, window) seeds a counter-based generator (the
SplitMix64 finaliser, Steele, Lea and Flood 2014) that is read at the title's
id: one hash a page, and the rest is vectorised.
"""

import hashlib
from collections.abc import Sequence

import numpy as np

from personalization.bandit import kernels
from personalization.bandit.arrays import Floats, Ints, floats, ints, refuse, shaped
from personalization.bandit.pages import page_sizes
from personalization.bandit.slates import artworks_of, begins


def uniforms(key: bytes, viewer: bytes, window_key: str, title_ids: Ints) -> Floats:
    """Return one number in [0, 1) for each title: (T,).

    Args:
        key: this copy's secret; 1 to 64 bytes.
        viewer: the viewer's public id, as bytes.
        window_key: the window's key.
        title_ids: (T,) int64.
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
    """As `uniforms`, for the titles of many pages one after the other: (T,).

    Args:
        viewers, window_keys: whose page it is and in which window, for each of P pages.
        title_ids: (T,) int64; sizes: (P,) how many of them each page has.
    """
    titles = ints("title_ids", title_ids, (None,))
    many = page_sizes(sizes, pages=len(viewers), total=len(titles))
    keyed = _keyed(key)
    digests = [_digest(keyed.copy(), *each) for each in zip(viewers, window_keys, strict=True)]
    u = np.empty(len(titles))
    kernels.read_pages(_words(b"".join(digests)).reshape(-1, 2), titles, many, u)
    return u


def _keyed(key: bytes) -> "hashlib.blake2b":
    return hashlib.blake2b(key=key, digest_size=16)


def _digest(keyed: "hashlib.blake2b", viewer: bytes, window_key: str) -> bytes:
    keyed.update(len(viewer).to_bytes(2, "big") + viewer + window_key.encode())
    return keyed.digest()


def _words(digests: bytes) -> kernels.Words:
    return np.frombuffer(digests, "<u8")


def pick(probabilities: Floats, starts: Ints, u: Floats) -> Ints:
    """Draw one artwork of each title by inverting the distribution at `u`.

    Args:
        probabilities: (K,) flat over titles, summing to one within each.
        starts: (T,) first index of each title.
        u: (T,) numbers in [0, 1).

    Returns:
        (T,) places in the flat axis.
    """
    return _pick(probabilities, starts, u)[0]


def _pick(probabilities: Floats, starts: Ints, u: Floats) -> tuple[Ints, Floats]:
    """As `pick`, and the sum of each title's probabilities up to the one drawn: (T,)."""
    chances, starts = shaped("probabilities", probabilities, (None,)), begins(starts)
    u = shaped("u", u, starts.shape)
    places, upper = np.empty(len(starts), np.int64), np.empty(len(starts))
    if not kernels.pick(chances, starts, u, places, upper):
        artworks_of(starts, len(chances))
        refuse("probabilities make no sense", ("u", u))
    return places, upper


def _left(probabilities: Floats, upper: Floats, u: Floats, drawn: Ints) -> Floats:
    """Return what is left of each u inside its artwork's share, again in [0, 1): (T,)."""
    own = probabilities[drawn]
    return np.clip((u - (upper - own)) / own, 0.0, np.nextafter(1.0, 0.0))


def pick_available(
    probabilities: Floats, starts: Ints, u: Floats, gone: np.ndarray[tuple[int], np.dtype[np.bool_]]
) -> tuple[Ints, Floats]:
    """Draw where some artworks were withdrawn within the window.

    Who had drawn an artwork that is still there keeps it. Where the drawn one is
    gone, what is left of the same u inside its share is a fresh uniform number
    and draws among the rest; so the exact propensity of what remains is
    p / (1 − p of the gone).

    Returns:
        (T,) places in the flat axis, −1 where nothing is left of a title;
        (K,) the probabilities of what remains, 0 for the gone.
    """
    probabilities = floats("probabilities", probabilities, (None,))
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
