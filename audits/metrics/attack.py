"""One attack: how well an attacker tells a group from a matrix, out of fold, against its null.

Every label shuffle runs the whole pipeline (components, penalty or trees, ranking) beside the true
labels.  All fitting sees training folds only: in-sample, shuffled labels reach an AUC of .99.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from audits.metrics.auc import concordance, placements
from audits.metrics.boosted_attacker import boosted_scores
from audits.metrics.chances import Use, checked_seeds, uniforms
from audits.metrics.folds import compact, components, stratified_folds
from audits.metrics.groups import MINIMUM_TO_TEST, Contrast
from audits.metrics.inference import (
    auc_standard_error,
    minimum_detectable_auc,
    null_of,
    percentile_interval,
    permutation_p,
)
from audits.metrics.linear_attacker import linear_scores
from audits.metrics.measurement import Measurement
from audits.metrics.panel import Compared, compare
from audits.metrics.refusals import Bools, CannotMeasure, Floats, Ints, booleans, floats
from audits.metrics.resampling import bootstrap_weights, permuted_members

CHANCE = 0.5


class Attacker(StrEnum):
    """What tries to tell the group: ridge regression, or boosted trees."""

    LINEAR = "linear"
    BOOSTED = "boosted"


@dataclass(frozen=True)
class Effort:
    """How hard an attack tries.  Estimate and null always use the same effort.

    Attributes:
        repeats, boosted_repeats: how often the viewers are split into folds anew.
        shuffles, boosted_shuffles: how often the labels are shuffled.
        viewers: how many viewers are attacked at most.  Of more, a seeded sample is attacked: an
            eigendecomposition grows with their cube, and the interval hardly narrows any more.
        folds: how many folds.
        components, boosted_components: how many leading components an attacker sees at most.
        rounds: how many trees the boosted attacker grows.
        draws: how often the viewers are drawn anew, for the interval.
    """

    repeats: int
    shuffles: int
    boosted_repeats: int
    boosted_shuffles: int
    viewers: int
    folds: int = 5
    components: int = 512
    boosted_components: int = 16
    rounds: int = 40
    draws: int = 2_000

    def of(self, attacker: Attacker) -> tuple[int, int, int]:
        """Return (repeats, shuffles, components) of one attacker."""
        if attacker is Attacker.LINEAR:
            return self.repeats, self.shuffles, self.components
        return self.boosted_repeats, self.boosted_shuffles, self.boosted_components


FULL = Effort(repeats=5, shuffles=999, boosted_repeats=2, boosted_shuffles=999, viewers=2_500)
QUICK = Effort(repeats=1, shuffles=999, boosted_repeats=1, boosted_shuffles=199, viewers=1_000)


@dataclass(frozen=True)
class StratumAuc:
    """The AUC among the viewers of one stratum.

    Attributes:
        stratum: its number.
        auc, null_mean, p: as of the whole; None under 30 viewers a side.
        group, rest: how many viewers it has.
    """

    stratum: int
    auc: float | None
    null_mean: float | None
    p: float | None
    group: int
    rest: int


@dataclass(frozen=True, eq=False)
class Attack:
    """One attacker on one matrix.

    Attributes:
        attacker: which one.
        measurement: the AUC; its centre is ½.
        strata: the AUC within each stratum.
        rows: (n,) the rows of the panel that were attacked.
        placements: (n,) how often each of them was ranked on the right side of the other side's
            viewers, out of fold.
        null_draws: (B,) the AUC of each shuffle; empty where nothing was tested.
    """

    attacker: Attacker
    measurement: Measurement
    strata: tuple[StratumAuc, ...]
    rows: Ints
    placements: Floats
    null_draws: Floats


def attack(
    *,
    features: ArrayLike,
    contrast: Contrast,
    strata: ArrayLike,
    attacker: Attacker,
    seeds: ArrayLike,
    effort: Effort = FULL,
) -> Attack:
    """Measure how well an attacker tells the group from `features`.

    The same seeds, contrast and strata give the same folds, shuffles and bootstrap draws whatever
    the features, so that two attacks compare viewer by viewer and shuffle by shuffle.

    Args:
        features: (V, P) what the attacker sees of each viewer, P at least 1.
        contrast: the group against the rest.
        strata: (V,) labels are shuffled within a stratum only.
        attacker: which one.
        seeds: (V,) one whole number a viewer, 0 or more.
        effort: how hard it tries; its `shuffles` and `draws` are those of the null and interval.

    Returns:
        The AUC with its null (one-sided p-value), over all and per stratum.

    Raises:
        CannotMeasure: by the argument's name; a side with fewer viewers than folds.

    Source: Hanley & McNeil 1982 (AUC); Ojala & Garriga 2010 (permuting the whole pipeline).
    """
    matrix = floats("features", features, shape=(None, None))
    if not matrix.shape[1]:
        raise CannotMeasure("features", "must have at least one column")
    own = checked_seeds(seeds, viewers=len(matrix))
    who = _sampled(contrast, strata, own, effort)
    own = own[who.rows]
    members, cells = who.members, who.strata
    _, shuffles, _ = effort.of(attacker)
    labels = members[None, :]
    if not who.untested:
        shuffled = permuted_members(members=members, strata=cells, draws=shuffles, seeds=own)
        labels = np.vstack([members, shuffled])
    tally = _run(compact(matrix[who.rows]), labels.T, cells, attacker, own, effort)
    return Attack(
        attacker=attacker,
        measurement=_measurement(tally, who, own, effort),
        strata=tally.strata(members, cells),
        rows=who.rows,
        placements=tally.placed,
        null_draws=tally.areas()[1:],
    )


def resampled_auc(
    *, auc: float, placements: Floats, members: Bools, draws: int, seeds: Ints
) -> Floats:
    """Draw the viewers anew; the AUC changes, to first order, by the mean placements.

    Args:
        auc: the AUC of all viewers.
        placements: (n,) of each viewer (or differences of two attacks' placements).
        members: (n,) True for the group; both sides are needed.
        draws: how many draws, at least 1.
        seeds: (n,) one whole number a viewer, 0 or more.

    Returns:
        (draws,) the AUC of each draw.

    Raises:
        CannotMeasure: by the argument's name.

    Source: DeLong, DeLong & Clarke-Pearson 1988.
    """
    placed = floats("placements", placements, shape=(None,))
    side = booleans("members", members, shape=placed.shape)
    whole_auc = float(floats("auc", auc, shape=()))
    group, rest = bootstrap_weights(members=side, draws=draws, seeds=seeds)
    moved: Floats = (
        whole_auc
        + (group @ placed[side] - placed[side].mean())
        + (rest @ placed[~side] - placed[~side].mean())
    )
    return moved


def _sampled(contrast: Contrast, strata: ArrayLike, seeds: Ints, effort: Effort) -> Compared:
    """Select the viewers who are attacked: all who are compared, or a sample of each side."""
    viewers = len(seeds)
    who = compare(contrast=contrast, viewers=viewers, strata=strata)
    kept = _sample(who.members, effort.viewers, seeds[who.rows])
    chosen = np.zeros(viewers, dtype=np.bool_)
    chosen[who.rows[kept]] = True
    sampled = compare(contrast=contrast.among(chosen), viewers=viewers, strata=strata)
    if min(sampled.viewers.group, sampled.viewers.rest) < effort.folds:
        raise CannotMeasure("contrast", f"needs at least {effort.folds} viewers on each side")
    return sampled


class _Tally:
    """Pairs ranked right, summed over folds and repeats, for every label vector and stratum."""

    def __init__(self, labels: Bools, cells: Ints, repeats: int) -> None:
        self.labels = labels
        self.cells = {int(cell): cells == cell for cell in np.unique(cells)}
        self.right = np.zeros((1 + len(self.cells), labels.shape[1]))
        self.pairs = np.zeros_like(self.right)
        self.placed: Floats = np.zeros(len(labels))
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
    rows: Floats, labels: Bools, cells: Ints, attacker: Attacker, seeds: Ints, effort: Effort
) -> _Tally:
    """Run one attacker over every repeat and fold, for all label vectors (n, 1 + B) at once."""
    repeats, _, limit = effort.of(attacker)
    tally = _Tally(labels, cells, repeats)
    for repeat in range(repeats):
        for train, test in stratified_folds(
            members=labels[:, 0], strata=cells, folds=effort.folds, seeds=seeds, repeat=repeat
        ):
            seen, unseen = components(rows=rows, train=train, test=test, limit=limit)
            if attacker is Attacker.LINEAR:
                scores = linear_scores(train=seen, test=unseen, labels=labels[train])
            else:
                scores = boosted_scores(
                    train=seen, test=unseen, labels=labels[train], rounds=effort.rounds
                )
            tally.add(test, scores)
    return tally


def _measurement(tally: _Tally, who: Compared, seeds: Ints, effort: Effort) -> Measurement:
    areas = tally.areas()
    auc, null = float(areas[0]), areas[1:]
    if who.untested:
        return Measurement.without_test(auc, who.viewers, who.untested, centre=CHANCE)
    resampled = resampled_auc(
        auc=auc, placements=tally.placed, members=who.members, draws=effort.draws, seeds=seeds
    ).clip(0, 1)
    resampled = _widened(resampled, auc, null, who)
    return Measurement(
        estimate=auc,
        interval=percentile_interval(resampled),
        limits=percentile_interval(resampled, confidence=0.90),
        null=null_of(null),
        p=permutation_p(observed=auc, null=null),
        viewers=who.viewers,
        centre=CHANCE,
        detectable=minimum_detectable_auc(group=who.viewers.group, rest=who.viewers.rest),
    )


def _widened(resampled: Floats, auc: float, null: Floats, who: Compared) -> Floats:
    """Add what learning from other viewers would change, which placements do not show.

    Each shuffle learns anew, so the null has both parts, and its spread over that of placements
    alone says how much wider an interval must be (`selftest_audit`: without it, intervals of 200
    viewers held ½ in 83 of 100 worlds without a difference; with it, in 95).
    """
    alone = auc_standard_error(auc=CHANCE, group=who.viewers.group, rest=who.viewers.rest)
    wider = max(1.0, float(null.std()) / alone)
    widened: Floats = (auc + wider * (resampled - auc)).clip(0, 1)
    return widened


def _sample(members: Bools, limit: int, seeds: Ints) -> Ints:
    """Places of at most `limit` viewers, each side in proportion."""
    if len(members) <= limit:
        return np.arange(len(members))
    random = uniforms(seeds=seeds, use=Use.SAMPLE, count=1)[0]
    kept = []
    for side in (np.flatnonzero(members), np.flatnonzero(~members)):
        size = max(min(len(side), 2 * MINIMUM_TO_TEST), round(limit * len(side) / len(members)))
        kept.append(side[np.argsort(random[side])[:size]])
    return np.sort(np.concatenate(kept))
