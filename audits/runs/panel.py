"""What a run measures: the policy replayed, the histories, the casts, the logged rewards."""

import hashlib
import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from audits.metrics.refusals import Floats, Ints
from audits.metrics.resampling import history_strata
from audits.runs import depiction, leads
from audits.runs.registration import cohort
from catalog.models import Viewer
from personalization import inspection
from personalization.models import ModelVersion


@dataclass(frozen=True)
class Logged:
    """N decisions of days that the model did not learn from.

    Attributes (N,): the viewer's row of the panel, the title, the weight π/p, the reward, and the
    doubly robust values of the policy, of even draws and of the standard pictures.
    """

    viewers: Ints
    titles: Ints
    weights: Floats
    rewards: Floats
    scores: Floats
    even: Floats
    standard: Floats

    def bytes(self) -> bytes:
        """Return the three values of each decision, for a commitment to them."""
        return _bytes(np.stack([self.scores, self.even, self.standard]))


# Replays the policy for some of the viewers, by row, as if they had watched other titles.
ReplaySwapped = Callable[[Ints, inspection.Replaced], Floats]


@dataclass(frozen=True)
class Panel:
    """V viewers and A artworks: everything that is measured, except the protected labels."""

    viewers: list[Viewer]
    seeds: Ints  # (V,) each viewer's random numbers follow from theirs
    titles: Ints  # (A,) each artwork's title
    artworks: Ints  # (A,)
    weights: Floats  # (T,)
    exposure: Floats  # (V, A)
    history: Floats  # (V, H) one column a title that anybody watched, 1 where watched
    watched: Ints  # (H,) those titles
    strata: Ints  # (V,)
    tastes: Ints  # (V,) the genre that each watches most
    impressions: Floats | None  # (V, A) what the model chose and was really seen
    cast: depiction.Cast | None
    leads: leads.Leads  # of every title that has one, T of them, not only the slate's
    traits: Floats  # (T, D) what those titles are matched on
    logged: Logged | None
    plays: int  # quality plays in the histories
    replayed: dict[str, str]  # digests of what the policy was replayed from
    replay_swapped: ReplaySwapped
    # What choices are computed from beside the history: viewer vectors and matches, V rows each.
    computed_from: tuple[Floats, ...] = ()
    pinned: int = 0  # viewers whose vector is the one that their window had pinned
    now: Floats | None = None  # (V, A) the exposure if every window opened now, where it differs

    def counts(self) -> dict[str, int]:
        """Return how much was read, so that a replay can say how much is gone since."""
        seen = 0 if self.impressions is None else int(self.impressions.sum())
        return {
            "viewers": len(self.viewers),
            "watch_events": self.plays,
            "impressions": seen,
            "windows": self.pinned,
            "decisions": len(self.logged.rewards) if self.logged else 0,
        }

    def digests(self, key: bytes | None) -> dict[str, str]:
        """Return a commitment to each input, so that a replay can say which one differs.

        Who is in the cohort and what they watched is committed to by HMAC-SHA256 under `key`: a
        plain digest would confirm a guess of what one person watched. Without the key (it was
        destroyed) these are empty. The model, the artworks, their casts and the slate are no
        personal data: their SHA-256 is plain.
        """
        personal = {
            "cohort": "\n".join(str(viewer.public_id) for viewer in self.viewers).encode(),
            "exposure": _bytes(self.exposure),
            "history": _bytes(self.history),
            "vectors": self.replayed["vectors"].encode(),
            "standings": self.replayed["standings"].encode(),
            "impressions": None if self.impressions is None else _bytes(self.impressions),
            "logged": self.logged.bytes() if self.logged else None,
            "exposure_now": None if self.now is None else _bytes(self.now),
        }
        plain = {
            "model": self.replayed["model"],
            "artwork_features": self.replayed["artwork_features"],
            "artworks": hashlib.sha256(_bytes(self.artworks)).hexdigest(),
            "weights": hashlib.sha256(_bytes(self.weights)).hexdigest(),
            "cast": self.cast.digest() if self.cast else "",
            "leads": self.leads.digest(),
        }
        return plain | {name: _committed(key, name, value) for name, value in personal.items()}


def gather(plan: dict[str, Any], model: ModelVersion | None) -> Panel:
    """Gather what a registered plan names, as it was when the run was registered."""
    at = datetime.fromisoformat(plan["at"])
    viewers = cohort(at)
    ids = [viewer.pk for viewer in viewers]
    slate = plan["slate"]["titles"]
    shown = inspection.policy_panel(model, ids, slate, at=at, from_windows=True)
    now = inspection.policy_panel(model, ids, slate, at=at) if shown.pinned else shown
    differs = not np.array_equal(now.probabilities, shown.probabilities)
    watched, history = inspection.watched_titles(ids, at=at)
    leading = leads.read(at=at)
    ids_of = np.array(ids, dtype=np.int64)

    def replay_swapped(rows: Ints, instead: inspection.Replaced) -> Floats:
        some = [int(viewer) for viewer in ids_of[rows]]
        return inspection.swapped_panel(
            model, some, plan["slate"]["titles"], instead=instead, at=at
        )

    share = dict(zip(plan["slate"]["titles"], plan["slate"]["weights"], strict=True))
    return Panel(
        viewers=viewers,
        seeds=viewer_seeds(plan["seed"], viewers),
        titles=shown.artwork_titles,
        artworks=shown.artwork_ids,
        weights=_weights(share, shown.title_ids),
        exposure=shown.probabilities,
        history=history,
        watched=watched,
        strata=history_strata(history_length=history.sum(axis=1).astype(np.int64)),
        tastes=shown.tastes,
        impressions=inspection.impressions_of_panel(model, ids, shown.artwork_ids, until=at),
        cast=depiction.read(shown.artwork_ids, shown.artwork_titles, at=at),
        leads=leading,
        traits=leads.traits(leading.titles, watched, history, at=at),
        logged=_logged(model, viewers, at) if model else None,
        plays=inspection.plays_counted(ids, at=at),
        replayed=shown.digests | {"model": plan["model"]["sha256"] or ""},
        replay_swapped=replay_swapped,
        computed_from=(shown.vectors, shown.matches),
        pinned=shown.pinned,
        now=now.probabilities if differs else None,
    )


def viewer_seeds(seed: int, viewers: Sequence[Viewer]) -> Ints:
    """(V,) a seed for each viewer, from the run's seed and the viewer's public id.

    It does not depend on the other viewers: those who stay keep theirs when somebody leaves.
    """
    key = str(seed).encode()
    made = [hmac.digest(key, viewer.public_id.bytes, "sha256")[:8] for viewer in viewers]
    return np.array([int.from_bytes(one) >> 1 for one in made], dtype=np.int64)


def _weights(share: dict[int, float], titles: Ints) -> Floats:
    found = np.array([share[int(title)] for title in titles])
    return found if found.sum() > 0 else np.ones(len(titles))


def _logged(model: ModelVersion, viewers: Sequence[Viewer], at: datetime) -> Logged | None:
    """Return the panel's decisions that judge the model; None where there is none."""
    log = inspection.judged_log(model, at=at)
    if log is None:
        return None
    place = {viewer.public_id.bytes: row for row, viewer in enumerate(viewers)}
    rows = np.array([place.get(viewer, -1) for viewer in log.viewers])
    here = rows >= 0
    if not here.any():
        return None
    columns = (log.weights, log.rewards, log.values, log.even, log.standard)
    return Logged(rows[here], log.titles[here], *(column[here] for column in columns))


def _committed(key: bytes | None, name: str, value: bytes | None) -> str:
    if key is None or value is None:
        return ""
    return hmac.new(key, name.encode() + b"\0" + value, hashlib.sha256).hexdigest()


def _bytes(array: Any) -> bytes:
    return np.ascontiguousarray(array).tobytes()
