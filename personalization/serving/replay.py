"""The policy itself, without traffic: every viewer, every title, every artwork's probability."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from scipy import sparse

from catalog.models import ArtworkRevision, Viewer
from catalog.queries.as_of import viewer_settings
from personalization.bandit import policy
from personalization.bandit.arrays import Floats, Ints
from personalization.bandit.model import Model
from personalization.features.artworks import NEVER, ArtworkIndex, index_at, read_index
from personalization.features.history import Replaced
from personalization.features.vectors import ViewerState, viewer_states
from personalization.models import Decision, ModelVersion, Window
from personalization.models.journal import Policy, Standing
from personalization.serving import deciding
from personalization.serving.draw_key import draw_key
from personalization.serving.models import fitted, scoring
from personalization.serving.standing import standing_of
from personalization.serving.windows import state_of

TOGETHER = 128  # viewers; the arrays between scores and probabilities are several times as large


@dataclass(frozen=True)
class ReplayedPolicy:
    """What a model would choose for a panel on a slate.

    Attributes:
        viewer_ids: (V,) as asked for.
        title_ids: (T,) those of the slate that have an artwork.
        artwork_ids: (A,) flat over the titles; artwork_title: (A,) index into `title_ids`.
        probabilities: (V, A), summing to one within each title.
        vectors: (V, d) the viewer vectors; states: what they and the affinities are part of.
        matches: (V, A) each viewer's affinity to who is depicted.
        index_digest: SHA-256 of the artworks that were read, in hex.
        standings, policies: for each viewer, who they are to the choice and what they get.
    """

    viewer_ids: Ints
    title_ids: Ints
    artwork_ids: Ints
    artwork_title: Ints
    probabilities: Floats
    vectors: Floats
    matches: Floats
    states: list[ViewerState]
    index_digest: str
    standings: list[Standing]
    policies: list[str]


def replay(
    version: ModelVersion | None,
    viewer_ids: Sequence[int],
    title_ids: Sequence[int],
    *,
    at: datetime,
    as_of: bool = False,
    instead: Replaced | None = None,
    states: Sequence[ViewerState] | None = None,
) -> ReplayedPolicy:
    """Compute the whole policy of a model version for viewers as they were at `at`.

    Each viewer gets the choice that their standing gives them on a page. With `as_of`, artworks,
    titles and viewers' settings are read as they were at `at`; else as they are now. With
    `instead`, other titles stand in the histories. `states` are the viewers' states, if the caller
    has them; else they follow from what was watched at `at`.

    Raises:
        ModelUnusable: if the version's file cannot be used.
    """
    index = read_index(0, at=at) if as_of else index_at(_revision())
    model = _scoring(version, index, as_of=as_of) if version else None
    slate = _slate(index, np.asarray(title_ids, np.int64))
    states = list(states or viewer_states(viewer_ids, at=at, as_of=as_of, instead=instead))
    viewers = _viewers(viewer_ids, at if as_of else None)
    standings = [
        standing_of(viewers[viewer], history_length=state.history_length)
        if viewer in viewers
        else Standing.TOO_NEW
        for viewer, state in zip(viewer_ids, states, strict=True)
    ]
    policies = [deciding.policy_for(standing, model=model) for standing in standings]
    ends = np.append(slate.starts[1:], len(slate.places))
    return ReplayedPolicy(
        viewer_ids=np.asarray(viewer_ids, np.int64),
        title_ids=slate.title_ids,
        artwork_ids=index.artwork_ids[slate.places],
        artwork_title=np.repeat(np.arange(len(slate.title_ids)), ends - slate.starts),
        probabilities=_panel(slate, index, states, model, policies),
        vectors=np.stack([state.vector for state in states]) if states else np.zeros((0, 0)),
        matches=_matches(slate, index, states),
        states=states,
        index_digest=index.digest,
        standings=standings,
        policies=policies,
    )


def decide_again(decision: Decision, window: Window) -> deciding.Decided | None:
    """Decide as a page did, by the policy that was recorded, from what `window` pinned.

    The probabilities equal `decision.probabilities` to the bit if nothing was altered. They differ
    in length if an artwork has left the catalogue. Annotations are read as they are today.

    Return None where all of the decision's artworks have left the catalogue.

    Raises:
        ModelUnusable: the window's model is needed and its file cannot be used.
    """
    index = index_at(_revision())
    if decision.policy == Policy.VIEWER:
        return _kept_again(decision, index)
    slate = _slate_of(decision, window, index)
    if slate.gone.all():
        return None
    model = None
    if decision.policy in deciding.SCORED and window.model is not None:
        model = scoring(window.model, index)
    page = deciding.Page(
        slate=slate,
        state=state_of(window),
        model=model,
        standing=Standing(decision.standing),
        policy=decision.policy,
        viewer=window.viewer.public_id.bytes,
        window_key=window.key,
    )
    return deciding.decide(page, index, key=draw_key())[0]


def _kept_again(decision: Decision, index: ArtworkIndex) -> deciding.Decided | None:
    """Return what the viewer chose: nothing was drawn, so there is nothing else to compute."""
    span, _ = index.places_among(np.array([decision.title_id]))
    if decision.chosen not in index.artwork_ids[span]:
        return None
    return deciding.kept(decision.title_id, decision.chosen)


def _slate_of(decision: Decision, window: Window, index: ArtworkIndex) -> deciding.ArtworkSlate:
    """Return the slate of the decision: its window's artworks, with those marked that were gone.

    If the decision names none of the window's artworks, it was made among those added since.
    """
    span, _ = index.places_among(np.array([decision.title_id]))
    opened_at = window.opened_at.timestamp()
    began = span[deciding.at_opening(index, span, opened_at=opened_at)]
    named = np.isin(index.artwork_ids[span], decision.artworks)
    places = began if np.isin(span[named], began).all() else span[named]
    return deciding.ArtworkSlate(
        np.array([decision.title_id]),
        np.zeros(min(len(places), 1), np.int64),
        places,
        ~np.isin(index.artwork_ids[places], decision.artworks),
    )


def _scoring(version: ModelVersion, index: ArtworkIndex, *, as_of: bool) -> Model:
    """Return the model for the index's artworks; one of the past is not kept in memory."""
    return fitted(version).adopt(index.table) if as_of else scoring(version, index)


def _viewers(viewer_ids: Sequence[int], at: datetime | None) -> dict[int, Viewer]:
    """Return viewers by id, with the settings that they had at `at` (now, if None)."""
    viewers = Viewer.objects.in_bulk(list(viewer_ids))
    for viewer, (is_child, personalised) in (viewer_settings(at) if at else {}).items():
        if viewer in viewers:
            viewers[viewer].is_child, viewers[viewer].personalised = is_child, personalised
    return viewers


def _revision() -> int:
    return ArtworkRevision.objects.values_list("number", flat=True).first() or 0


def _slate(index: ArtworkIndex, title_ids: Ints) -> deciding.ArtworkSlate:
    """Return the slate of a window that opened just now: nothing in it is gone."""
    now = float(np.max(index.approved, initial=0.0, where=index.withdrawn == NEVER))
    slate = deciding.slate(index, np.unique(title_ids), opened_at=now)
    keep = ~slate.gone
    counts = np.add.reduceat(keep.astype(np.int64), slate.starts) if len(keep) else slate.starts
    return deciding.ArtworkSlate(
        slate.title_ids,
        np.append(0, counts.cumsum()[:-1]).astype(np.int64)[: len(counts)],
        slate.places[keep],
        np.zeros(int(keep.sum()), bool),
    )


def _panel(
    slate: deciding.ArtworkSlate,
    index: ArtworkIndex,
    states: Sequence[ViewerState],
    model: Model | None,
    policies: Sequence[str],
) -> Floats:
    """Return the probabilities of all viewers at once: (V, K)."""
    size = len(slate.places)
    if model is None or not size:
        even = policy.uniform(slate.starts, size) if size else np.zeros(0)
        return np.broadcast_to(even, (len(states), size)).copy()
    rows = index.rank[slate.places]
    plain = model.explored(np.asarray(model.context_free[rows]), rows, slate.starts)
    found = np.broadcast_to(plain, (len(states), size)).copy()
    contextual = [i for i, name in enumerate(policies) if name == Policy.CONTEXTUAL]
    for first in range(0, len(contextual), TOGETHER):
        part = contextual[first : first + TOGETHER]
        chosen = [states[i] for i in part]
        affinity, persons = _affinity(chosen)
        scores = model.scores(
            np.stack([state.vector for state in chosen]),
            index.matches(affinity, persons, slate.places),
            rows,
        )
        found[part] = model.explored(scores, rows, slate.starts)
    return found


def _matches(
    slate: deciding.ArtworkSlate, index: ArtworkIndex, states: Sequence[ViewerState]
) -> Floats:
    """Return all viewers' matches with the slate's artworks: (V, K)."""
    parts = [states[first : first + TOGETHER] for first in range(0, len(states), TOGETHER)]
    found = [index.matches(*_affinity(part), slate.places) for part in parts]
    return np.concatenate(found) if found else np.zeros((0, len(slate.places)))


def _affinity(states: Sequence[ViewerState]) -> tuple[sparse.csr_array, Ints]:
    people = np.concatenate([state.people for state in states])
    weights = np.concatenate([state.weights for state in states])
    owner = np.repeat(np.arange(len(states)), [len(state.people) for state in states])
    persons, person = np.unique(people, return_inverse=True)
    matrix = sparse.csr_array((weights, (owner, person)), shape=(len(states), len(persons)))
    return matrix, persons
