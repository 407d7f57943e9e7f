"""The innermost loops of a choice, compiled: one number after the other, in a fixed order.

Each title's numbers depend on that title alone, and come from operations that IEEE 754 defines. So
they have the same bits on any page and any processor (decision 10).

Slates are flat: title t has the artworks from `starts[t]` to where the next title begins. Results
are written to the last arguments. A function that returns a boolean returns whether its input made
sense. If not, what it wrote means nothing, and the caller finds out what was wrong. Only that is
checked; shapes and types are the caller's to check.

Everything compiled is in this file. Compiled code is used again until the function's own file
changes, even if a function that it calls in another file has changed.
"""

import numpy as np
from numpy.typing import NDArray

from personalization.bandit.arrays import Floats, Ints
from personalization.bandit.compiling import compiled

Words = NDArray[np.uint64]

LANES = 8
CURVE = 0.06
ROUNDING = 1e-9  # by how much a title's probabilities may miss one

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST, _FIRST_FACTOR = np.uint64(30), np.uint64(0xBF58476D1CE4E5B9)
_SECOND, _SECOND_FACTOR = np.uint64(27), np.uint64(0x94D049BB133111EB)
_LAST = np.uint64(31)
_MANTISSA = np.uint64(11)  # what a float64's 53 bits leave of 64


@compiled
def _worth(weights: Floats, row: int, vector: Floats) -> float:
    """Return weights[row] · vector: eight running sums, added in pairs, and then what is left.

    So a processor can take several terms at a time. (A view of the row would be
    reference-counted, which takes longer than the work itself.)
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
    worth = ((a + b) + (c + d)) + ((e + f) + (g + h))
    for i in range(whole, len(vector)):
        worth += weights[row, i] * vector[i]
    return worth


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
    """Score one viewer's slate: a constant, the worth of the vector, and that of the match.

    Args:
        constant, personal, cast: (A,), (A, d), (A,) the model's weights.
        vector: (d,) the viewer vector.
        match, rows: (K,) affinity to the depicted cast, and artworks among the A.
        scores: (K,) takes the log-odds.

    Returns:
        whether all rows are artworks, and all scores finite.
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
    """Score P pages, one after the other, as `score_slate` scores one.

    Args:
        constant, personal, cast: as for `score_slate`.
        vectors: (P, d) the viewer vector of each page.
        match, rows, scores: (K,) as for `score_slate`.
        sizes: (P,) how many of the K artworks each page has.

    Returns:
        whether all rows are artworks, and all scores finite.
    """
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
    """Score one slate for V viewers, as `score_slate` does for one.

    Args:
        constant, personal, cast: as for `score_slate`.
        vectors: (V, d) the viewer vectors.
        match, scores: (V, K) as for `score_slate`.
        rows: (K,) artworks among the A.

    Returns:
        whether all rows are artworks, and all scores finite.
    """
    fits, step = True, 64  # artworks, whose weights stay in the cache for all viewers
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
    """Return the first place of the best score; infinity and NaN are detected by their gap."""
    best = begin
    for k in range(begin + 1, end):
        if scores[k] > scores[best]:
            best = k
    return best


@compiled
def share_slope(odds: float) -> float:
    """Return an approximation of p(1 − p) for the chance p of log-odds: ¼ / (1 + .06·odds²)⁴.

    It is within 15 % up to 7 log-odds, which is exact enough to decide how much to explore. Every
    processor rounds these operations alike, and no library promises that of exponentials.

    Args:
        odds: log-odds.
    """
    slope = odds * odds * CURVE + 1.0
    slope *= slope
    slope *= slope
    return 0.25 / slope


@compiled
def _weigh(
    scores: Floats, begin: int, end: int, gamma: float, floor: float, odds: bool, chances: Floats
) -> bool:
    """Weigh one title's artworks: see `policy.inverse_gap`. `chances` may be the scores' array.

    With p the chance of the best, a gap of d log-odds is taken for p(1 − p)·d / (1 + d/2) in shares
    of plays. That is within a factor of 1.6 where p is from 1 to 50 %. So, of k artworks, the
    weight 1 / (k + gamma · gap) is (1 + d/2) / (k + (k/2 + gamma · p(1 − p))·d).
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

    Where a title has so many artworks that their floors would add up to more than one half, the
    floor is half of the even share.
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
    """Weigh V slates of the same titles.

    Args:
        scores: (V, K) on one scale.
        starts: (T,) first index of each title.
        gamma, floor, odds: as for `policy.inverse_gap`.
        chances: (V, K) takes the probabilities.

    Returns:
        whether starts and scores make sense.
    """
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
    """Give all but the floors to the best artwork of each title.

    Args:
        scores: (V, K) on any scale.
        starts: (T,) first index of each title.
        floor: as for `policy.greedy`.
        chances: (V, K) takes the probabilities.

    Returns:
        whether starts and scores make sense.
    """
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
def _are_chances(chances: Floats, begin: int, end: int) -> bool:
    """Say whether one title's chances are from 0 and sum to one, but for rounding."""
    fits, total = True, 0.0
    for k in range(begin, end):
        fits &= chances[k] >= 0.0
        total += chances[k]
    return fits and abs(total - 1.0) <= ROUNDING


@compiled
def _fall(chances: Floats, begin: int, end: int, u: float) -> tuple[int, float]:
    """Return the place where u falls, and the sum of the chances up to it.

    Rounding may leave the last sum just under one. The last artwork that has any chance takes what
    is missing.
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
    """Draw one artwork of each title.

    Args:
        chances: (K,) probabilities.
        starts, u: (T,) first index of each title, and a number in [0, 1) for each.
        places: (T,) takes the places drawn.
        upper: (T,) takes the sum of each title's chances up to the one drawn.

    Returns:
        whether starts, chances and u make sense.
    """
    fits = _are_starts(starts, len(chances))
    for title in range(len(starts) if fits else 0):
        end = _end(starts, title, len(chances))
        fits &= _are_chances(chances, starts[title], end)
        places[title], upper[title] = _fall(chances, starts[title], end, u[title])
        fits &= 0.0 <= u[title] < 1.0
    return fits


@compiled
def choose(
    scores: Floats,
    bonuses: Floats,
    rows: Ints,
    starts: Ints,
    u: Floats,
    gamma: float,
    floor: float,
    chances: Floats,
    places: Ints,
) -> bool:
    """Add bonuses to scores, weigh as `_weigh` does log-odds, and draw, in one go.

    Args:
        scores, rows: (K,) log-odds, and rows of the model.
        bonuses: (A,) what is added to the score of each row.
        starts, u: (T,) first index of each title, and a number in [0, 1) for each.
        gamma, floor: as in `Spec`.
        chances: (K,) takes the probabilities.
        places: (T,) takes the places drawn.

    Returns:
        whether rows, starts, scores and u make sense.
    """
    fits = _are_starts(starts, len(scores))
    for title in range(len(starts) if fits else 0):
        begin, end = starts[title], _end(starts, title, len(scores))
        for k in range(begin, end):
            if rows[k] < 0 or rows[k] >= len(bonuses):
                return False
            chances[k] = scores[k] + bonuses[rows[k]]
        fits &= _weigh(chances, begin, end, gamma, floor, True, chances)
        places[title], _ = _fall(chances, begin, end, u[title])
        fits &= 0.0 <= u[title] < 1.0
    return fits


@compiled
def _mixed(state: np.uint64) -> np.uint64:
    state = (state ^ (state >> _FIRST)) * _FIRST_FACTOR
    state = (state ^ (state >> _SECOND)) * _SECOND_FACTOR
    return state ^ (state >> _LAST)


@compiled
def read(words: Words, title_ids: Ints, u: Floats) -> None:
    """Read a page's generator at the ids of its titles.

    Args:
        words: (2,) the seed.
        title_ids: (T,).
        u: (T,) takes the numbers, in [0, 1).
    """
    for title in range(len(title_ids)):
        state = _mixed(np.uint64(title_ids[title]) * _GOLDEN + words[0])
        u[title] = (_mixed(state + words[1]) >> _MANTISSA) * 2.0**-53


@compiled
def read_pages(words: Words, title_ids: Ints, sizes: Ints, u: Floats) -> None:
    """Read the generators of P pages, one after the other, as `read` does.

    Args:
        words: (P, 2) the seeds.
        title_ids: (T,).
        sizes: (P,) how many of the T titles each page has.
        u: (T,) takes the numbers, in [0, 1).
    """
    begin = 0
    for page in range(len(sizes)):
        end = begin + sizes[page]
        read(words[page], title_ids[begin:end], u[begin:end])
        begin = end
