"""What a run measures: the policy replayed, the histories, the casts, the logged rewards."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from audits.metrics.refusals import Floats, Ints
from audits.metrics.resampling import history_strata
from audits.runs import depiction
from audits.runs.registration import cohort, digest
from catalog.models import Viewer
from personalization import inspection
from personalization.models import ModelVersion


@dataclass(frozen=True)
class Logged:
    """N decisions of days that the model did not learn from.

    Attributes (N,): the viewer's row of the panel, the weight π/p, the reward, the DR value.
    """

    viewers: Ints
    weights: Floats
    rewards: Floats
    scores: Floats


@dataclass(frozen=True)
class Panel:
    """V viewers and A artworks: everything that is measured, except the protected labels."""

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
        """Return the SHA-256 of each input, so that a replay can say which one differs."""
        return {
            "cohort": digest([str(viewer.public_id) for viewer in self.viewers]),
            "artworks": _sha256(self.artworks),
            "exposure": _sha256(self.exposure),
            "history": _sha256(self.history),
            "impressions": "" if self.impressions is None else _sha256(self.impressions),
            "logged": _sha256(self.logged.scores) if self.logged else "",
        }


def gather(plan: dict[str, Any], model: ModelVersion | None) -> Panel:
    """Gather what a registered plan names, as it was when the run was registered."""
    at = datetime.fromisoformat(plan["at"])
    viewers = cohort(at)
    ids = [viewer.pk for viewer in viewers]
    shown = inspection.policy_panel(model, ids, plan["slate"]["titles"], at=at)
    history = inspection.watched_titles(ids, at=at)
    share = dict(zip(plan["slate"]["titles"], plan["slate"]["weights"], strict=True))
    return Panel(
        viewers=viewers,
        titles=shown.artwork_titles,
        artworks=shown.artwork_ids,
        weights=_weights(share, shown.title_ids),
        exposure=shown.probabilities,
        history=history,
        strata=history_strata(history_length=history.sum(axis=1).astype(np.int64)),
        tastes=shown.tastes,
        impressions=inspection.impressions_of_panel(ids, shown.artwork_ids, until=at),
        cast=depiction.read(shown.artwork_ids),
        logged=_logged(model, viewers) if model else None,
    )


def _weights(share: dict[int, float], titles: Ints) -> Floats:
    found = np.array([share[int(title)] for title in titles])
    return found if found.sum() > 0 else np.ones(len(titles))


def _logged(model: ModelVersion, viewers: Sequence[Viewer]) -> Logged | None:
    """Return the panel's decisions that judge the model; None where there is none."""
    log = inspection.judged_log(model)
    if log is None:
        return None
    place = {viewer.public_id.bytes: row for row, viewer in enumerate(viewers)}
    rows = np.array([place.get(viewer, -1) for viewer in log.viewers])
    here = rows >= 0
    if not here.any():
        return None
    return Logged(rows[here], log.weights[here], log.rewards[here], log.values[here])


def _sha256(array: Any) -> str:
    return hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()
