"""Worlds drawn from a seed. All but `scarce` have one size, and 8 % of decisions are played."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from benchmarks.arena.world import PLACES, ArenaWorld
from personalization.bandit.arrays import Floats
from personalization.bandit.table import ArtworkTable

VIEWERS, TITLES, EACH = 1500, 80, 5
GENRES, MOODS, KINDS, PEOPLE = 10, 6, 4, 60
NEVER_LATER = 90  # nights after which nothing new arrives


@dataclass(frozen=True)
class WorldParts:
    """What the worlds are made of.

    Attributes:
        shares: (V, G) of watching by genre; vectors: (V, G + 2) with length and breadth.
        match: (V, A); theme: (A,) the genre that a picture speaks of, which policies see
            only through its moods; kind: (A,); features: (A, MOODS + KINDS).
        title_taste: (V, T) standardised liking of a title's genres.
        meets, places: as in ArenaWorld, the same for everybody and at random.
    """

    random: np.random.Generator
    shares: Floats
    vectors: Floats
    match: Floats
    theme: np.ndarray[tuple[int, ...], np.dtype[np.int64]]
    kind: np.ndarray[tuple[int, ...], np.dtype[np.int64]]
    title_taste: Floats
    meets: Floats
    places: Floats

    @property
    def artworks(self) -> int:
        return len(self.theme)

    def table(self, each: int) -> ArtworkTable:
        ids = np.arange(self.artworks)
        moods = np.eye(MOODS)[self.theme % MOODS]
        return ArtworkTable(ids, ids // each, np.column_stack([moods, np.eye(KINDS)[self.kind]]))

    def own(self, spread: float) -> Floats:
        """Draw each picture's appeal to all viewers: (A,) log-odds."""
        return self.random.normal(0.0, spread, self.artworks)

    def tastes(self, shared: float, alone: float) -> Floats:
        """Draw each picture's appeal to the viewers who like each genre: (G, A) log-odds.

        Args:
            shared: standard deviation of what pictures of one theme and kind share.
            alone: standard deviation of what belongs to the single picture.
        """
        by_theme = np.eye(GENRES)[:, self.theme] + 0.5 * self.random.standard_normal(
            (GENRES, GENRES)
        )[:, self.theme] / np.sqrt(2)
        by_kind = self.random.standard_normal((GENRES, KINDS))[:, self.kind] / 2
        own = self.random.standard_normal((GENRES, self.artworks))
        return np.asarray(shared * (by_theme + by_kind) + alone * own)


def parts(seed: int, *, titles: int = TITLES, each: int = EACH) -> WorldParts:
    random = np.random.default_rng([seed, 0])
    shares = random.dirichlet(np.full(GENRES, 0.4), VIEWERS)
    length = random.beta(2, 2, VIEWERS)
    breadth = -(shares * np.log(shares + 1e-12)).sum(axis=1) / np.log(GENRES)
    artworks = titles * each
    affinity = random.dirichlet(np.full(PEOPLE, 0.08), VIEWERS)
    cast = random.integers(PEOPLE, size=artworks)
    shows_somebody = random.random(artworks) < 0.6
    taste = shares @ random.dirichlet(np.full(GENRES, 0.3), titles).T
    return WorldParts(
        random=random,
        shares=shares,
        vectors=np.column_stack([shares, length, breadth]),
        match=affinity[:, cast] * shows_somebody,
        theme=random.integers(GENRES, size=artworks),
        kind=random.integers(KINDS, size=artworks),
        title_taste=standardised(taste),
        meets=np.broadcast_to(np.arange(1, titles + 1) / titles, (VIEWERS, titles)),
        places=np.full((VIEWERS, titles), PLACES / 2.0),
    )


def standardised(values: Floats) -> Floats:
    return np.asarray((values - values.mean()) / values.std())


def build(name: str, made: WorldParts, appeal: Floats, *, each: int = EACH) -> ArenaWorld:
    return ArenaWorld(
        name=name,
        vectors=made.vectors,
        match=made.match,
        table=made.table(each),
        each=each,
        arrives=np.zeros(made.artworks, np.int64),
        appeal=lambda night: appeal,
        position=-0.2,
        meets=made.meets,
        places=made.places,
    )


def log_odds(made: WorldParts, *, title: float, base: float = -2.6, each: int = EACH) -> Floats:
    """Return the appeal that most worlds share: (V, A) log-odds."""
    return np.asarray(
        base
        + np.repeat(title * made.title_taste, each, axis=1)
        + made.own(0.3)
        + made.shares @ made.tastes(1.2, 0.5)
        + 1.5 * made.match
    )


def linear(seed: int) -> ArenaWorld:
    """Chances are linear in what policies see, so that a linear model can learn everything."""
    made = parts(seed)
    appeal = (
        0.09
        + np.repeat(0.02 * made.title_taste, EACH, axis=1)
        + made.own(0.02)
        + made.shares @ made.tastes(0.12, 0.06)
        + 0.1 * made.match
    )
    return replace(build("linear", made, appeal), position=-0.01, linear=True)


def nonlinear(seed: int) -> ArenaWorld:
    """Each picture's effect is a random network of bumps and steps over the viewer vector."""
    made = parts(seed)
    hidden = 30
    inner = made.random.standard_normal((GENRES, hidden)) * 6.0
    bent = np.tanh(made.shares @ inner + made.random.normal(0, 1.5, hidden))
    bent = np.column_stack([bent, bent[:, ::2] * bent[:, 1::2]])
    outer = made.random.standard_normal((bent.shape[1], GENRES))[:, made.theme]
    outer = outer + 0.7 * made.random.standard_normal((bent.shape[1], made.artworks))
    pull = bent @ outer / np.sqrt(bent.shape[1])
    title = np.repeat(0.4 * made.title_taste, EACH, axis=1)
    return build("nonlinear", made, -2.8 + title + made.own(0.2) + 1.3 * pull)


def titles(seed: int) -> ArenaWorld:
    """Viewers who like a title's genres meet it often, and play it whatever its picture."""
    made = parts(seed)
    often = np.exp(1.2 * made.title_taste)
    meets = (often / often.sum(axis=1, keepdims=True)).cumsum(axis=1)
    world = build("titles", made, log_odds(made, title=1.5, base=-6.2))
    return replace(world, meets=meets)


def positions(seed: int) -> ArenaWorld:
    """Pages are sorted by taste, and the first places get nearly all plays."""
    made = parts(seed)
    world = build("positions", made, log_odds(made, title=0.4, base=-0.6))
    places = PLACES / 2.0 - 5.0 * made.title_taste
    return replace(world, places=np.clip(places, 0, PLACES - 1), position=-1.2)


def arriving(seed: int) -> ArenaWorld:
    """Each title starts with two artworks, and others arrive every day."""
    made = parts(seed)
    arrives = made.random.integers(1, NEVER_LATER, made.artworks)
    arrives[np.arange(made.artworks) % EACH < 2] = 0
    return replace(build("arriving", made, log_odds(made, title=0.5)), arrives=arrives)


def drifting(seed: int) -> ArenaWorld:
    """The appeal of pictures turns by 3 degrees a day."""
    made = parts(seed)
    first, second = (log_odds(made, title=0.0, base=0.0) for _ in range(2))
    still = -2.6 + np.repeat(0.5 * made.title_taste, EACH, axis=1)

    def appeal(night: int) -> Floats:
        angle = np.deg2rad(3.0 * night)
        return np.asarray(still + np.cos(angle) * first + np.sin(angle) * second)

    return replace(build("drifting", made, still), appeal=appeal)


def scarce(seed: int) -> ArenaWorld:
    """There are two and a half times as many artworks, and a third of the plays."""
    made = parts(seed, titles=200)
    return build("scarce", made, log_odds(made, title=0.5, base=-4.0))


WORLDS: dict[str, Callable[[int], ArenaWorld]] = {
    "linear": linear,
    "nonlinear": nonlinear,
    "titles": titles,
    "positions": positions,
    "arriving": arriving,
    "drifting": drifting,
    "scarce": scarce,
}
