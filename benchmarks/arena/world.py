"""A world: viewers, titles with artworks, and the true chance of each reward."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from personalization.bandit.arrays import Floats, Ints
from personalization.bandit.table import ArtworkTable

PLACES = 20  # positions of a page


@dataclass(frozen=True)
class ArenaWorld:
    """What is true, and which part of it a policy may see.

    Artworks are numbered title by title, `each` a title: artwork k of title t is t·each + k.

    Attributes:
        vectors: (V, d) viewer vectors; match: (V, A). Policies see both.
        table: artworks and their features. Policies see it.
        arrives: (A,) the night in which an artwork may first be shown.
        appeal: night → (V, A) log-odds (or, if `linear`, chances) of a reward.
        position: added to the appeal per log(1 + place).
        meets: (V, T) how often a viewer meets a title, cumulated along titles, last is 1.
        places: (V, T) place on the page at which they tend to meet it.
    """

    name: str
    vectors: Floats
    match: Floats
    table: ArtworkTable
    each: int
    arrives: Ints
    appeal: Callable[[int], Floats]
    position: float
    meets: Floats
    places: Floats
    linear: bool = False

    @property
    def titles(self) -> int:
        return len(self.table) // self.each

    def chances(self, batch: "Batch") -> Floats:
        """Return the true chances of a batch's artworks: (N, each)."""
        appeal = self.appeal(batch.night)[batch.viewers[:, None], batch.artworks]
        moved = appeal + (self.position * np.log1p(batch.places))[:, None]
        return np.clip(moved, 0.002, 0.95) if self.linear else np.asarray(expit(moved))


@dataclass(frozen=True)
class Batch:
    """The decisions of one night. A policy sees all of this.

    Attributes:
        viewers, titles: (N,) rows; places: (N,) on the page.
        artworks: (N, K) the title's artworks; there: (N, K) which of them may be shown.
    """

    night: int
    viewers: Ints
    titles: Ints
    places: Ints
    artworks: Ints
    there: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.viewers)


@dataclass(frozen=True)
class NightLog:
    """What one policy chose in a night, and which rewards it got.

    Attributes:
        chosen: (N,) place among the title's artworks; propensities: (N,); rewards: (N,) 0 or 1.
    """

    batch: Batch
    chosen: Ints
    propensities: Floats
    rewards: Floats

    @property
    def artworks(self) -> Ints:
        return self.batch.artworks[np.arange(len(self.chosen)), self.chosen]


def draw_batch(world: ArenaWorld, night: int, size: int, *, seed: int) -> Batch:
    """Draw which viewers meet which titles where; it is the same for every policy."""
    random = np.random.default_rng([seed, 1, night])
    viewers = random.integers(len(world.vectors), size=size)
    u = random.random(size)
    titles = np.empty(size, np.int64)
    for start in range(0, size, 10_000):  # in slices, because the cumulated rows are wide
        part = slice(start, start + 10_000)
        titles[part] = (world.meets[viewers[part]] <= u[part, None]).sum(axis=1)
    titles = np.minimum(titles, world.titles - 1)
    spread = random.normal(0.0, 3.0, size)
    places = np.clip(np.rint(world.places[viewers, titles] + spread), 0, PLACES - 1)
    artworks = titles[:, None] * world.each + np.arange(world.each)
    there = world.arrives[artworks] <= night
    return Batch(night, viewers, titles, places.astype(np.int64), artworks, there)


def play_batch(
    world: ArenaWorld, batch: Batch, probabilities: Floats, *, seed: int
) -> tuple[NightLog, float]:
    """Draw choices and rewards, with the same random numbers for every policy.

    Returns:
        the log, and the expected regret Σ (best chance − Σ p · chance) of the batch.
    """
    random = np.random.default_rng([seed, 2, batch.night])
    luck, fate = random.random(len(batch)), random.random(len(batch))
    upper = probabilities.cumsum(axis=1)
    last = batch.there.shape[1] - 1 - batch.there[:, ::-1].argmax(axis=1)
    chosen = np.minimum((upper <= luck[:, None]).sum(axis=1), last)
    every = np.arange(len(batch))
    # Rounding can make the draw fall on an artwork of probability 0; then the likeliest is chosen.
    chosen = np.where(probabilities[every, chosen] > 0, chosen, probabilities.argmax(axis=1))
    chances = world.chances(batch)
    best = np.where(batch.there, chances, 0.0).max(axis=1)
    regret = float((best - (probabilities * chances).sum(axis=1)).sum())
    rewards = (fate < chances[every, chosen]).astype(np.float64)
    return NightLog(batch, chosen, probabilities[every, chosen], rewards), regret
