"""The kinds of years that the gate is played against: what is true of each night's candidate."""

import numpy as np

from benchmarks.years import KEPT, STEP, Candidates, Nature, Story
from personalization.bandit.arrays import Floats

LAG = 3  # nights between what the newest days taught and the night on which a model serves
BEGINS = 30  # the night from which candidates of an improving year are better
WANDER = 0.4  # by how much the ideal moves in a night, in each coordinate
SEASON = 60  # nights until the ideal is back where it was
CURVE = 0.1  # margins that are lost at distance 1 from the ideal


def equal(nature: Nature) -> Floats:
    """No candidate differs from another in truth."""
    _creep(nature)
    return np.zeros(len(nature.worth))


def worse_than_serving(step: float) -> Story:
    """Return a story in which each candidate is worth so much less than what serves."""

    def story(nature: Nature) -> Floats:
        _creep(nature)
        return np.asarray(nature.worth[:, -1] - step)

    return story


def beyond_the_best(nature: Nature) -> Floats:
    """Each candidate is just beyond the margin below the best of 90 nights: the hardest year."""
    _creep(nature)
    return np.asarray(nature.served.max(axis=1) - 1.0 - 1e-9)


def trusted(nature: Nature) -> Floats:
    """Candidates are equal for long, and each 90th is just beyond the margin below the best."""
    beyond = beyond_the_best(nature)
    return beyond if nature.night % KEPT == KEPT - 1 else np.zeros(len(beyond))


def improved(by: float) -> Story:
    """Return a story in which candidates are worth so much more from night 30 on."""

    def story(nature: Nature) -> Floats:
        _creep(nature)
        return np.full(len(nature.worth), by if nature.night >= BEGINS else 0.0)

    return story


def wandering(nature: Nature) -> Floats:
    """The ideal wanders, and the fits follow it three nights later."""
    step = nature.random.normal(0, WANDER, nature.ideal.shape)
    return _follow(nature, nature.ideal + step)


def seasonal(nature: Nature) -> Floats:
    """The ideal goes round a circle, so that an old model may be the best again."""
    angle = 2 * np.pi * nature.night / SEASON
    ideal = np.zeros_like(nature.ideal)
    ideal[:, 0], ideal[:, 1] = 3.0 * np.sin(angle), 3.0 * (np.cos(angle) - 1.0)
    return _follow(nature, ideal)


def _follow(nature: Nature, ideal: Floats) -> Floats:
    nature.past = [*nature.past[-LAG:], nature.ideal]
    nature.ideal, nature.learnt = ideal, nature.past[0]
    return np.zeros(len(nature.worth))


def _creep(nature: Nature) -> None:
    """Move what is learnt a little, without effect on the worth."""
    nature.learnt = nature.learnt + nature.random.normal(0, STEP, nature.learnt.shape)


EQUAL = Candidates("no true difference", equal)
LITTLE_WORSE = tuple(
    Candidates(f"each {step:g} margins worse than what serves", worse_than_serving(step))
    for step in (0.25, 0.5, 0.9)
)
BEYOND = Candidates("each just beyond the margin below the best", beyond_the_best)
DRIFTS = (
    Candidates("a world that wanders", wandering, curve=CURVE),
    Candidates("a world with seasons", seasonal, curve=CURVE),
)
TRUSTED = Candidates("equal for 89 nights, then one just beyond", trusted, noise=0.1)
ALL = (EQUAL, *LITTLE_WORSE, BEYOND, TRUSTED, *DRIFTS)
