"""How often the 95 % intervals cover the truth, over simulated worlds whose truth is known.

The worlds are those of `sticky`. The estimators that the gate may use must cover the truth in 93 to
97 of 100 worlds, or 94 to 96 where there are 10,000. The others are reported: DM and switch-DR are
biased by their reward model, and an interval that takes page views for independent decisions is too
narrow.
"""

import argparse
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np
from scipy.stats import binomtest

from benchmarks.results import BenchmarkReport, Figure
from benchmarks.sticky import (
    EACH,
    FEATURES,
    TITLES,
    TYPES,
    StickySample,
    StickyWorld,
    draw_sample,
    draw_world,
)
from personalization.bandit import crossfit, estimators
from personalization.bandit.arrays import Floats, Ints
from personalization.bandit.estimators import Contributions, DecisionLog, Estimate, ModelledRewards
from personalization.bandit.fit import fit
from personalization.bandit.model import Model
from personalization.bandit.reduction import reduce
from personalization.bandit.spec import Spec

WORLDS, VIEWERS, FOLDS, ROUNDS = 1_000, 300, 5, 3
MANY = 10_000  # worlds, from which the share of covered ones is known to half a point
# Least worlds of 100 that an interval covers, and that it misses.
ROUGH, CLOSE = (93.0, 3.0), (94.0, 4.0)
GATE = ("ips", "snips", "dr", "sndr", "difference: ips", "difference: dr")
SPEC = Spec(context=TYPES, artwork_features=FEATURES, controls=0)


@dataclass(frozen=True)
class CheckedInterval:
    """One interval of one world, and the truth that it should cover."""

    name: str
    truth: float
    value: float
    low: float
    high: float

    @property
    def covers(self) -> bool:
        return self.low <= self.truth <= self.high


def run(arguments: list[str] | None = None) -> BenchmarkReport:
    parser = argparse.ArgumentParser(prog="python -m benchmarks coverage", description=__doc__)
    parser.add_argument("--first", type=int, default=0, help="seed of the first world")
    parser.add_argument("--worlds", type=int, default=WORLDS)
    parser.add_argument("--processes", type=int, help="by default one a core")
    parser.add_argument("--gate-only", action="store_true", help="only what the gate may use")
    options = parser.parse_args(arguments or [])
    if options.worlds < 1 or options.first < 0:
        parser.error("--worlds must be at least 1, and --first at least 0")
    names: dict[str, list[CheckedInterval]] = {}
    seeds = range(options.first, options.first + options.worlds)
    with ProcessPoolExecutor(options.processes) as pool:
        for found in pool.map(partial(world, others=not options.gate_only), seeds, chunksize=25):
            for each in found:
                names.setdefault(each.name, []).append(each)
    return BenchmarkReport("coverage", [row for name in names for row in _rows(name, names[name])])


def world(seed: int, *, others: bool = True) -> list[CheckedInterval]:
    """Return every interval of one world; without the others, what the gate may use."""
    random = np.random.default_rng([20180, seed])
    drawn = draw_world(random)
    sample = draw_sample(drawn, random, viewers=VIEWERS)
    fold = crossfit.assign(sample.log.viewers, folds=FOLDS, seed=seed)
    models = reward_models(drawn, sample, fold)
    found = list(_of_the_gate(drawn, sample, models, fold))
    return found + list(_others(drawn, sample, models, fold, seed)) if others else found


def _of_the_gate(
    drawn: StickyWorld, sample: StickySample, models: list[Model], fold: Ints
) -> Iterator[CheckedInterval]:
    ours = parts(drawn.target, drawn, sample, models, fold)
    plain = parts(drawn.plain, drawn, sample, models, fold)
    truth = drawn.value(drawn.target)
    gain = truth - drawn.value(drawn.plain)
    for name in ("ips", "snips", "dr", "sndr"):
        yield _found(name, truth, estimators.estimate(sample.log, ours[name]))
    for name in ("ips", "dr"):
        difference = estimators.difference(sample.log, ours[name], plain[name])
        yield _found(f"difference: {name}", gain, difference)


def _others(
    drawn: StickyWorld, sample: StickySample, models: list[Model], fold: Ints, seed: int
) -> Iterator[CheckedInterval]:
    truth = drawn.value(drawn.target)
    ours = parts(drawn.target, drawn, sample, models, fold)
    for name, found in ours.items():
        if name not in GATE:
            yield _found(name, truth, estimators.estimate(sample.log, found))
    for name in ("ips", "dr"):
        redrawn = estimators.bootstrap(sample.log, ours[name], seed=seed)
        yield _found(f"bootstrap: {name}", truth, redrawn)
    yield from _other_models(drawn, sample, truth, seed)
    yield _found("page views, not clustered: ips", truth, _naive(drawn, sample))


def _other_models(
    drawn: StickyWorld, sample: StickySample, truth: float, seed: int
) -> Iterator[CheckedInterval]:
    """Return intervals with a reward model that learnt from the same decisions or viewers."""
    count = len(sample.kind)
    own = fit(
        reduce(artwork_ids=sample.shown, rows=_rows_of_fit(sample), rewards=sample.log.rewards),
        drawn.table,
        SPEC,
        rounds=ROUNDS,
    )
    by_decision = crossfit.assign(np.arange(count), folds=FOLDS, seed=seed)
    split = reward_models(drawn, sample, by_decision)
    for words, models, fold in (
        ("model of the same decisions", [own], np.zeros(count, np.int64)),
        ("folds of decisions, not viewers", split, by_decision),
    ):
        found = parts(drawn.target, drawn, sample, models, fold)
        for name in ("dr", "dm"):
            yield _found(f"{name}, {words}", truth, estimators.estimate(sample.log, found[name]))


def reward_models(drawn: StickyWorld, sample: StickySample, fold: Ints) -> list[Model]:
    """Return for each fold a model of the other folds' viewers."""
    sums = crossfit.reduce_folds(
        artwork_ids=sample.shown,
        rows=_rows_of_fit(sample),
        rewards=sample.log.rewards,
        fold=fold,
        folds=FOLDS,
    )
    return crossfit.fit_folds(sums, drawn.table, SPEC, rounds=ROUNDS)


def _rewards(model: Model) -> Floats:
    """Return what a model expects of each type of viewer and artwork: (TYPES, A)."""
    artworks = TITLES * EACH
    nothing = np.zeros((TYPES, artworks))
    scores = model.scores(np.eye(TYPES), nothing, np.arange(artworks))
    return model.rewards(scores.reshape(-1), np.zeros((scores.size, 0))).reshape(scores.shape)


def parts(
    policy: Floats, drawn: StickyWorld, sample: StickySample, models: list[Model], fold: Ints
) -> dict[str, Contributions]:
    """Return what each decision contributes under each estimator."""
    shown = policy[sample.kind, sample.shown]
    slate = sample.title[:, None] * EACH + np.arange(EACH)
    chances = policy[sample.kind[:, None], slate]
    expected = np.stack([_rewards(model) for model in models])
    q = expected[fold[:, None], sample.kind[:, None], slate]
    known = ModelledRewards((chances * q).sum(axis=1), expected[fold, sample.kind, sample.shown])
    logged = drawn.logging[sample.kind[:, None], slate]
    threshold = estimators.choose_threshold(
        sample.log, shown, known, estimators.mass_beyond(chances.ravel(), logged.ravel())
    )
    log = sample.log
    return {
        "ips": estimators.ips(log, shown),
        "snips": estimators.snips(log, shown),
        "dr": estimators.dr(log, shown, known),
        "sndr": estimators.sndr(log, shown, known),
        "dm": estimators.dm(log, shown, known),
        "switch-dr, threshold chosen": estimators.switch_dr(log, shown, known, threshold=threshold),
        "switch-dr, threshold 2": estimators.switch_dr(log, shown, known, threshold=2.0),
    }


def _rows_of_fit(sample: StickySample) -> Floats:
    count = len(sample.kind)
    return np.column_stack([np.ones(count), np.eye(TYPES)[sample.kind], np.zeros(count)])


def _naive(drawn: StickyWorld, sample: StickySample) -> Estimate:
    """Return the estimate that takes every page view for a decision by a viewer of its own."""
    shown = drawn.target[sample.kind, sample.shown].repeat(sample.views)
    log = sample.log
    views = DecisionLog(
        log.rewards.repeat(sample.views),
        log.propensities.repeat(sample.views),
        np.arange(len(shown)),
    )
    return estimators.estimate(views, estimators.ips(views, shown))


def _found(name: str, truth: float, each: Estimate) -> CheckedInterval:
    return CheckedInterval(name, truth, each.value, each.low, each.high)


def _rows(name: str, found: list[CheckedInterval]) -> list[Figure]:
    covered = sum(each.covers for each in found)
    share = binomtest(covered, len(found)).proportion_ci(0.95)
    words = f"{name} (share itself {100 * share.low:.1f}–{100 * share.high:.1f})"
    target: tuple[float | None, float | None] = (None, None)
    if name in GATE:
        target = CLOSE if len(found) >= MANY else ROUGH
    percent = 100 * covered / len(found)
    bias = float(np.mean([each.value - each.truth for each in found]))
    return [
        Figure(f"covers: {words}", percent, "%", peer=95.0, target=target[0]),
        Figure(f"misses: {name}", 100 - percent, "%", peer=5.0, target=target[1]),
        Figure(f"mean error: {name}", bias, "plays/decision"),
        Figure(
            f"mean width: {name}",
            float(np.mean([each.high - each.low for each in found])),
            "plays/decision",
        ),
    ]
