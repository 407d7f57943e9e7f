"""Compares a candidate with each model that has served lately, on the unseen days.

The days are read again for a few models at a time, so that memory does not grow with their number.
"""

from collections.abc import Sequence

import structlog

from personalization.bandit import estimators
from personalization.bandit.errors import BadInput
from personalization.bandit.estimators import Contributions, Estimate, Floor, ModelledRewards
from personalization.bandit.files import FileAltered
from personalization.bandit.model import Model
from personalization.bandit.table import ArtworkTable
from personalization.evaluation.policies import Judged, joined, judge_served
from personalization.evaluation.report import ReferenceDifference
from personalization.evaluation.sampling import JudgedSample, Progress, folds_of, known_batches
from personalization.models import ModelVersion, SealedDay
from personalization.serving.models import opened
from personalization.storage import StorageAltered, StorageMissing

log = structlog.get_logger(__name__)
AT_ONCE = 4  # models in memory


def compare(
    versions: Sequence[ModelVersion],
    drawn: JudgedSample,
    *,
    days: Sequence[SealedDay],
    table: ArtworkTable,
    candidate: Model,
    rewards: Sequence[Model] | None,
    floor: Floor,
    progress: Progress,
) -> list[ReferenceDifference]:
    """Return the candidate's paired difference to each version, in their order.

    Args:
        drawn: the candidate's decisions, sampled from the same days and table.
        rewards: reward models by fold of viewers, or None for the candidate.
        floor: the least evidence from which anything is concluded.
    """
    if not versions:
        return []
    ours = _contributions(drawn, drawn.judged, "candidate")
    found = []
    for start in range(0, len(versions), AT_ONCE):
        group = versions[start : start + AT_ONCE]
        models, unusable = _open(group, table)
        judged = _replayed(models, days, table, candidate, rewards, progress) if models else None
        for version in group:
            if str(version.pk) in unusable:
                found.append(unusable[str(version.pk)])
            else:
                assert judged is not None
                theirs = _contributions(drawn, judged, str(version.pk))
                found.append(_difference(version, drawn, ours, theirs, floor))
    return found


def _open(
    versions: Sequence[ModelVersion], table: ArtworkTable
) -> tuple[dict[str, Model], dict[str, ReferenceDifference]]:
    """Return the models that can be replayed, and a refusal for each other one, by number."""
    models, unusable = {}, {}
    for version in versions:
        name = str(version.pk)
        try:
            models[name] = opened(version).adopt(table)
        except (BadInput, StorageMissing, StorageAltered, FileAltered) as error:
            log.warning("reference_unusable", model=version.pk, error=str(error))
            unusable[name] = ReferenceDifference(
                version.pk,
                *(None, None, None),
                ess=0.0,
                refused=str(error),
                counts=not isinstance(error, BadInput),
            )
    return models, unusable


def _replayed(
    models: dict[str, Model],
    days: Sequence[SealedDay],
    table: ArtworkTable,
    candidate: Model,
    rewards: Sequence[Model] | None,
    progress: Progress,
) -> Judged:
    return joined(
        [
            judge_served(known, candidate, models, folds_of(known, rewards))
            for known, _ in known_batches(days, table, progress)
            if len(known)
        ]
    )


def _contributions(drawn: JudgedSample, judged: Judged, name: str) -> Contributions:
    expected = ModelledRewards(judged.expected[name], drawn.judged.expected_shown)
    return estimators.dr(drawn.log, judged.shown[name], expected)


def _difference(
    version: ModelVersion,
    drawn: JudgedSample,
    ours: Contributions,
    theirs: Contributions,
    floor: Floor,
) -> ReferenceDifference:
    outcome = estimators.conclude(estimators.difference(drawn.log, ours, theirs), floor)
    if not isinstance(outcome, Estimate):
        numbers = (None, None, None)
        return ReferenceDifference(version.pk, *numbers, outcome.effective, outcome.words)
    return ReferenceDifference(
        version.pk, outcome.value, outcome.error, outcome.freedom, outcome.effective, None
    )
