"""Worlds with sticky decisions and correlated rewards, whose truth is known.

A viewer has a type, which both policies see, and a fondness and tastes, which no policy sees. So
the rewards of one viewer are correlated beyond what any model explains. A decision is drawn once
for a viewer, a title and a window, and is seen whenever the viewer comes back before playing. How
many decisions a viewer makes depends on the type. The truth is exact: everything unseen enters
linearly, with mean zero.
"""

from dataclasses import dataclass

import numpy as np

from personalization.bandit import policy
from personalization.bandit.arrays import Floats, Ints
from personalization.bandit.estimators import DecisionLog
from personalization.bandit.table import ArtworkTable

TYPES, TITLES, EACH, FEATURES = 4, 5, 4, 2
FONDNESS, OWN_TASTE = 0.08, 0.04  # greatest distance from the mean, in plays per decision


@dataclass(frozen=True)
class StickyWorld:
    """What is true: expected reward and every policy, for each type and artwork.

    Attributes:
        chance, logging, target, plain: (TYPES, TITLES * EACH).
        shares: (TYPES,) of viewers; busy: (TYPES,) mean decisions of a viewer, less one.
    """

    table: ArtworkTable
    chance: Floats
    logging: Floats
    target: Floats
    plain: Floats
    shares: Floats
    busy: Floats

    def value(self, chances: Floats) -> float:
        """Return a policy's value per decision, in the whole population."""
        weight = self.shares * (1.0 + self.busy)
        per_type = (chances * self.chance).sum(axis=1) / TITLES
        return float(weight @ per_type / weight.sum())


@dataclass(frozen=True)
class StickySample:
    """N decisions of one draw of viewers.

    Attributes:
        kind: (N,) the viewer's type; title: (N,); shown: (N,) artwork's place.
        views: (N,) how often the decision was seen.
    """

    log: DecisionLog
    kind: Ints
    title: Ints
    shown: Ints
    views: Ints


def draw_world(random: np.random.Generator) -> StickyWorld:
    """Draw tastes, and two policies that know them only roughly."""
    size = TITLES * EACH
    starts = np.arange(0, size, EACH)
    base = random.uniform(0.15, 0.3, TITLES).repeat(EACH)
    liked = random.uniform(0, 0.05, size)
    chance = base + liked + random.uniform(-0.02, 0.12, (TYPES, size))

    def roughly(truth: Floats, noise: float) -> Floats:
        scores = truth + random.normal(0, noise, truth.shape)
        return policy.inverse_gap(scores, starts, gamma=100.0, floor=0.05)

    everybody = np.broadcast_to(chance.mean(axis=0), chance.shape)
    return StickyWorld(
        table=ArtworkTable(
            np.arange(size), np.arange(size) // EACH, random.normal(size=(size, FEATURES))
        ),
        chance=chance,
        logging=roughly(chance, 0.08),
        target=roughly(chance, 0.02),
        plain=policy.inverse_gap(everybody, starts, gamma=100.0, floor=0.05),
        shares=random.dirichlet(np.full(TYPES, 5.0)),
        busy=random.uniform(1.0, 12.0, TYPES),
    )


def draw_sample(world: StickyWorld, random: np.random.Generator, *, viewers: int) -> StickySample:
    """Draw viewers, what they were shown by the logging policy, and what they played."""
    kinds = random.choice(TYPES, viewers, p=world.shares)
    viewer = np.arange(viewers).repeat(1 + random.poisson(world.busy[kinds]))
    count = len(viewer)
    kind, title = kinds[viewer], random.integers(0, TITLES, count)
    slate = title[:, None] * EACH + np.arange(EACH)
    logged = world.logging[kind[:, None], slate]
    within = (logged.cumsum(axis=1) <= random.random((count, 1))).sum(axis=1)
    shown = slate[np.arange(count), np.minimum(within, EACH - 1)]
    fondness = random.uniform(-FONDNESS, FONDNESS, viewers)
    taste = random.uniform(-OWN_TASTE, OWN_TASTE, (viewers, EACH))
    chance = world.chance[kind, shown] + fondness[viewer] + taste[viewer, shown % EACH]
    rewards = (random.random(count) < chance).astype(np.float64)
    log = DecisionLog(rewards, world.logging[kind, shown], viewer)
    return StickySample(log, kind, title, shown, _views(chance, random))


def _views(chance: Floats, random: np.random.Generator) -> Ints:
    """Return how often each decision was seen: viewers come back more often to what appeals."""
    return 1 + random.poisson(20 * chance**2)
