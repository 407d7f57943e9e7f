"""A choice as a pure function of what a window pinned.

The same code decides for a page, for a simulation and for a replay.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from personalization.bandit import draw, policy
from personalization.bandit.errors import Floats, Ints
from personalization.bandit.model import Model
from personalization.features.artworks import NEVER, ArtworkIndex
from personalization.features.vectors import ViewerState
from personalization.models.journal import Policy

ENOUGH_HISTORY = 3  # titles; with fewer, the choice is the same for everybody


@dataclass(frozen=True)
class Slate:
    """The artworks that a window lets be chosen, flat over the titles that have any.

    Attributes:
        title_ids: (T,) in page order; starts: (T,) where each title's artworks begin.
        places: (K,) in the artwork index.
        gone: (K,) withdrawn since the window opened.
    """

    title_ids: Ints
    starts: Ints
    places: Ints
    gone: NDArray[np.bool_]


@dataclass(frozen=True)
class Decided:
    """One title's choice: the eligible artworks, their probabilities, and the one drawn."""

    title_id: int
    artworks: Ints
    probabilities: Floats
    chosen: int  # place among `artworks`
    policy: str

    @property
    def artwork_id(self) -> int:
        return int(self.artworks[self.chosen])

    @property
    def propensity(self) -> float:
        return float(self.probabilities[self.chosen])


def policy_for(
    *, personal: bool, history_length: int, model: Model | None, broken: bool = False
) -> str:
    """Return which policy a viewer gets, and so what the decision will say.

    Args:
        personal: the viewer did not opt out and is no child's profile.
        broken: a model should serve and its file cannot be used.
    """
    if broken:
        return Policy.DEFAULT
    if model is None:
        return Policy.UNIFORM
    if not personal or history_length < ENOUGH_HISTORY:
        return Policy.CONTEXT_FREE
    return Policy.CONTEXTUAL


def slate(index: ArtworkIndex, title_ids: Ints, *, opened_at: float) -> Slate:
    """Return what may be chosen in a window that opened at `opened_at` (epoch seconds).

    Artworks approved before the window; those withdrawn since are kept, as gone,
    so that who had drawn another keeps it. Where none of them is left (a title
    that arrived within the window, or lost all that it had), those there now.
    """
    kept: list[int] = []
    places: list[Ints] = []
    for title, span in zip(title_ids, index.spans(title_ids), strict=True):
        there = index.withdrawn[span] == NEVER
        if not there.any():
            continue
        then = at_opening(index, span, opened_at=opened_at)
        kept.append(int(title))
        places.append(span[then] if (then & there).any() else span[there])
    counts = np.array([len(part) for part in places], np.int64)
    flat = np.concatenate(places) if places else np.zeros(0, np.int64)
    return Slate(
        np.array(kept, np.int64),
        np.append(0, counts.cumsum()[:-1]).astype(np.int64)[: len(kept)],
        flat,
        index.withdrawn[flat] < NEVER,
    )


def at_opening(index: ArtworkIndex, span: Ints, *, opened_at: float) -> NDArray[np.bool_]:
    """Say which places held an artwork that could be shown at `opened_at`."""
    return (index.approved[span] <= opened_at) & (index.withdrawn[span] > opened_at)


def probabilities(
    slate: Slate, index: ArtworkIndex, state: ViewerState, model: Model | None, chosen_policy: str
) -> Floats:
    """Return the probabilities over a slate, before withdrawals: (K,)."""
    size = len(slate.places)
    if chosen_policy == Policy.DEFAULT:
        return _defaults(slate, index)
    if model is None or chosen_policy == Policy.UNIFORM:
        return policy.uniform(slate.starts, size)
    rows = index.rank[slate.places]
    if chosen_policy == Policy.CONTEXTUAL:
        match = index.match(state.people, state.weights, slate.places)
        scores = model.slate_scores(state.vector, match, rows)
    else:
        scores = np.asarray(model.context_free[rows])
    return policy.inverse_gap(scores, slate.starts, gamma=model.spec.gamma, floor=model.spec.floor)


def decide(
    *,
    slate: Slate,
    index: ArtworkIndex,
    state: ViewerState,
    model: Model | None,
    chosen_policy: str,
    key: bytes,
    viewer: bytes,
    window_key: str,
) -> list[Decided]:
    """Choose one artwork for each title of a slate: the pure function of the design.

    Args:
        key: the draw key; viewer: the public id's bytes.

    Returns:
        one entry a title in the slate's order; a title all of whose artworks are
        gone is left out.
    """
    if not len(slate.places):
        return []
    before = probabilities(slate, index, state, model, chosen_policy)
    u = draw.uniforms(key, viewer, window_key, slate.title_ids)
    drawn, after = draw.pick_available(before, slate.starts, u, slate.gone)
    ends = np.append(slate.starts[1:], len(slate.places))
    decided: list[Decided] = []
    for at, (start, end) in enumerate(zip(slate.starts, ends, strict=True)):
        if drawn[at] < 0:
            continue
        there = np.flatnonzero(~slate.gone[start:end]) + start
        decided.append(
            Decided(
                title_id=int(slate.title_ids[at]),
                artworks=index.artwork_ids[slate.places[there]],
                probabilities=after[there],
                chosen=int(np.searchsorted(there, drawn[at])),
                policy=chosen_policy,
            )
        )
    return decided


def _defaults(slate: Slate, index: ArtworkIndex) -> Floats:
    """Give everything to each title's default, or to its first artwork that is there."""
    found = np.zeros(len(slate.places))
    ends = np.append(slate.starts[1:], len(slate.places))
    for start, end in zip(slate.starts, ends, strict=True):
        there = np.flatnonzero(~slate.gone[start:end]) + start
        default = [at for at in there if index.defaults[slate.places[at]]]
        found[default[0] if default else there[0]] = 1.0
    return found
