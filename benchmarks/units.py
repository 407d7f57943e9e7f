"""Whether what is learnt depends on the units of the viewer vector, or on its rotation.

One world, in five scalings and two rotations of the viewer vector: the same viewers, the same log
of even draws, the same fit. Lift is what the best choice by the model truly earns above its
context-free choice, as a share of the most that any choice could earn above that.
"""

import sys
from collections.abc import Callable, Mapping

import numpy as np

from benchmarks.arena.movielens import NoMovieLens, movielens
from benchmarks.arena.planted import linear
from benchmarks.arena.summary import interval
from benchmarks.arena.world import ArenaWorld, Batch, NightLog, draw_batch, play_batch
from benchmarks.results import BenchmarkReport, Figure
from personalization.bandit.arrays import Floats
from personalization.bandit.fit import fit
from personalization.bandit.model import Model
from personalization.bandit.odds import Expected
from personalization.bandit.reduction import reduce
from personalization.bandit.spec import Spec

DECISIONS, JUDGED, SEEDS = 50_000, 20_000, 5
SAME = 1e-6  # log-odds by which scores may differ through rounding
WORLDS: Mapping[str, Callable[[int], ArenaWorld]] = {"linear": linear, "movielens": movielens}


def rotated(vectors: Floats, seed: int) -> Floats:
    """Return the vectors (V, d) in another orthonormal basis, drawn from the seed."""
    width = vectors.shape[1]
    drawn = np.random.default_rng([seed, width]).standard_normal((width, width))
    return np.asarray(vectors @ np.linalg.qr(drawn)[0])


def in_deviations(vectors: Floats, share: float = 1.0) -> Floats:
    """Return the vectors (V, d), each number with a standard deviation of `share`."""
    spread = vectors.std(axis=0)
    return np.asarray(share * vectors / np.where(spread > 0, spread, 1.0))


def in_many_units(vectors: Floats) -> Floats:
    """Return the vectors (V, d), each number in a unit of its own, from 1/100 to 100."""
    return np.asarray(vectors * np.geomspace(0.01, 100.0, vectors.shape[1]))


FORMS: Mapping[str, Callable[[Floats], Floats]] = {
    "as made": lambda vectors: vectors,
    "in standard deviations": in_deviations,
    "in 20ths of them": lambda vectors: in_deviations(vectors, 0.05),
    "times 100": lambda vectors: 100.0 * vectors,
    "each number in its own unit": in_many_units,
    "rotated": lambda vectors: rotated(vectors, 1),
    "in standard deviations, rotated": lambda vectors: rotated(in_deviations(vectors), 2),
}
FIRST = next(iter(FORMS))


def run(*, decisions: int = DECISIONS, seeds: int = SEEDS) -> BenchmarkReport:
    figures: list[Figure] = []
    for name, make in WORLDS.items():
        try:
            worlds = [make(seed) for seed in range(seeds)]
        except NoMovieLens as error:
            print(f"{name} left out: {error}", file=sys.stderr)
            continue
        figures += _figures(
            name, [_measured(world, decisions, at) for at, world in enumerate(worlds)]
        )
    return BenchmarkReport("units", figures)


def _figures(name: str, measured: list[dict[str, tuple[float, float]]]) -> list[Figure]:
    found: list[Figure] = []
    for form in FORMS:
        lifts = np.array([world[form][0] for world in measured])
        first = np.array([world[FIRST][0] for world in measured])
        less = interval((lifts - first).tolist())
        words = "" if form == FIRST else f" (less as made: {less.mean:+.4f} ± {less.half:.4f})"
        peer = None if form == FIRST else float(first.mean())
        found.append(Figure(f"{name}, {form}: lift{words}", float(lifts.mean()), "of 1", peer=peer))
    apart = max(world[form][1] for world in measured for form in FORMS)
    found.append(Figure(f"{name}: scores apart, at most", apart, "log-odds", target=SAME))
    return found


def _measured(world: ArenaWorld, decisions: int, seed: int) -> dict[str, tuple[float, float]]:
    """Return for each form the lift, and how far its scores lie from those of the first form."""
    log, judged = even_log(world, decisions, seed), draw_batch(world, 1, JUDGED, seed=seed)
    every = np.arange(len(world.table))
    found: dict[str, tuple[float, float]] = {}
    first: Floats | None = None
    for form, change in FORMS.items():
        vectors = change(world.vectors)
        model = learnt(world, vectors, log)
        scores = model.scores(vectors, world.match, every)
        first = scores if first is None else first
        found[form] = lift(world, model, scores, judged), float(np.abs(scores - first).max())
    return found


def even_log(world: ArenaWorld, decisions: int, seed: int) -> NightLog:
    """Draw a log of even choices."""
    batch = draw_batch(world, 0, decisions, seed=seed)
    even = batch.there / batch.there.sum(axis=1, keepdims=True)
    return play_batch(world, batch, np.asarray(even), seed=seed)[0]


def learnt(world: ArenaWorld, vectors: Floats, log: NightLog) -> Model:
    """Fit as a first night does: twice, the second time around what the first fit expects."""
    batch, shown = log.batch, log.artworks
    ones, match = np.ones(len(batch)), world.match[batch.viewers, shown]
    rows = np.column_stack([ones, vectors[batch.viewers], match, np.log1p(batch.places)])
    spec = Spec(vectors.shape[1], world.table.features.shape[1])
    first = fit(reduce(artwork_ids=shown, rows=rows, rewards=log.rewards), world.table, spec)
    expected = Expected.alike(len(batch), first.expectation)
    sums = reduce(artwork_ids=shown, rows=rows, rewards=log.rewards, expected=expected)
    return fit(sums, world.table, spec)


def lift(world: ArenaWorld, model: Model, scores: Floats, judged: Batch) -> float:
    """Return the share of the best lift that choosing by the scores (V, A) gets."""
    chances = world.chances(judged)

    def earned(by: Floats) -> float:
        best = np.where(judged.there, by, -np.inf).argmax(axis=1)
        return float(chances[np.arange(len(judged)), best].mean())

    plain = earned(model.context_free[judged.artworks])
    ours = earned(scores[judged.viewers[:, None], judged.artworks])
    return (ours - plain) / (earned(chances) - plain)
