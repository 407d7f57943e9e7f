"""Worlds whose difference between two groups is known, because it was planted.

Each viewer has tastes.  The groups' mean tastes lie `proxy` standard deviations apart.  Tastes make
the history, the history makes the viewer vector, and the vector makes the probabilities: a choice
sees the group only as far as the history tells it, as in the product.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from audits.metrics.refusals import Bools, Floats, Ints
from audits.selftest.slate import ARTWORKS, TASTES, TITLES, WATCHABLE, SharedSlate, slate

DECISIONS = 8.0  # unseen decisions of a viewer, on average, besides one
REWARD, APPEAL = 0.12, 0.05  # the chance of a quality play, and what an artwork adds to it
MODELLED = 0.10  # what the reward model of the doubly robust estimate expects of everything
LENGTHS = (2.6, 0.7, 4, 60)  # log-normal history lengths, and their bounds
SPREAD = 1.5  # how strongly a taste shows in what is watched
GAIN, GAMMA = 12.0, 2.5  # of scores, and of inverse-gap weighting
RARE = WATCHABLE // 3  # how many titles that can be watched are led by the rarer class
TRAITS = 2  # what titles are matched on; no choice reads it


@dataclass(frozen=True)
class Planted:
    """What differs between the group and the rest.

    Attributes:
        proxy: how far apart their mean tastes are, in standard deviations.
        marginal: what an artwork with a marginal actor scores besides, for each unit of the taste
            that tells the groups apart.
        value: how much more the artworks that a viewer likes add to the chance of a quality play
            in the group: what the choice is worth to it.
        leads: how strongly the class of a title's lead goes with its genre, which the choice reads
            and which titles are not matched on here. It differs between titles, and not between
            the group and the rest.
    """

    proxy: float = 0.0
    marginal: float = 0.0
    value: float = 0.0
    leads: float = 0.0


@dataclass(frozen=True)
class WorldSpec:
    """A world: what is planted, how many viewers, the group's share of them, and the seed."""

    planted: Planted
    viewers: int
    share: float
    seed: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class PlantedWorld:
    """V viewers and A artworks, and N decisions of unseen days.

    Attributes:
        members: (V,) True for the group.
        history: (V, H) 1 where a viewer has watched a title.
        vectors: (V, G) the viewer vectors: shares of watching by genre.
        exposure: (V, A) the policy's probabilities.
        impressions: (V, A) how often each artwork was seen; drawn from the policy.
        owners, weights, rewards: (N,) a decision's viewer, its weight π/p, and its reward.
        scores, even, standard: (N,) its doubly robust value under the policy, under even draws,
            and with each title's first artwork.
    """

    members: Bools
    history: Floats
    vectors: Floats
    exposure: Floats
    impressions: Floats
    owners: Ints
    weights: Floats
    rewards: Floats
    scores: Floats
    even: Floats
    standard: Floats
    met: Ints
    rare: Bools
    traits: Floats


def make(spec: WorldSpec) -> PlantedWorld:
    """Draw a world."""
    rng = np.random.default_rng(list(spec.seed))
    group = round(spec.viewers * spec.share)
    members = np.arange(spec.viewers) < group
    shown = slate()
    noise = rng.normal(size=(spec.viewers, TASTES))
    history = _histories(_tastes(noise, members, spec.planted), shown, rng)
    vectors = _vectors(history, shown)
    exposure = policy(vectors, shown, spec.planted)
    owners = np.repeat(np.arange(spec.viewers), 1 + rng.poisson(DECISIONS, size=spec.viewers))
    met = rng.integers(TITLES, size=len(owners))
    drawn = rng.integers(ARTWORKS, size=len(owners))  # the days were drawn evenly
    place = met * ARTWORKS + drawn
    weights = exposure[owners, place] * ARTWORKS
    chance = rewards(vectors, members, shown, spec.planted)[owners, place]
    rewarded = (rng.random(len(owners)) < chance).astype(np.float64)
    impressions = _impressions(exposure, rng)
    rare, traits = _leads(shown, spec.planted, rng)
    return PlantedWorld(
        members=members,
        history=history,
        vectors=vectors,
        exposure=exposure,
        impressions=impressions,
        owners=owners,
        weights=weights,
        rewards=rewarded,
        scores=MODELLED + weights * (rewarded - MODELLED),
        even=rewarded,
        standard=MODELLED + ARTWORKS * (drawn == 0) * (rewarded - MODELLED),
        met=met,
        rare=rare,
        traits=traits,
    )


def population(planted: Planted, *, viewers: int, seed: int) -> PlantedWorld:
    """Return a very large world that has no noise but that of its viewers, for the true values.

    Both sides have the same noise, so that they are the same viewers where nothing is planted,
    and every measure of a difference is exactly 0.  There is one decision of each viewer about
    every title, and its value is what the policy earns on average.
    """
    half = viewers // 2
    rng = np.random.default_rng(seed)
    noise = np.tile(rng.normal(size=(half, TASTES)), (2, 1))
    members = np.arange(2 * half) < half
    shown = slate()
    tastes = _tastes(noise, members, planted)
    state = rng.bit_generator.state
    sides = []
    for side in (tastes[:half], tastes[half:]):
        rng.bit_generator.state = state
        sides.append(_histories(side, shown, rng))
    history = np.vstack(sides)
    vectors = _vectors(history, shown)
    exposure = policy(vectors, shown, planted)
    chance = rewards(vectors, members, shown, planted).reshape(2 * half, TITLES, ARTWORKS)
    scores = (exposure.reshape(chance.shape) * chance).sum(axis=2).ravel()
    rare, traits = _leads(shown, planted, rng)
    return PlantedWorld(
        members=members,
        history=history,
        vectors=vectors,
        exposure=exposure,
        impressions=exposure,
        owners=np.repeat(np.arange(2 * half), TITLES),
        weights=np.ones(2 * half * TITLES),
        rewards=scores,
        scores=scores,
        even=chance.mean(axis=2).ravel(),
        standard=chance[:, :, 0].ravel(),
        met=np.tile(np.arange(TITLES), 2 * half),
        rare=rare,
        traits=traits,
    )


def replay(history: Floats, planted: Planted) -> Floats:
    """Return the probabilities (V, A) that viewers with these histories get."""
    return policy(_vectors(history, slate()), slate(), planted)


def policy(vectors: Floats, shown: SharedSlate, planted: Planted) -> Floats:
    """Return the probabilities (V, A) of a policy that sees the viewer vector alone.

    Inverse-gap weighting: an artwork whose score lies a gap below the best has the probability
    1/(K + γ gap), and the best has the rest (Abe & Long 1999; Foster & Rakhlin 2020).
    """
    scores = shown.base + GAIN * vectors @ shown.appeal.T / np.sqrt(TASTES)
    scores = scores + planted.marginal * GAIN * vectors[:, :1] * shown.marginal
    by_title = scores.reshape(len(vectors), TITLES, ARTWORKS)
    best = by_title.argmax(axis=2)[..., None]
    gaps = np.take_along_axis(by_title, best, axis=2) - by_title
    chances = 1 / (ARTWORKS + GAMMA * gaps)
    np.put_along_axis(chances, best, 0.0, axis=2)
    np.put_along_axis(chances, best, 1 - chances.sum(axis=2, keepdims=True), axis=2)
    probabilities: Floats = chances.reshape(len(vectors), -1)
    return probabilities


def rewards(vectors: Floats, members: Bools, shown: SharedSlate, planted: Planted) -> Floats:
    """Return the chance (V, A) of a quality play from each artwork."""
    liked = np.tanh(GAIN * vectors @ shown.appeal.T / np.sqrt(TASTES))
    chance = REWARD + (APPEAL + planted.value * members[:, None]) * liked
    clipped: Floats = chance.clip(0, 1)
    return clipped


def _tastes(noise: Floats, members: Bools, planted: Planted) -> Floats:
    """Move the first taste up in the group and the second down, and so apart by `proxy`."""
    apart = np.zeros(noise.shape[1])
    apart[:2] = np.array([1.0, -1.0]) / np.sqrt(2)
    moved: Floats = noise + planted.proxy * np.where(members, 0.5, -0.5)[:, None] * apart
    return moved


def _histories(tastes: Floats, shown: SharedSlate, rng: np.random.Generator) -> Floats:
    """Draw what each viewer has watched: (V, H), without replacement (Gumbel's top k)."""
    centre, spread, least, most = LENGTHS
    drawn = rng.lognormal(centre, spread, size=len(tastes))
    lengths = drawn.astype(np.int64).clip(least, most)
    keys = tastes[:, shown.genres] * SPREAD + rng.gumbel(size=(len(tastes), len(shown.genres)))
    ranks = np.argsort(np.argsort(-keys, axis=1), axis=1)
    return (ranks < lengths[:, None]).astype(np.float64)


def _leads(shown: SharedSlate, planted: Planted, rng: np.random.Generator) -> tuple[Bools, Floats]:
    """Draw which titles the rarer class leads, and what titles are matched on.

    The audit's test takes the titles for a sample too, so each world has its own.
    """
    keys = planted.leads * (shown.genres < TASTES // 3) + rng.gumbel(size=WATCHABLE)
    rare = np.argsort(np.argsort(-keys)) < RARE
    return rare, rng.normal(size=(WATCHABLE, TRAITS))


def _vectors(history: Floats, shown: SharedSlate) -> Floats:
    counts = history @ (shown.genres[:, None] == np.arange(TASTES)).astype(np.float64)
    vectors: Floats = counts / counts.sum(axis=1, keepdims=True) - 1 / TASTES
    return vectors


def _impressions(exposure: Floats, rng: np.random.Generator) -> Floats:
    """Draw one artwork of about a third of the titles for each viewer."""
    chances = exposure.reshape(len(exposure), TITLES, ARTWORKS)
    passed = chances.cumsum(axis=2) < rng.random((len(exposure), TITLES, 1))
    chosen = passed.sum(axis=2).clip(max=ARTWORKS - 1)
    seen = rng.random((len(exposure), TITLES)) < 1 / 3
    once = (np.arange(ARTWORKS) == chosen[..., None]) & seen[..., None]
    counts: Floats = once.reshape(len(exposure), -1).astype(np.float64)
    return counts
