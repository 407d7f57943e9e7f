"""The keyed draw: the same viewer, title and window always give the same number.

A keyed BLAKE2b of (viewer, window) seeds a counter-based generator (the
SplitMix64 finaliser, Steele, Lea and Flood 2014) that is read at the title's
id: one hash a page, and the rest is vectorised.
"""

import hashlib

import numpy as np

from personalization.bandit.errors import Floats, Ints, floats, ints
from personalization.bandit.slates import layout

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


def uniforms(key: bytes, viewer: bytes, window_key: str, title_ids: Ints) -> Floats:
    """Return one number in [0, 1) for each title: (T,).

    Args:
        key: this copy's secret; 1 to 64 bytes.
        viewer: the viewer's public id, as bytes.
        window_key: the window's key.
        title_ids: (T,) int64.
    """
    digest = hashlib.blake2b(
        len(viewer).to_bytes(2, "big") + viewer + window_key.encode(), key=key, digest_size=16
    ).digest()
    seed, step = np.frombuffer(digest, "<u8")
    with np.errstate(over="ignore"):
        counter = ints("title_ids", title_ids, (None,)).astype(np.uint64)
        mixed = _mix(seed + _GOLDEN * counter)
        mixed = _mix(mixed + step)
    return np.asarray((mixed >> np.uint64(11)) * 2.0**-53, np.float64)


def _mix(
    state: np.ndarray[tuple[int, ...], np.dtype[np.uint64]],
) -> np.ndarray[tuple[int, ...], np.dtype[np.uint64]]:
    state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return state ^ (state >> np.uint64(31))


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
    """As `pick`, and the running sum of each title's probabilities, flat: (K,)."""
    places = layout(starts, len(probabilities))
    # Each title's own running sum: a title's draw does not depend on what else is on the page.
    upper = places.rectangle(probabilities, 0.0).cumsum(axis=-1)
    passed = (upper <= u[:, None]).sum(axis=-1)
    # Rounding may leave the last sum just under one: the last artwork takes that sliver …
    drawn = starts + np.minimum(passed, places.counts - 1)
    # … unless it has no probability at all; then the one before that has.
    while (none := probabilities[drawn] == 0).any():
        drawn = np.where(none, drawn - 1, drawn)
    return drawn, places.flat(upper)


def _left(probabilities: Floats, upper: Floats, u: Floats, drawn: Ints) -> Floats:
    """Return what is left of each u inside its artwork's share, again in [0, 1): (T,)."""
    lower = upper[drawn] - probabilities[drawn]
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
