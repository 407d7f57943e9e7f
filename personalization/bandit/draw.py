"""The keyed draw: the same viewer, title and window always give the same number.

A keyed BLAKE2b of (viewer, window) seeds a counter-based generator (the
SplitMix64 finaliser, Steele, Lea and Flood 2014) that is read at the title's
id: one hash a page, and the rest is vectorised.
"""

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from personalization.bandit import sums
from personalization.bandit.errors import Floats, Ints, floats, ints
from personalization.bandit.pages import page_sizes
from personalization.bandit.slates import Layout, layout

Words = NDArray[np.uint64]


def _word(value: int) -> Words:
    """An array of no axes: with one, NumPy begins twice as soon as with a scalar."""
    return np.array(value, np.uint64)


_GOLDEN = _word(0x9E3779B97F4A7C15)
_ROUNDS = (
    (_word(30), _word(0xBF58476D1CE4E5B9)),
    (_word(27), _word(0x94D049BB133111EB)),
)
_LAST = _word(31)
_MANTISSA = _word(11)  # what a float64's 53 bits leave of 64


def uniforms(key: bytes, viewer: bytes, window_key: str, title_ids: Ints) -> Floats:
    """Return one number in [0, 1) for each title: (T,).

    Args:
        key: this copy's secret; 1 to 64 bytes.
        viewer: the viewer's public id, as bytes.
        window_key: the window's key.
        title_ids: (T,) int64.
    """
    words = np.frombuffer(_digest(_keyed(key), viewer, window_key), "<u8")
    return _read(words[:1], words[1:], ints("title_ids", title_ids, (None,)))


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
    words = np.frombuffer(b"".join(digests), "<u8").reshape(-1, 2).repeat(many, axis=0)
    return _read(words[:, 0], words[:, 1], titles)


def _keyed(key: bytes) -> "hashlib.blake2b":
    return hashlib.blake2b(key=key, digest_size=16)


def _digest(keyed: "hashlib.blake2b", viewer: bytes, window_key: str) -> bytes:
    keyed.update(len(viewer).to_bytes(2, "big") + viewer + window_key.encode())
    return keyed.digest()


def _read(seed: Words, step: Words, title_ids: Ints) -> Floats:
    """Return the generator's numbers at the titles' ids, in [0, 1): (T,)."""
    state = title_ids.astype(np.uint64)
    state *= _GOLDEN
    state += seed
    _mix(state)
    state += step
    _mix(state)
    state >>= _MANTISSA
    return np.asarray(state * 2.0**-53, np.float64)


def _mix(state: Words) -> None:
    shifted = np.empty_like(state)
    for shift, factor in _ROUNDS:
        np.right_shift(state, shift, out=shifted)
        state ^= shifted
        state *= factor
    np.right_shift(state, _LAST, out=shifted)
    state ^= shifted


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
    """As `pick`, and the running sums of each title's probabilities: (W, T)."""
    places = layout(starts, len(probabilities))
    chances = places.rectangle(probabilities, 0.0)
    down, upper = fall(chances, places, u)
    # Where rounding gave the draw to an artwork without any probability, the next before it
    # that has some takes it.
    across = np.arange(len(down))
    while (none := (chances[down, across] == 0) & (down > 0)).any():
        down = down - none
    return starts + down, upper


def fall(chances: Floats, places: Layout, u: Floats) -> tuple[Ints, Floats]:
    """As `pick`, over a rectangle (W, T) of probabilities above zero, with anything in its gaps.

    Returns:
        (T,) places in each title's column, and (W, T) the column's running sums: a title's
        draw does not depend on what else is on the page.
    """
    upper = sums.running(chances)
    # Rounding may leave the last sum just under one: the last artwork takes that sliver.
    down = np.add.reduce(upper[:-1] <= u, axis=0)
    if places.at is not None:
        np.minimum(down, places.counts - 1, out=down)
    return down, upper


def _left(probabilities: Floats, starts: Ints, upper: Floats, u: Floats, drawn: Ints) -> Floats:
    """Return what is left of each u inside its artwork's share, again in [0, 1): (T,)."""
    lower: Floats = upper[drawn - starts, np.arange(len(starts))] - probabilities[drawn]
    return np.clip((u - lower) / probabilities[drawn], 0.0, np.nextafter(1.0, 0.0))


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
    left = _left(probabilities, starts, upper, u, places)
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
