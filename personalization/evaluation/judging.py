"""A candidate's evaluation: every policy's value on unseen days, and how far apart they are.

Each policy has every estimator's value with an interval clustered by viewer, the effective sample
size and the largest weight. Differences are paired on the same decisions. A value with less
evidence than the floor is refused in words, without a number.
"""

from collections.abc import Sequence

import numpy as np
import structlog
from django.conf import settings

from personalization.bandit import estimators
from personalization.bandit.errors import BadInput
from personalization.bandit.estimators import (
    Contributions,
    Estimate,
    Floor,
    Inconclusive,
    ModelledRewards,
)
from personalization.bandit.model import Model
from personalization.bandit.table import ArtworkTable
from personalization.evaluation import crossfitting
from personalization.evaluation.drift import Moments, drift, moments_learnt
from personalization.evaluation.references import compare
from personalization.evaluation.report import (
    Evaluation,
    PolicyValue,
    Shift,
    ValueDifference,
    ValueInterval,
)
from personalization.evaluation.sampling import JudgedSample, NothingToJudge, Progress, sample
from personalization.features import manifest
from personalization.features.artworks import read_index
from personalization.models import ModelVersion, SealedDay
from personalization.serving.models import opened
from personalization.training import reducing

log = structlog.get_logger(__name__)
__all__ = ["NothingToJudge", "evaluate"]
LEVEL = 0.95
# The estimators of differences. Unlike DM and switch-DR they are unbiased whatever the reward
# model.
PAIRED = ("dr", "ips")


def evaluate(
    candidate: ModelVersion,
    serving: ModelVersion | None,
    *,
    references: Sequence[ModelVersion] = (),
    progress: Progress,
) -> Evaluation:
    """Evaluate `candidate` beside the serving model and the policies that need no context.

    `references` are the models that served lately, of which it should be no worse than the best.

    Raises StorageAltered or StorageMissing if a model's file or a sealed day is
    not as it was written, and NothingToJudge if no decision is left.
    """
    days = list(candidate.evaluation_days.order_by("day"))
    table = read_index(revision=0).table
    ours = opened(candidate).adopt(table)
    theirs = _rival(serving, table)
    rewards = _reward_models(days, table, ours)
    drawn = sample(days, table, ours, theirs, rewards, progress=progress)
    floor = Floor(effective=settings.GATE_SAMPLE, viewers=settings.GATE_VIEWERS)
    policies, differences = _judgements(drawn, floor)
    compared = compare(
        references,
        drawn,
        days=days,
        table=table,
        candidate=ours,
        rewards=rewards,
        floor=floor,
        progress=progress,
    )
    logged = estimators.ips(drawn.log, drawn.log.propensities)
    return Evaluation(
        days=tuple(str(day.day) for day in days),
        decisions=len(drawn.log),
        viewers=drawn.log.groups,
        share=drawn.share,
        unknown=drawn.unknown,
        level=LEVEL,
        reward_model=f"{len(rewards)} folds of viewers" if rewards else "candidate",
        serving=serving.pk if serving else None,
        rival="serving" if theirs else "uniform",
        drift=_drift(candidate, drawn, progress),
        logged=_interval(estimators.estimate(drawn.log, logged, level=LEVEL)),
        policies=policies,
        differences=differences,
        references=tuple(compared),
    )


def _rival(serving: ModelVersion | None, table: ArtworkTable) -> Model | None:
    """Return the serving model; None if there is none, or its file is of an earlier format.

    Such a file serves nobody, so the candidate is then compared with even choices.
    """
    try:
        return opened(serving).adopt(table) if serving else None
    except BadInput as error:
        log.warning("serving_model_unreadable", model=serving and serving.pk, error=str(error))
        return None


def _judgements(
    drawn: JudgedSample, floor: Floor
) -> tuple[dict[str, PolicyValue], dict[str, ValueDifference]]:
    """Return each policy's values, and how much more the candidate earns than each other one.

    The policies are evaluated one after another, so that memory does not grow with their number.
    """
    candidate = _parts(drawn, "candidate")
    policies = {"candidate": _policy(drawn, candidate, floor)}
    differences = {}
    for name in drawn.judged.shown:
        if name != "candidate":
            theirs = _parts(drawn, name)
            policies[name] = _policy(drawn, theirs, floor)
            differences[name] = _difference(drawn, candidate, theirs, floor)
    return policies, differences


def _reward_models(
    days: Sequence[SealedDay], table: ArtworkTable, candidate: Model
) -> list[Model] | None:
    folds = settings.EVALUATION_FOLDS
    if not folds:
        return None
    return crossfitting.reward_models(days, table, candidate, folds=folds)


def _drift(candidate: ModelVersion, drawn: JudgedSample, progress: Progress) -> Shift | None:
    learnt = list(candidate.days.order_by("day"))
    recent = _recent(learnt, candidate.evaluation_days.count(), progress)
    return drift(recent, drawn.moments, manifest.MANIFEST.context) if recent else None


def _recent(learnt: list[SealedDay], count: int, progress: Progress) -> Moments | None:
    """Return the moments of the newest `count` training days, from the fit's kept sums."""
    total = reducing.running(learnt, progress=progress)
    if total is None:
        return None
    moments = moments_learnt(total, manifest.WIDTH)
    older = learnt[:-count]
    before = reducing.running(older, progress=progress) if older else None
    if before is None:
        return moments
    gap = (learnt[-1].day - older[-1].day).days
    share = 0.5 ** (gap / settings.HALF_LIFE_DAYS)
    return moments.less(moments_learnt(before, manifest.WIDTH), share)


def _parts(drawn: JudgedSample, name: str) -> dict[str, Contributions]:
    """Return what each decision contributes under each estimator that applies to the policy."""
    log, shown = drawn.log, drawn.judged.shown[name]
    expected = ModelledRewards(drawn.judged.expected[name], drawn.judged.expected_shown)
    threshold = estimators.choose_threshold(log, shown, expected, drawn.judged.beyond[name])
    found = {
        "dr": estimators.dr(log, shown, expected),
        "ips": estimators.ips(log, shown),
        "switch_dr": estimators.switch_dr(log, shown, expected, threshold=threshold),
        "dm": estimators.dm(log, shown, expected),
    }
    if shown.any():
        found["snips"] = estimators.snips(log, shown)
        found["sndr"] = estimators.sndr(log, shown, expected)
    return found


def _policy(drawn: JudgedSample, parts: dict[str, Contributions], floor: Floor) -> PolicyValue:
    estimates = {
        name: estimators.estimate(drawn.log, each, level=LEVEL) for name, each in parts.items()
    }
    outcome = estimators.conclude(estimates["dr"], floor)
    intervals = {
        name: _interval(estimators.conclude(each, floor)) for name, each in estimates.items()
    }
    nothing = dict.fromkeys({"snips", "sndr"} - set(intervals), _interval(None))
    return PolicyValue(
        **intervals,
        **nothing,
        ess=outcome.effective,
        max_weight=outcome.largest_weight,
        refused=outcome.words if isinstance(outcome, Inconclusive) else None,
    )


def _difference(
    drawn: JudgedSample,
    ours: dict[str, Contributions],
    theirs: dict[str, Contributions],
    floor: Floor,
) -> ValueDifference:
    outcomes = {
        name: estimators.conclude(
            estimators.difference(drawn.log, ours[name], theirs[name], level=LEVEL), floor
        )
        for name in PAIRED
    }
    outcome = outcomes["dr"]
    return ValueDifference(
        **{name: _interval(each) for name, each in outcomes.items()},
        ess=outcome.effective,
        refused=outcome.words if isinstance(outcome, Inconclusive) else None,
    )


def _interval(estimate: Estimate | Inconclusive | None) -> ValueInterval:
    """Return value and interval; None for what is not concluded (one viewer has no interval)."""
    if not isinstance(estimate, Estimate):
        return ValueInterval(None, None, None)
    ends = (estimate.value, estimate.low, estimate.high)
    return ValueInterval(*(float(end) if np.isfinite(end) else None for end in ends))
