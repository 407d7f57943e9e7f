"""What a run measures: the policy replayed, the histories, the casts, the logged rewards."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from django.db.models import Count

from audits.metrics.inference import history_strata
from audits.metrics.refusals import Floats, Ints
from audits.runs import depiction
from audits.runs.registration import cohort, digest
from catalog.models import Viewer
from personalization.bandit import estimators
from personalization.evaluation.rivals import judge
from personalization.features.artworks import read_index
from personalization.features.history import watched
from personalization.features.manifest import MANIFEST
from personalization.journal import reading
from personalization.models import Impression, ModelVersion
from personalization.serving.models import fitted
from personalization.serving.replay import replay


@dataclass(frozen=True)
class Logged:
    """N decisions of unseen days: whose (row of the panel), weight π/p, reward, DR value."""

    viewers: Ints
    weights: Floats
    rewards: Floats
    scores: Floats


@dataclass(frozen=True)
class Panel:
    """V viewers and A artworks, with everything but the protected labels."""

    viewers: list[Viewer]
    titles: Ints  # (A,) each artwork's title
    artworks: Ints  # (A,)
    weights: Floats  # (T,)
    exposure: Floats  # (V, A)
    history: Floats  # (V, H) one column a title that anybody watched, 1 where watched
    strata: Ints  # (V,)
    tastes: Ints  # (V,) the genre that each watches most
    impressions: Floats | None  # (V, A) how often each artwork was really seen
    cast: depiction.Cast | None
    logged: Logged | None

    def digests(self) -> dict[str, str]:
        """SHA-256 of each input, so that a rerun can say which one differs."""
        return {
            "cohort": digest([str(viewer.public_id) for viewer in self.viewers]),
            "artworks": _sha256(self.artworks),
            "exposure": _sha256(self.exposure),
            "history": _sha256(self.history),
            "impressions": "" if self.impressions is None else _sha256(self.impressions),
            "logged": _sha256(self.logged.scores) if self.logged else "",
        }


def gather(plan: dict[str, Any], model: ModelVersion | None) -> Panel:
    """Gather what a registered plan names, as it was at its moment."""
    at = datetime.fromisoformat(plan["at"])
    viewers = cohort(at)
    ids = [viewer.pk for viewer in viewers]
    shown = replay(model, ids, plan["slate"]["titles"], at=at)
    history = _history(ids, at)
    share = dict(zip(plan["slate"]["titles"], plan["slate"]["weights"], strict=True))
    return Panel(
        viewers=viewers,
        titles=shown.title_ids[shown.artwork_title],
        artworks=shown.artwork_ids,
        weights=_weights(share, shown.title_ids),
        exposure=shown.probabilities,
        history=history,
        strata=history_strata(history_length=history.sum(axis=1).astype(np.int64)),
        tastes=_tastes(shown.vectors),
        impressions=_impressions(ids, shown.artwork_ids, at),
        cast=depiction.read(shown.artwork_ids),
        logged=_logged(model, viewers) if model else None,
    )


def _weights(share: dict[int, float], titles: Ints) -> Floats:
    found = np.array([share[int(title)] for title in titles])
    return found if found.sum() > 0 else np.ones(len(titles))


def _history(ids: Sequence[int], at: datetime) -> Floats:
    seen = watched(ids, at=at)
    titles, column = np.unique(seen.titles, return_inverse=True)
    place = {viewer: row for row, viewer in enumerate(ids)}
    matrix = np.zeros((len(ids), len(titles)))
    matrix[[place[int(viewer)] for viewer in seen.viewers], column] = 1.0
    return matrix


def _tastes(vectors: Floats) -> Ints:
    """Return the genre that each viewer watches most, as its number; one more for no genre."""
    genres = [at for at, name in enumerate(MANIFEST.context) if name.startswith("genre:")]
    shares = vectors[:, genres]
    return np.where(shares.max(axis=1) > 0, shares.argmax(axis=1), len(genres)).astype(np.int64)


def _impressions(ids: Sequence[int], artwork_ids: Ints, at: datetime) -> Floats | None:
    """Return how often each viewer saw each artwork, as far back as the journal goes: (V, A)."""
    seen = list(
        Impression.objects.filter(
            decision__chosen__in=artwork_ids.tolist(), decision__viewer_id__in=ids, seen_at__lte=at
        )
        .values_list("decision__viewer_id", "decision__chosen")
        .annotate(times=Count("id"))
    )
    if not seen:
        return None
    row = {viewer: place for place, viewer in enumerate(ids)}
    column = {int(artwork): place for place, artwork in enumerate(artwork_ids)}
    counts = np.zeros((len(ids), len(artwork_ids)))
    for viewer, artwork, times in seen:
        counts[row[viewer], column[artwork]] = times
    return counts


def _logged(model: ModelVersion, viewers: Sequence[Viewer]) -> Logged | None:
    """Read the days that the model has not learnt from; None where there is none to judge it by."""
    place = {viewer.public_id.bytes: row for row, viewer in enumerate(viewers)}
    table = read_index(revision=0).table
    ours = fitted(model).adopt(table)
    parts: list[Logged] = []
    for day in model.evaluation_days.order_by("day"):
        for batch in reading.decisions(day):
            known = batch.among(table.artwork_ids)
            if not len(known):
                continue
            judged = judge(known, ours, None)
            log = estimators.Log(
                rewards=known.rewards,
                propensities=known.propensities,
                viewers=np.unique(known.viewers, return_inverse=True)[1].astype(np.int64),
            )
            chosen = judged.shown["candidate"]
            rows = np.array([place.get(bytes(viewer), -1) for viewer in known.viewers])
            scores = estimators.dr_values(
                log, chosen, judged.expected["candidate"], judged.expected_shown
            )
            here = rows >= 0
            weights = chosen / known.propensities
            parts.append(Logged(rows[here], weights[here], known.rewards[here], scores[here]))
    if not sum(len(part.viewers) for part in parts):
        return None
    columns = zip(*((p.viewers, p.weights, p.rewards, p.scores) for p in parts), strict=True)
    return Logged(*(np.concatenate(column) for column in columns))


def _sha256(array: Any) -> str:
    return hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()
