"""What a run measures: the policy replayed, the histories, the casts, the logged rewards."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from audits.metrics import prominence
from audits.metrics.inference import history_strata
from audits.metrics.refusals import Floats, Ints
from audits.runs.registration import cohort, digest
from catalog.models import Artwork, Credit, Viewer
from personalization.bandit import estimators
from personalization.evaluation.rivals import judge
from personalization.features.artworks import read_index
from personalization.features.history import watched
from personalization.journal import reading
from personalization.models import ModelVersion
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
    prominence: prominence.ArtworkProminence | None
    logged: Logged | None

    def digests(self) -> dict[str, str]:
        """SHA-256 of each input, so that a rerun can say which one differs."""
        return {
            "cohort": digest([str(viewer.public_id) for viewer in self.viewers]),
            "artworks": _sha256(self.artworks),
            "exposure": _sha256(self.exposure),
            "history": _sha256(self.history),
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
        prominence=_prominence(shown.artwork_ids),
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


def _prominence(artwork_ids: Ints) -> prominence.ArtworkProminence | None:
    """Return how prominent the depicted people are, or None if nobody is depicted at all."""
    depicted = list(
        Artwork.depicted.through.objects.filter(artwork_id__in=artwork_ids.tolist())
        .order_by("artwork_id", "person_id")
        .values_list("artwork_id", "artwork__title_id", "person_id")
    )
    credits = list(
        Credit.objects.filter(
            role=Credit.Role.CAST, title_id__in={title for _, title, _ in depicted}
        )
        .order_by("title_id", "billing", "id")
        .values_list("title_id", "person_id", "billing", "screen_time")
    )
    if not credits:
        return None
    shares = prominence.billing_shares(
        titles=[title for title, *_ in credits],
        billing=[billing for _, _, billing, _ in credits],
        screen_time=[np.nan if time is None else time for *_, time in credits],
    )
    cast = {
        (title, person): (float(share), billing)
        for (title, person, billing, _), share in zip(credits, shares, strict=True)
    }
    place = {int(artwork): row for row, artwork in enumerate(artwork_ids)}
    rows = [
        (place[artwork], *cast[title, person])
        for artwork, title, person in depicted
        if (title, person) in cast
    ]
    if not rows:
        return None
    where, share, billing = (list(column) for column in zip(*rows, strict=True))
    return prominence.artwork_prominence(
        artworks=len(artwork_ids), artwork=where, share=share, billing=billing
    )


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
