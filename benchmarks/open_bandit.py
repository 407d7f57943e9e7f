"""What each of two policies of a real shop earned, estimated from the log of the other.

In the Open Bandit Dataset (see `obd`) both policies ran, so the truth is the mean of a policy's own
log. The reward model is this project's own fit of items at places, cross-fitted. Estimates from too
little data are refused, and marked as refused.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from benchmarks import obd
from benchmarks.obd import POSITIONS, Impressions
from benchmarks.results import BenchmarkReport, Figure
from personalization.bandit import crossfit, estimators
from personalization.bandit.arrays import Floats, Ints
from personalization.bandit.estimators import (
    Contributions,
    Estimate,
    Floor,
    Inconclusive,
    ModelledRewards,
)
from personalization.bandit.model import Model
from personalization.bandit.spec import Spec
from personalization.bandit.table import ArtworkTable

FOLDS, SEED = 5, 20200814
SPEC = Spec(context=POSITIONS - 1, artwork_features=0, controls=0)
UNBIASED = ("ips", "snips", "dr", "sndr")
CLICKS = "clicks/impression"


@dataclass(frozen=True)
class Estimated:
    """One estimate of a policy from the other's log, and what the policy earned itself."""

    campaign: str
    source: str
    target: str
    name: str
    estimate: Estimate
    outcome: Estimate | Inconclusive
    truth: Estimate


def run() -> BenchmarkReport:
    every = list(estimated())
    return BenchmarkReport(
        "open-bandit", [row for each in every for row in _rows(each)] + _held(every)
    )


def estimated() -> Iterator[Estimated]:
    """Return every estimate for every campaign and both directions. Raises obd.NoData."""
    place = obd.folder()
    for campaign in obd.CAMPAIGNS:
        logs = {policy: obd.read(place, policy, campaign) for policy in obd.POLICIES}
        targets = {"bts": obd.averaged(logs["bts"]), "random": obd.even(logs["random"].count)}
        for source, target in (("random", "bts"), ("bts", "random")):
            own = logs[target].log
            truth = estimators.estimate(own, estimators.ips(own, own.propensities))
            for name, parts in every_parts(logs[source], targets[target]).items():
                found = estimators.estimate(logs[source].log, parts)
                outcome = estimators.conclude(found, Floor())
                yield Estimated(campaign, source, target, name, found, outcome, truth)


def every_parts(logged: Impressions, target: Floats) -> dict[str, Contributions]:
    """Return what each impression contributes to the value of `target`, (items, POSITIONS)."""
    log, shown = logged.log, target[logged.items, logged.places]
    q = expectations(logged)
    expected = ModelledRewards(
        (q * target[:, logged.places].T).sum(axis=1), q[np.arange(len(log)), logged.items]
    )
    return {
        "ips": estimators.ips(log, shown),
        "snips": estimators.snips(log, shown),
        "dm": estimators.dm(log, shown, expected),
        "dr": estimators.dr(log, shown, expected),
        "sndr": estimators.sndr(log, shown, expected),
        "switch-dr": estimators.switch_dr(log, shown, expected),
    }


def expectations(logged: Impressions) -> Floats:
    """Return what a cross-fitted model expects of each item at each impression's place: (N, I)."""
    fold = crossfit.assign(logged.log.viewers, folds=FOLDS, seed=SEED)
    sums = crossfit.reduce_folds(
        artwork_ids=logged.items,
        rows=_contexts(logged.places),
        rewards=logged.log.rewards,
        fold=fold,
        folds=FOLDS,
    )
    count = logged.count
    items = ArtworkTable(np.arange(count), np.zeros(count, np.int64), np.zeros((count, 0)))
    models = crossfit.fit_folds(sums, items, SPEC)
    by_place = np.stack([_rewards(model) for model in models])  # folds, places, items
    return np.asarray(by_place[fold, logged.places], np.float64)


def _rewards(model: Model) -> Floats:
    """Return what a model expects at each place of each item: (places, I)."""
    scores = _contexts(np.arange(POSITIONS)) @ model.weights.T
    return model.rewards(scores.reshape(-1), np.zeros((scores.size, 0))).reshape(scores.shape)


def _contexts(places: Ints) -> Floats:
    """Return z = [1, x, match] with the place as the only context."""
    return np.column_stack(
        [np.ones(len(places)), np.eye(POSITIONS)[places][:, 1:], np.zeros(len(places))]
    )


def _held(every: list[Estimated]) -> list[Figure]:
    """Return how often intervals that are not refused cover what the policy earned itself."""
    believed = [
        each for each in every if each.name in UNBIASED and isinstance(each.outcome, Estimate)
    ]
    if not believed:
        return []
    held = [each.estimate.low <= each.truth.value <= each.estimate.high for each in believed]
    return [
        Figure("unbiased estimates not refused", len(believed), "estimates"),
        Figure(
            "of these, intervals that hold the truth", 100 * sum(held) / len(held), "%", peer=95.0
        ),
    ]


def _rows(each: Estimated) -> list[Figure]:
    found = each.estimate
    name = f"{each.target} from {each.source}, {each.campaign}: {each.name}"
    said = "" if isinstance(each.outcome, Estimate) else " (refused: too little data)"
    rows = [
        Figure(f"{name}{said}", found.value, CLICKS, peer=each.truth.value),
        Figure(f"{name}, low", found.low, CLICKS, peer=each.truth.low),
        Figure(f"{name}, high", found.high, CLICKS, peer=each.truth.high),
    ]
    if each.name == "ips":
        rows += [
            Figure(f"{name}, effective sample size", found.effective, "impressions"),
            Figure(f"{name}, largest weight", found.largest_weight, "x"),
        ]
    return rows
