"""A candidate's evaluation: every policy's value on unseen days, and how far apart they are.

IPS, SNIPS and DR, each with an interval clustered by viewer, the effective
sample size and the largest weight; differences are paired on the same
decisions. The result is plain JSON and holds every number that the gate reads.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from personalization import storage
from personalization.bandit import estimators, files
from personalization.bandit.estimators import Estimate, Log
from personalization.bandit.model import Model
from personalization.evaluation.rivals import Judged, judge
from personalization.features import manifest
from personalization.features.artworks import read_index
from personalization.journal import reading
from personalization.journal.reading import Decisions
from personalization.models import ModelVersion

LEVEL = 0.95
Progress = Callable[[str, int, int], None]


class NothingToJudge(Exception):
    """The unseen days hold no decision whose artworks are all known."""


@dataclass(frozen=True)
class Sample:
    """All unseen decisions: the log, what the policies make of it, and what was left out."""

    log: Log
    judged: Judged
    unknown: int


def evaluate(
    candidate: ModelVersion, serving: ModelVersion | None, *, progress: Progress
) -> dict[str, Any]:
    """Evaluate `candidate` beside the serving model and the policies that need no context.

    Raises StorageAltered or StorageMissing if a model's file or a sealed day is
    not as it was written, and NothingToJudge if no decision is left.
    """
    days = list(candidate.evaluation_days.order_by("day"))
    sample = _sample(candidate, serving, progress)
    log, judged = sample.log, sample.judged
    values = {name: _dr_values(log, judged, name) for name in judged.shown}
    return {
        "days": [str(day.day) for day in days],
        "decisions": len(log.rewards),
        "viewers": len(np.unique(log.viewers)),
        "unknown": sample.unknown,
        "level": LEVEL,
        "serving": serving.pk if serving else None,
        "rival": "serving" if serving else "uniform",
        "logged": _numbers(estimators.ips(log, log.propensities, level=LEVEL)),
        "policies": {name: _policy(log, judged, name) for name in judged.shown},
        "differences": {
            name: _difference(log, judged, values, name)
            for name in judged.shown
            if name != "candidate"
        },
    }


def _sample(candidate: ModelVersion, serving: ModelVersion | None, progress: Progress) -> Sample:
    table = read_index(revision=0).table
    ours = _open(candidate).adopt(table)
    theirs = _open(serving).adopt(table) if serving else None
    days = list(candidate.evaluation_days.order_by("day"))
    batches: list[Decisions] = []
    judged: list[Judged] = []
    unknown = 0
    for number, day in enumerate(days):
        progress(f"Replaying the policies on {day}", number, len(days))
        for batch in reading.decisions(day):
            known = batch.among(table.artwork_ids)
            unknown += len(batch) - len(known)
            if len(known):
                batches.append(known)
                judged.append(judge(known, ours, theirs))
    progress("Replayed", len(days), len(days))
    if not batches:
        raise NothingToJudge("The unseen days hold no decision whose artworks are all known.")
    viewers = np.concatenate([batch.viewers for batch in batches])
    log = Log(
        rewards=np.concatenate([batch.rewards for batch in batches]),
        propensities=np.concatenate([batch.propensities for batch in batches]),
        viewers=np.unique(viewers, return_inverse=True)[1].astype(np.int64),
    )
    return Sample(log, _joined(judged), unknown)


def _open(version: ModelVersion) -> Model:
    path = storage.local_path(version.path, version.sha256)
    return files.open_model(path, sha256=version.sha256, manifest=manifest.DIGEST)


def _joined(parts: list[Judged]) -> Judged:
    names = parts[0].shown
    return Judged(
        shown={name: np.concatenate([part.shown[name] for part in parts]) for name in names},
        expected={name: np.concatenate([part.expected[name] for part in parts]) for name in names},
        expected_shown=np.concatenate([part.expected_shown for part in parts]),
    )


def _dr_values(log: Log, judged: Judged, name: str) -> npt.NDArray[np.float64]:
    return estimators.dr_values(
        log, judged.shown[name], judged.expected[name], judged.expected_shown
    )


def _policy(log: Log, judged: Judged, name: str) -> dict[str, Any]:
    shown = judged.shown[name]
    ips = estimators.ips(log, shown, level=LEVEL)
    dr = estimators.dr(log, shown, judged.expected[name], judged.expected_shown, level=LEVEL)
    snips = estimators.snips(log, shown, level=LEVEL) if shown.any() else None
    return {
        "ips": _numbers(ips),
        "snips": _numbers(snips),
        "dr": _numbers(dr),
        "ess": ips.effective,
        "max_weight": ips.largest_weight,
    }


def _difference(
    log: Log, judged: Judged, values: dict[str, npt.NDArray[np.float64]], name: str
) -> dict[str, Any]:
    weights = log.weights(judged.shown["candidate"])
    gained = {each: estimators.ips_values(log, judged.shown[each]) for each in ("candidate", name)}
    return {
        "dr": _numbers(
            estimators.difference(log, values["candidate"], values[name], weights, level=LEVEL)
        ),
        "ips": _numbers(
            estimators.difference(log, gained["candidate"], gained[name], weights, level=LEVEL)
        ),
    }


def _numbers(estimate: Estimate | None) -> dict[str, float | None]:
    """Return value and interval; None for what cannot be said (one viewer has no interval)."""
    if estimate is None:
        return {"value": None, "low": None, "high": None}
    found = {name: getattr(estimate, name) for name in ("value", "low", "high")}
    return {name: value if np.isfinite(value) else None for name, value in found.items()}
