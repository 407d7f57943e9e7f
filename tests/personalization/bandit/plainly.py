"""The choice written out with Python's numbers, one operation after the other.

What is logged as a propensity must come out of any faster way to the bit.
"""

import math

from personalization.bandit.draw import uniforms


def score(weights, vector, match):
    """Return w₀ + Σ wᵢxᵢ + w₋₁·match, for weights [w₀, w₁ …, w₋₁]."""
    terms = [float(w) * float(x) for w, x in zip(weights[1:-1], vector, strict=True)]
    return (float(weights[0]) + total(terms)) + float(match) * float(weights[-1])


def total(terms):
    """Add in eight running sums, then add these in pairs, then the rest."""
    whole = len(terms) // 8 * 8
    r = [from_left(terms[lane:whole:8]) for lane in range(8)]
    pairs = ((r[0] + r[1]) + (r[2] + r[3])) + ((r[4] + r[5]) + (r[6] + r[7]))
    return from_left([pairs, *terms[whole:]])


def from_left(terms):
    found = 0.0
    for term in terms:
        found += term
    return found


def bonus(information, optimism):
    """Return what is added to the score of an artwork whose own effect is ± .35."""
    return optimism / math.sqrt(1.0 / (0.35 * 0.35) + float(information))


def inverse_gap(scores, *, gamma, floor, odds):
    """Return the probabilities of one title's artworks."""
    count = len(scores)
    best = max(scores)
    first = scores.index(best)
    gaps = [best - score for score in scores]
    if odds:
        square = best * best * 0.06 + 1.0
        square *= square
        pull = 0.25 / (square * square) * gamma + 0.5 * count
        weights = [(gap * 0.5 + 1.0) / (gap * pull + count) for gap in gaps]
    else:
        weights = [1.0 / (gap * gamma + count) for gap in gaps]
    weights[first] = 0.0
    weights[first] = 1.0 - from_left(weights)
    least = min(floor, 0.5 / count)
    return [(1.0 - count * least) * weight + least for weight in weights]


def pick(probabilities, u):
    """Return the place among the title's artworks that u falls on."""
    upper = 0.0
    for place, probability in enumerate(probabilities):
        upper += probability
        if u < upper:
            return place
    return len(probabilities) - 1


def numbers(name, *shape):
    """Return numbers in [0, 1) that are the same on every machine and under every NumPy."""
    size = 1
    for length in shape:
        size *= length
    return uniforms(b"tests", name.encode(), "", list(range(size))).reshape(shape)
