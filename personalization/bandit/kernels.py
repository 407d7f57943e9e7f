"""The innermost loops of a choice, compiled: one number after the other, in a fixed order.

Each title's numbers come from its own alone, by operations that IEEE 754 defines, so they have
the same bits on any page and any processor (decision 10).

Slates are flat: title t has the artworks from `starts[t]` to where the next begins. What a
function finds goes to its last arguments. Those that return a truth return whether their input
made sense; if not, what they wrote means nothing, and the caller finds out what was wrong.

All that is compiled is in this file: what was compiled before is used again until the file of
the function itself changes, whatever becomes of a function that it calls from another one.
"""

import numpy as np
from numpy.typing import NDArray

from personalization.bandit.arrays import Floats, Ints
from personalization.bandit.compiling import compiled

Words = NDArray[np.uint64]

LANES = 8
CURVE = 0.06

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST, _FIRST_FACTOR = np.uint64(30), np.uint64(0xBF58476D1CE4E5B9)
_SECOND, _SECOND_FACTOR = np.uint64(27), np.uint64(0x94D049BB133111EB)
_LAST = np.uint64(31)
_MANTISSA = np.uint64(11)  # what a float64's 53 bits leave of 64


@compiled
def _worth(weights: Floats, row: int, vector: Floats) -> float:
    """Return weights[row] · vector: eight running sums, added in pairs, and then what is left.

    So a processor can take several terms at a time. (A row's own view would be counted in and
    out by the memory manager, which takes longer than what is left over here.)
    """
    whole = len(vector) // LANES * LANES
    a = b = c = d = e = f = g = h = 0.0
    for i in range(0, whole, LANES):
        a += weights[row, i] * vector[i]
        b += weights[row, i + 1] * vector[i + 1]
        c += weights[row, i + 2] * vector[i + 2]
        d += weights[row, i + 3] * vector[i + 3]
        e += weights[row, i + 4] * vector[i + 4]
        f += weights[row, i + 5] * vector[i + 5]
        g += weights[row, i + 6] * vector[i + 6]
        h += weights[row, i + 7] * vector[i + 7]
    found = ((a + b) + (c + d)) + ((e + f) + (g + h))
    for i in range(whole, len(vector)):
        found += weights[row, i] * vector[i]
    return found


@compiled
def score_slate(
    constant: Floats,
    personal: Floats,
    cast: Floats,
    vector: Floats,
    match: Floats,
    rows: Ints,
    scores: Floats,
) -> bool:
    """Score one viewer's slate: a constant, what the vector is worth, what the match is.

    Args:
        constant, personal, cast: (A,), (A, d), (A,) the model's weights.
        vector: (d,); match, rows, scores: (K,).
    """
    fits = True
    for k in range(len(rows)):
        row = rows[k]
        if row < 0 or row >= len(constant):
            return False
        score = _worth(personal, row, vector) + constant[row] + match[k] * cast[row]
        scores[k] = score
        fits &= np.isfinite(score)
    return fits


@compiled
def score_pages(
    constant: Floats,
    personal: Floats,
    cast: Floats,
    vectors: Floats,
    match: Floats,
    rows: Ints,
    sizes: Ints,
    scores: Floats,
) -> bool:
    """As `score_slate`, for P pages of such sizes, (P,), with vectors (P, d), in a row."""
    fits, begin = True, 0
    for page in range(len(sizes)):
        end = begin + sizes[page]
        fits &= score_slate(
            constant,
            personal,
            cast,
            vectors[page],
            match[begin:end],
            rows[begin:end],
            scores[begin:end],
        )
        begin = end
    return fits


@compiled
def score_panel(
    constant: Floats,
    personal: Floats,
    cast: Floats,
    vectors: Floats,
    match: Floats,
    rows: Ints,
    scores: Floats,
) -> bool:
    """As `score_slate`, for V viewers of one slate: vectors (V, d), match and scores (V, K)."""
    fits, step = True, 64  # artworks, whose weights stay near the processor for all viewers
    for begin in range(0, len(rows), step):
        end = min(begin + step, len(rows))
        for viewer in range(len(vectors)):
            fits &= score_slate(
                constant,
                personal,
                cast,
                vectors[viewer],
                match[viewer, begin:end],
                rows[begin:end],
                scores[viewer, begin:end],
            )
    return fits


@compiled
def _are_starts(starts: Ints, size: int) -> bool:
    """Say whether `starts` begin with 0, increase, and leave each title one of `size` artworks."""
    if len(starts) == 0:
        return size == 0
    fits = bool(starts[0] == 0 and starts[-1] < size)
    for title in range(1, len(starts)):
        fits &= starts[title - 1] < starts[title]
    return fits


@compiled
def _end(starts: Ints, title: int, size: int) -> int:
    """Return where a title's artworks end, of `size` in all."""
    return starts[title + 1] if title + 1 < len(starts) else size


@compiled
def _best(scores: Floats, begin: int, end: int) -> int:
    """Return the first place of the best; an infinite one or NaN is found by its gap."""
    best = begin
    for k in range(begin + 1, end):
        if scores[k] > scores[best]:
            best = k
    return best


@compiled
def share_slope(odds: float) -> float:
    """Return p(1 − p), nearly, for the chance p of these log-odds: ¼ / (1 + .06·odds²)⁴.

    Within 15 % up to 7 log-odds. All that it takes is rounded alike by every processor,
    which no library promises of exponentials; and how much is explored need be no more exact.
    """
    slope = odds * odds * CURVE + 1.0
    slope *= slope
    slope *= slope
    return 0.25 / slope


@compiled
def _weigh(
    scores: Floats, begin: int, end: int, gamma: float, floor: float, odds: bool, chances: Floats
) -> bool:
    """Weigh one title's artworks: see `policy.inverse_gap`. Chances may lie where the scores do.

    With p the best's chance, the gap in shares of plays is taken as p(1 − p)·d / (1 + d/2) for d
    log-odds: within a factor of 1.6 where p is from 1 to 50 %. So, of k artworks, the weight
    1 / (k + gamma · gap) is (1 + d/2) / (k + (k/2 + gamma · p(1 − p))·d).
    """
    best = _best(scores, begin, end)
    top, count = scores[best], float(end - begin)
    half, pull = 0.0, gamma
    if odds:
        half, pull = 0.5, share_slope(top) * gamma + 0.5 * count
    fits, others = True, 0.0
    for k in range(begin, end):
        gap = top - scores[k]
        weight = (gap * half + 1.0) / (gap * pull + count) if k != best else 0.0
        fits &= gap < np.inf
        others += weight
        chances[k] = weight
    chances[best] = 1.0 - others
    _floor(chances, begin, end, floor)
    return fits


@compiled
def _floor(chances: Floats, begin: int, end: int, floor: float) -> None:
    """Mix one title's probabilities with the even share, so that none falls under the floor.

    Where a title has so many artworks that the floors would pass one half, the floor is half of
    an even share.
    """
    count = float(end - begin)
    least = min(floor, 0.5 / count)
    left = 1.0 - count * least
    for k in range(begin, end):
        chances[k] = chances[k] * left + least


@compiled
def inverse_gap(
    scores: Floats, starts: Ints, gamma: float, floor: float, odds: bool, chances: Floats
) -> bool:
    """Weigh V slates alike: scores and chances (V, K), starts (T,)."""
    size = scores.shape[1]
    fits = _are_starts(starts, size)
    for viewer in range(len(scores) if fits else 0):
        mine, likely = scores[viewer], chances[viewer]
        for title in range(len(starts)):
            begin, end = starts[title], _end(starts, title, size)
            fits &= _weigh(mine, begin, end, gamma, floor, odds, likely)
    return fits


@compiled
def greedy(scores: Floats, starts: Ints, floor: float, chances: Floats) -> bool:
    """Give all but the floors to the best: scores and chances (V, K), starts (T,)."""
    size = scores.shape[1]
    fits = _are_starts(starts, size)
    for viewer in range(len(scores) if fits else 0):
        mine, likely = scores[viewer], chances[viewer]
        for title in range(len(starts)):
            begin, end = starts[title], _end(starts, title, size)
            best = _best(mine, begin, end)
            for k in range(begin, end):
                fits &= mine[best] - mine[k] < np.inf
                likely[k] = 1.0 if k == best else 0.0
            _floor(likely, begin, end, floor)
    return fits


@compiled
def _fall(chances: Floats, begin: int, end: int, u: float) -> tuple[int, float]:
    """Return the place where u falls, and the sum of the chances up to it.

    Rounding may leave the last sum just under one: the last artwork takes that sliver, or
    the last before it that has any chance.
    """
    place, upper = begin, chances[begin]
    running = upper
    for k in range(begin + 1, end):
        if running > u:
            break
        running += chances[k]
        if chances[k] > 0.0 or chances[place] == 0.0:
            place, upper = k, running
    return place, upper


@compiled
def pick(chances: Floats, starts: Ints, u: Floats, places: Ints, upper: Floats) -> bool:
    """Draw one artwork of each title; `upper` are the sums up to the drawn: all (T,)."""
    fits = _are_starts(starts, len(chances))
    for title in range(len(starts) if fits else 0):
        end = _end(starts, title, len(chances))
        places[title], upper[title] = _fall(chances, starts[title], end, u[title])
        fits &= np.isfinite(u[title])
    return fits


@compiled
def choose(
    scores: Floats,
    hopes: Floats,
    rows: Ints,
    starts: Ints,
    u: Floats,
    gamma: float,
    floor: float,
    odds: bool,
    chances: Floats,
    places: Ints,
) -> bool:
    """Hope, weigh and draw in one go.

    Args:
        hopes: (A,); scores, rows, chances: (K,); starts, u, places: (T,).
    """
    fits = _are_starts(starts, len(scores))
    for title in range(len(starts) if fits else 0):
        begin, end = starts[title], _end(starts, title, len(scores))
        for k in range(begin, end):
            if rows[k] < 0 or rows[k] >= len(hopes):
                return False
            chances[k] = scores[k] + hopes[rows[k]]
        fits &= _weigh(chances, begin, end, gamma, floor, odds, chances)
        places[title], _ = _fall(chances, begin, end, u[title])
        fits &= np.isfinite(u[title])
    return fits


@compiled
def _mixed(state: np.uint64) -> np.uint64:
    state = (state ^ (state >> _FIRST)) * _FIRST_FACTOR
    state = (state ^ (state >> _SECOND)) * _SECOND_FACTOR
    return state ^ (state >> _LAST)


@compiled
def read(words: Words, title_ids: Ints, u: Floats) -> None:
    """Read a page's generator at its titles' ids: words (2,), title_ids and u (T,)."""
    for title in range(len(title_ids)):
        state = _mixed(np.uint64(title_ids[title]) * _GOLDEN + words[0])
        u[title] = (_mixed(state + words[1]) >> _MANTISSA) * 2.0**-53


@compiled
def read_pages(words: Words, title_ids: Ints, sizes: Ints, u: Floats) -> None:
    """As `read`, for P pages of such sizes in a row: words (P, 2)."""
    begin = 0
    for page in range(len(sizes)):
        end = begin + sizes[page]
        read(words[page], title_ids[begin:end], u[begin:end])
        begin = end
