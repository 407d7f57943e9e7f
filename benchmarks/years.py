"""Years of nights, many at once: what the gate sees, and what is true of what it lets serve.

A model is a point among policies, and what it is worth. The estimate of how far two models are
apart comes from sums of viewers: a viewer's sum is how busy they were, times three coordinates
whose law is skewed and has heavy tails, along the line between the two models. So models that are
close to each other are compared well, and estimates of one night depend on each other. A night sees
two days, of which the next night sees one again.

Worths and errors are in margins: 1 is what a candidate may lose.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from personalization.bandit.arrays import Floats

NIGHTS, KEPT, DIMENSIONS = 365, 90, 3
VIEWERS = 300  # with decisions on one day
DAYS = 2  # seen by a night
STEP = 0.2  # by how much a coordinate of what is learnt moves in a night; 1 is a fit's own noise
SQUARES = [(a, b) for a in range(DIMENSIONS) for b in range(a, DIMENSIONS)]
FOURTHS = [(s, t) for place, s in enumerate(SQUARES) for t in SQUARES[place:]]


@dataclass(frozen=True)
class Estimates:
    """What a night estimates of a candidate less R models, in each of Y years: all (Y, R).

    Attributes:
        value, error: in margins.
        kurtosis: of the viewers' sums.
        viewers: how many there were.
    """

    value: Floats
    error: Floats
    kurtosis: Floats
    viewers: int


@dataclass(frozen=True)
class DaySums:
    """Sums over a day's viewers: of each coordinate, of products of two, and of four; (…, Y)."""

    firsts: Floats
    squares: Floats
    fourths: Floats
    viewers: int

    def __add__(self, other: "DaySums") -> "DaySums":
        return DaySums(
            self.firsts + other.firsts,
            self.squares + other.squares,
            self.fourths + other.fourths,
            self.viewers + other.viewers,
        )


@dataclass
class Nature:
    """What is true in Y years: the candidates, and the models that served on the last 90 nights.

    Attributes:
        worth: (Y, 90), and place: (Y, 90, D) of the models, the newest night last.
        night: the present one, from 0.
        ideal: (Y, D) the best place, where the worth depends on the place.
        learnt: (Y, D) about where the fits lie.
        curve: how much worth is lost with the square of the distance from the ideal.
    """

    worth: Floats
    place: Floats
    ideal: Floats
    learnt: Floats
    random: np.random.Generator
    curve: float = 0.0
    night: int = 0
    past: list[Floats] = field(default_factory=list)

    def true_worth(self, worth: Floats, place: Floats) -> Floats:
        """Return what models are worth tonight: (Y, R) from (Y, R) and (Y, R, D)."""
        if not self.curve:
            return worth
        distance = ((place - self.ideal[:, None]) ** 2).sum(axis=-1)
        return np.asarray(worth - self.curve * distance)

    @property
    def served(self) -> Floats:
        """What the models of the last 90 nights are worth tonight: (Y, 90)."""
        return self.true_worth(self.worth, self.place)


# Moves what is true by a night, and returns the worth of the night's candidates: (Y,).
Story = Callable[[Nature], Floats]


@dataclass(frozen=True)
class Candidates:
    """A kind of year.

    Attributes:
        words: what the candidates are.
        story: as above.
        noise: the standard error of the difference of two fits of the same night, in margins.
        curve: as in `Nature`.
    """

    words: str
    story: Story
    noise: float = 0.25
    curve: float = 0.0


@dataclass(frozen=True)
class PlayedYears:
    """What happened in Y years.

    Attributes:
        fell: (Y,) something served, at its release worth less than the best of 90 nights less 1.
        released: (Y, NIGHTS) whether the night's candidate was let serve.
        behind: (Y, NIGHTS) how much less than the best of 90 nights the serving model is worth.
        worth: (Y,) what serves on the last night, without what the place adds.
    """

    fell: np.ndarray
    released: np.ndarray
    behind: Floats
    worth: Floats


# Says of each year whether the candidate may serve, by its estimated differences to the models of
# the last 90 nights (the serving one last), and by what it keeps.
Gate = Callable[[Estimates, "GateMemory"], np.ndarray]


@dataclass
class GateMemory:
    """What a gate keeps from night to night: the shares that the last look passed on, (Y,)."""

    shares: Floats


def play(kind: Candidates, gate: Gate, *, years: int, seed: int, only: int = KEPT) -> PlayedYears:
    """Play so many years of one kind under a gate.

    Args:
        only: how many of the last 90 nights' models the gate compares with, counted from the
            newest. The others are not estimated.
    """
    random = np.random.default_rng([365, seed])
    nature = _begin(years, kind, random)
    memory = GateMemory(np.zeros(years))
    yesterday = draw_crowd(random, years)
    fell = np.zeros(years, bool)
    released = np.zeros((years, NIGHTS), bool)
    behind = np.zeros((years, NIGHTS))
    for night in range(NIGHTS):
        nature.night = night
        today = draw_crowd(random, years)
        worth = kind.story(nature)
        place = nature.learnt + random.normal(size=nature.learnt.shape)
        theirs = nature.served
        ours = nature.true_worth(worth[:, None], place[:, None])
        found = _estimates(
            yesterday + today,
            (ours - theirs)[:, -only:],
            place[:, None] - nature.place[:, -only:],
            noise=kind.noise,
        )
        serves = gate(found, memory)
        best = theirs.max(axis=1)
        fell |= serves & (ours[:, 0] < best - 1.0)
        released[:, night] = serves
        _serve(nature, serves, worth, place)
        behind[:, night] = best - nature.served[:, -1]
        yesterday = today
    return PlayedYears(fell, released, behind, nature.worth[:, -1])


def draw_crowd(random: np.random.Generator, years: int, *, viewers: int = VIEWERS) -> DaySums:
    """Draw a day's viewers; sums have mean 0 and variance 1, skewness 2.35 and kurtosis 13.5."""
    taste = random.standard_exponential((DIMENSIONS, years, viewers), np.float32) - np.float32(1.0)
    busy = random.standard_exponential((2, years, viewers), np.float32).sum(axis=0)
    each = taste * np.sqrt(busy / np.float32(2.0))
    products = {(a, b): each[a] * each[b] for a, b in SQUARES}
    return DaySums(
        firsts=each.sum(axis=2, dtype=np.float64),
        squares=np.stack([products[s].sum(axis=1, dtype=np.float64) for s in SQUARES]),
        fourths=np.stack(
            [np.einsum("yg,yg->y", products[s], products[t]) for s, t in FOURTHS]
        ).astype(np.float64),
        viewers=viewers,
    )


def _begin(years: int, kind: Candidates, random: np.random.Generator) -> Nature:
    nowhere = np.zeros((years, DIMENSIONS))
    return Nature(
        worth=np.zeros((years, KEPT)),
        place=np.zeros((years, KEPT, DIMENSIONS)),
        ideal=nowhere.copy(),
        learnt=nowhere.copy(),
        random=random,
        curve=kind.curve,
    )


def _estimates(seen: DaySums, truth: Floats, line: Floats, *, noise: float) -> Estimates:
    """Estimate differences (Y, R) along the lines between models (Y, R, D)."""
    count = seen.viewers
    unit = noise * np.sqrt(count / (2 * DIMENSIONS))
    along = np.ascontiguousarray(np.moveaxis(line * unit, -1, 0))
    squares = {(a, b): along[a] * along[b] * (1.0 if a == b else 2.0) for a, b in SQUARES}
    mean, second, fourth = (np.zeros(truth.shape) for _ in range(3))
    for place in range(DIMENSIONS):
        mean += along[place] * seen.firsts[place][:, None]
    for pair, total in zip(SQUARES, seen.squares, strict=True):
        second += squares[pair] * total[:, None]
    for (s, t), total in zip(FOURTHS, seen.fourths, strict=True):
        fourth += squares[s] * squares[t] * ((1.0 if s == t else 2.0) * total)[:, None]
    mean, fourth = mean / count, fourth / count
    second = second / count - mean**2
    return Estimates(
        value=truth + mean,
        error=np.sqrt(second / (count - 1)),
        kurtosis=fourth / second**2,
        viewers=count,
    )


def _serve(nature: Nature, serves: np.ndarray, worth: Floats, place: Floats) -> None:
    """Add the night: the candidate serves, or what served before."""
    nature.worth = np.column_stack(
        [nature.worth[:, 1:], np.where(serves, worth, nature.worth[:, -1])]
    )
    newest = np.where(serves[:, None], place, nature.place[:, -1])
    nature.place = np.concatenate([nature.place[:, 1:], newest[:, None]], axis=1)
