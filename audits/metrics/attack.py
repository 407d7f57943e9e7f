"""One attack: how well an attacker tells a group from a matrix, out of fold, against its null.

Every label shuffle runs the whole pipeline (components, penalty or trees, ranking) beside the true
labels.  All fitting sees training folds only: in-sample, shuffled labels reach an AUC of .99.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from audits.metrics.boosted_attacker import boosted_scores
from audits.metrics.chances import Use, checked_seeds, uniforms
from audits.metrics.effort import FULL, Attacker, Effort
from audits.metrics.folds import compact, components, stratified_folds
from audits.metrics.groups import MINIMUM_TO_TEST, Contrast
from audits.metrics.inference import (
    auc_standard_error,
    minimum_detectable_auc,
    null_of,
    percentile_interval,
    permutation_p,
)
from audits.metrics.kernel_attacker import kernel_scores
from audits.metrics.linear_attacker import linear_scores
from audits.metrics.measurement import Measurement
from audits.metrics.panel import Compared, compare
from audits.metrics.refusals import Bools, CannotMeasure, Floats, Ints, booleans, floats
from audits.metrics.resampling import bootstrap_weights, permuted_members
from audits.metrics.tally import CHANCE, StratumAuc, Tally
from audits.metrics.threads import side_by_side


@dataclass(frozen=True, eq=False)
class Attack:
    """One attacker on one matrix, or the strongest of several attacks.

    Attributes:
        attacker: which one; of several, the one that was chosen most often.
        measurement: the AUC; its centre is ½.
        strata: the AUC within each stratum.
        rows: (n,) the rows of the panel that were attacked.
        placements: (n,) how often each of them was ranked on the right side of the other side's
            viewers, out of fold.
        null_draws: (B,) the AUC of each shuffle; empty where nothing was tested.
        tally: the pairs behind all of it.
    """

    attacker: Attacker
    measurement: Measurement
    strata: tuple[StratumAuc, ...]
    rows: Ints
    placements: Floats
    null_draws: Floats
    tally: Tally

    @property
    def widening(self) -> float:
        """How much wider an interval is than placements alone say, 1 or more.

        Placements do not show what learning from other viewers would change. Each shuffle learns
        anew, so the null has both parts (`selftest_audit`: without it, intervals of 200 viewers
        held ½ in 83 of 100 worlds without a difference; with it, in 95).
        """
        if not len(self.null_draws):
            return 1.0
        viewers = self.measurement.viewers
        alone = auc_standard_error(auc=CHANCE, group=viewers.group, rest=viewers.rest)
        return max(1.0, float(self.null_draws.std()) / alone)

    def or_higher(self, other: Attack) -> Attack:
        """Return the attack with the larger AUC, this one if they are equal.

        Its null is that of the larger one of each shuffle, because taking the larger adds some by
        chance (`selftest_audit`: with its own null, 9.6 of 100 were false alarms).

        Args:
            other: an attack of the same viewers, with the same seeds and as many shuffles.
        """
        higher = other if other.measurement.estimate > self.measurement.estimate else self
        if not len(self.null_draws):
            return higher
        null = np.maximum(self.null_draws, other.null_draws)
        p = permutation_p(observed=higher.measurement.estimate, null=null)
        return replace(higher, measurement=replace(higher.measurement, null=null_of(null), p=p))


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
    return attack_by(
        attackers=[attacker],
        features=features,
        contrast=contrast,
        strata=strata,
        seeds=seeds,
        effort=effort,
    )[0]


def attack_by(
    *,
    attackers: Iterable[Attacker],
    features: ArrayLike,
    contrast: Contrast,
    strata: ArrayLike,
    seeds: ArrayLike,
    effort: Effort = FULL,
) -> tuple[Attack, ...]:
    """Measure how well each of several attackers tells the group from the same `features`.

    The numbers are those of `attack`. The components of each fold are found once for all of them.

    Args:
        attackers: which ones, at least one.
        features, contrast, strata, seeds, effort: as of `attack`.

    Returns:
        One attack for each attacker, in their order.

    Raises:
        CannotMeasure: as `attack`.
    """
    matrix = floats("features", features, shape=(None, None))
    if not matrix.shape[1]:
        raise CannotMeasure("features", "must have at least one column")
    own = checked_seeds(seeds, viewers=len(matrix))
    who = _sampled(contrast, strata, own, effort)
    own = own[who.rows]
    each = tuple(attackers)
    if not each:
        raise CannotMeasure("attackers", "needs at least one")
    labels = who.members[None, :]
    if not who.untested:
        shuffled = permuted_members(
            members=who.members,
            strata=who.strata,
            draws=max(effort.of(one)[1] for one in each),
            seeds=own,
        )
        labels = np.vstack([who.members, shuffled])
    rows = _leading(matrix[who.rows], effort.components)
    tallies = _run(rows, labels.T, who.strata, each, own, effort)
    return tuple(_attack(one, tally, who, own, effort) for one, tally in tallies.items())


def strongest(
    *,
    attacks: Sequence[Attack],
    contrast: Contrast,
    strata: ArrayLike,
    seeds: ArrayLike,
    effort: Effort = FULL,
) -> Attack:
    """Take the strongest of several attacks, without the optimism of having chosen it.

    Which one counts in a fold follows from the other folds, and in each shuffle from that shuffle.

    Args:
        attacks: attacks of the same viewers, with the same seeds and effort; at least one.
        contrast, strata, seeds, effort: those of the attacks.

    Returns:
        The AUC with its null (one-sided p-value), over all and per stratum.

    Raises:
        CannotMeasure: the attacks are of different viewers, folds or strata, or there is none.

    Source: Westfall & Young 1993 (the null of a maximum, from joint shuffles).
    """
    if not attacks:
        raise CannotMeasure("attacks", "needs at least one")
    own = checked_seeds(seeds, viewers=len(contrast.declared))
    who = _sampled(contrast, strata, own, effort)
    if any(not np.array_equal(one.rows, who.rows) for one in attacks):
        raise CannotMeasure("attacks", "must be of the same viewers")
    if not all(one.tally.matches(attacks[0].tally, who.strata) for one in attacks):
        raise CannotMeasure("attacks", "must have the same folds and strata")
    tally = Tally.strongest([one.tally for one in attacks])
    most = int(np.bincount(tally.chosen.ravel()).argmax())
    return _attack(attacks[most].attacker, tally, who, own[who.rows], effort)


def _attack(attacker: Attacker, tally: Tally, who: Compared, seeds: Ints, effort: Effort) -> Attack:
    areas = tally.areas()
    made = Attack(
        attacker=attacker,
        measurement=Measurement.without_test(
            float(areas[0]), who.viewers, who.untested, centre=CHANCE
        ),
        strata=tally.strata(who.members),
        rows=who.rows,
        placements=tally.placed.mean(axis=0),
        null_draws=areas[1:],
        tally=tally,
    )
    return made if who.untested else replace(made, measurement=_tested(made, who, seeds, effort))


def resampled_auc(
    *,
    auc: float,
    placements: Floats,
    members: Bools,
    draws: int,
    seeds: Ints,
    widening: float = 1.0,
) -> Floats:
    """Draw the viewers anew; the AUC changes, to first order, by the mean placements.

    Args:
        auc: the AUC of all viewers.
        placements: (n,) of each viewer (or differences of two attacks' placements).
        members: (n,) True for the group; both sides are needed.
        draws: how many draws, at least 1.
        seeds: (n,) one whole number a viewer, 0 or more.
        widening: how much further each draw lies from `auc` than placements alone say.

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
    moved = (group @ placed[side] - placed[side].mean()) + (
        rest @ placed[~side] - placed[~side].mean()
    )
    drawn: Floats = whole_auc + widening * moved
    return drawn


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


def _leading(matrix: Floats, limit: int) -> Floats:
    """Keep the leading axes of all rows.  No label is used, so no label can leak through them."""
    rows = compact(matrix)
    if rows.shape[1] <= limit:
        return rows
    every = np.arange(len(rows))
    return components(rows=rows, train=every, test=every[:0], limit=limit)[0]


def _run(
    rows: Floats,
    labels: Bools,
    cells: Ints,
    attackers: Sequence[Attacker],
    seeds: Ints,
    effort: Effort,
) -> dict[Attacker, Tally]:
    """Run each attacker over its repeats and folds, for all label vectors (n, 1 + B) at once."""
    tallies = {
        one: Tally(
            viewers=len(labels),
            cells=cells,
            repeats=effort.of(one)[0],
            folds=effort.folds,
            vectors=min(1 + effort.of(one)[1], labels.shape[1]),
        )
        for one in attackers
    }
    most = max(effort.of(one)[2] for one in attackers)

    def attack_fold(at: tuple[int, int], train: Ints, test: Ints) -> None:
        seen, unseen = components(rows=rows, train=train, test=test, limit=most)
        for one, tally in tallies.items():
            if at[0] < effort.of(one)[0]:
                limit, vectors = effort.of(one)[2], tally.vectors
                known, hidden = labels[train, :vectors], labels[test, :vectors]
                scores = _scores(one, seen[:, :limit], unseen[:, :limit], known, effort)
                tally.add(at, test, scores, hidden)

    repeats = max(effort.of(one)[0] for one in attackers)
    every = _every_fold(labels[:, 0], cells, seeds, repeats, effort.folds)
    side_by_side(lambda fold: attack_fold(*fold), every)
    return tallies


def _every_fold(
    members: Bools, cells: Ints, seeds: Ints, repeats: int, folds: int
) -> Iterator[tuple[tuple[int, int], Ints, Ints]]:
    """Yield each repeat and fold, with its training and its test viewers."""
    for repeat in range(repeats):
        split = stratified_folds(
            members=members, strata=cells, folds=folds, seeds=seeds, repeat=repeat
        )
        for fold, (train, test) in enumerate(split):
            yield (repeat, fold), train, test


def _scores(
    attacker: Attacker, seen: Floats, unseen: Floats, labels: Bools, effort: Effort
) -> Floats:
    if attacker is Attacker.LINEAR:
        return linear_scores(train=seen, test=unseen, labels=labels)
    if attacker is Attacker.KERNEL:
        return kernel_scores(train=seen, test=unseen, labels=labels)
    return boosted_scores(train=seen, test=unseen, labels=labels, rounds=effort.rounds)


def _tested(untested: Attack, who: Compared, seeds: Ints, effort: Effort) -> Measurement:
    auc, null = untested.measurement.estimate, untested.null_draws
    resampled = resampled_auc(
        auc=auc,
        placements=untested.placements,
        members=who.members,
        draws=effort.draws,
        seeds=seeds,
        widening=untested.widening,
    ).clip(0, 1)
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
