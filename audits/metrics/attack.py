"""One attack: how well an attacker tells a group from a matrix, out of fold, against its null.

Every label shuffle runs the whole pipeline (components, penalty or trees, ranking) beside the true
labels; all fitting sees training folds only.  In-sample, shuffled labels reach an AUC of .99.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from audits.metrics.auc import concordance, placements
from audits.metrics.boosted_attacker import boosted_scores
from audits.metrics.folds import components, products, stratified_folds
from audits.metrics.groups import MINIMUM_TO_TEST, Contrast, Viewers
from audits.metrics.inference import (
    bootstrap_weights,
    minimum_detectable_auc,
    null_of,
    percentile_interval,
    permutation_p,
    permuted_members,
)
from audits.metrics.linear_attacker import linear_scores
from audits.metrics.measurement import Measurement
from audits.metrics.panel import select
from audits.metrics.refusals import Bools, Floats, Ints, Refused, floats

CHANCE = 0.5


class Attacker(StrEnum):
    LINEAR = "linear"
    BOOSTED = "boosted"


@dataclass(frozen=True)
class Effort:
    """How hard an attack tries.  Estimate and null always use the same.

    Beyond `viewers`, a seeded sample of the declared viewers is attacked: an eigendecomposition
    grows with their cube, while the interval hardly narrows any more.
    """

    repeats: int
    shuffles: int
    boosted_repeats: int
    boosted_shuffles: int
    viewers: int
    folds: int = 5
    components: int = 512  # the linear attacker's, at most
    boosted_components: int = 16
    rounds: int = 40
    draws: int = 2_000

    def of(self, attacker: Attacker) -> tuple[int, int, int]:
        """(repeats, shuffles, components) of one attacker."""
        if attacker is Attacker.LINEAR:
            return self.repeats, self.shuffles, self.components
        return self.boosted_repeats, self.boosted_shuffles, self.boosted_components


FULL = Effort(repeats=5, shuffles=999, boosted_repeats=2, boosted_shuffles=999, viewers=2_500)
QUICK = Effort(repeats=1, shuffles=999, boosted_repeats=1, boosted_shuffles=199, viewers=1_000)


@dataclass(frozen=True)
class StratumAuc:
    """AUC among the viewers of one history-length stratum; not tested (None) under 30 a side."""

    stratum: int
    auc: float | None
    null_mean: float | None
    p: float | None
    group: int
    rest: int


@dataclass(frozen=True)
class Attack:
    """One attacker on one matrix.

    `placements` (V,): how often each attacked viewer was ranked on the right side of the other
    side's viewers, out of fold; NaN for the others.  `null_draws` (B,): the AUC of each shuffle.
    """

    attacker: Attacker
    measurement: Measurement  # centre ½
    strata: tuple[StratumAuc, ...]
    placements: Floats
    null_draws: Floats


def attack(
    *,
    features: ArrayLike,
    contrast: Contrast,
    strata: ArrayLike,
    attacker: Attacker,
    seed: int,
    effort: Effort = FULL,
) -> Attack:
    """AUC of telling the group from `features` (V, P), with its null and per history stratum.

    The same `seed`, contrast and strata give the same folds, shuffles and bootstrap draws whatever
    the features, so that two attacks compare viewer by viewer and shuffle by shuffle.
    Raises Refused by the argument's name.
    """
    matrix = floats("features", features, shape=(None, None))
    if not matrix.shape[1]:
        raise Refused("features", "must have at least one column")
    rows, members, cells = select(contrast=contrast, viewers=len(matrix), strata=strata)
    seeds = [int(part) for part in np.random.SeedSequence(seed).generate_state(4)]
    kept = _sample(members, effort.viewers, seeds[0])
    rows, members, cells = rows[kept], members[kept], cells[kept]
    if min(members.sum(), (~members).sum()) < effort.folds:
        raise Refused("contrast", f"needs at least {effort.folds} viewers on each side")
    _, shuffles, _ = effort.of(attacker)
    shuffled = permuted_members(members=members, strata=cells, draws=shuffles, seed=seeds[1])
    labels = np.vstack([members, shuffled]).T
    tally = _run(products(matrix[rows]), labels, cells, attacker, seeds[2], effort)
    viewers = Viewers(int(members.sum()), int((~members).sum()), contrast.viewers.undeclared)
    placed = np.full(len(matrix), np.nan)
    placed[rows] = tally.placed
    return Attack(
        attacker=attacker,
        measurement=_measurement(tally, members, viewers, seeds[3], effort),
        strata=tally.strata(members, cells),
        placements=placed,
        null_draws=tally.areas()[1:],
    )


def resampled_auc(*, auc: float, placed: Floats, members: Bools, draws: int, seed: int) -> Floats:
    """(draws,) the AUC with viewers drawn anew: its first-order change is the mean placements'."""
    group, rest = bootstrap_weights(members=members, draws=draws, seed=seed)
    moved: Floats = (
        auc
        + (group @ placed[members] - placed[members].mean())
        + (rest @ placed[~members] - placed[~members].mean())
    )
    return moved


class _Tally:
    """Pairs ranked right, summed over folds and repeats, for every label vector and stratum."""

    def __init__(self, labels: Bools, cells: Ints, repeats: int) -> None:
        self.labels = labels
        self.cells = {int(cell): cells == cell for cell in np.unique(cells)}
        self.right = np.zeros((1 + len(self.cells), labels.shape[1]))
        self.pairs = np.zeros_like(self.right)
        self.placed = np.zeros(len(labels))
        self.repeats = repeats

    def add(self, test: Ints, scores: Floats) -> None:
        parts = [np.ones(len(test), dtype=np.bool_), *(cell[test] for cell in self.cells.values())]
        for line, part in enumerate(parts):
            right, pairs = concordance(scores=scores[part], labels=self.labels[test[part]])
            self.right[line] += right
            self.pairs[line] += pairs
        self.placed[test] += (
            placements(scores=scores[:, 0], labels=self.labels[test, 0]) / self.repeats
        )

    def areas(self, line: int = 0) -> Floats:
        """(1 + B,) the AUC of the true labels, then of each shuffle."""
        right, pairs = self.right[line], self.pairs[line]
        areas: Floats = np.divide(right, pairs, out=np.full_like(right, CHANCE), where=pairs > 0)
        return areas

    def strata(self, members: Bools, cells: Ints) -> tuple[StratumAuc, ...]:
        return tuple(
            self._stratum(line, cell, int(members[inside].sum()), int((~members[inside]).sum()))
            for line, (cell, inside) in enumerate(self.cells.items(), start=1)
        )

    def _stratum(self, line: int, cell: int, group: int, rest: int) -> StratumAuc:
        if min(group, rest) < MINIMUM_TO_TEST:
            return StratumAuc(cell, None, None, None, group, rest)
        areas = self.areas(line)
        p = permutation_p(observed=float(areas[0]), null=areas[1:])
        return StratumAuc(cell, float(areas[0]), float(areas[1:].mean()), p, group, rest)


def _run(
    gram: Floats, labels: Bools, cells: Ints, attacker: Attacker, seed: int, effort: Effort
) -> _Tally:
    """Run one attacker over every repeat and fold, for all label vectors (n, 1 + B) at once."""
    repeats, _, limit = effort.of(attacker)
    rng = np.random.default_rng(seed)
    tally = _Tally(labels, cells, repeats)
    for _ in range(repeats):
        for train, test in stratified_folds(
            members=labels[:, 0], strata=cells, folds=effort.folds, rng=rng
        ):
            seen, unseen = components(gram=gram, train=train, test=test, limit=limit)
            if attacker is Attacker.LINEAR:
                scores = linear_scores(train=seen, test=unseen, labels=labels[train])
            else:
                scores = boosted_scores(
                    train=seen, test=unseen, labels=labels[train], rounds=effort.rounds
                )
            tally.add(test, scores)
    return tally


def _measurement(
    tally: _Tally, members: Bools, viewers: Viewers, seed: int, effort: Effort
) -> Measurement:
    areas = tally.areas()
    auc, null = float(areas[0]), areas[1:]
    if not viewers.testable:
        return Measurement(auc, None, None, None, None, viewers, centre=CHANCE)
    resampled = resampled_auc(
        auc=auc, placed=tally.placed, members=members, draws=effort.draws, seed=seed
    ).clip(0, 1)
    return Measurement(
        estimate=auc,
        interval=percentile_interval(resampled),
        limits=percentile_interval(resampled, confidence=0.90),
        null=null_of(null),
        p=permutation_p(observed=auc, null=null),
        viewers=viewers,
        centre=CHANCE,
        detectable=minimum_detectable_auc(group=viewers.group, rest=viewers.rest),
    )


def _sample(members: Bools, limit: int, seed: int) -> Ints:
    """Places of at most `limit` viewers, each side in proportion."""
    if len(members) <= limit:
        return np.arange(len(members))
    rng = np.random.default_rng(seed)
    kept = []
    for side in (np.flatnonzero(members), np.flatnonzero(~members)):
        size = max(min(len(side), 2 * MINIMUM_TO_TEST), round(limit * len(side) / len(members)))
        kept.append(rng.choice(side, size=size, replace=False))
    return np.sort(np.concatenate(kept))
