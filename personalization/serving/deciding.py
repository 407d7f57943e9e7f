"""A choice as a pure function of what a window pinned.

The same code decides for a page, for a simulation and for a replay.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from personalization.bandit import draw, policy
from personalization.bandit.arrays import Floats, Ints
from personalization.bandit.choosing import choose
from personalization.bandit.model import Model
from personalization.features.artworks import NEVER, ArtworkIndex
from personalization.features.vectors import ViewerState
from personalization.models.journal import Policy, Standing

SCORED = (Policy.CONTEXTUAL, Policy.CONTEXT_FREE)  # the policies that go by a model's scores


@dataclass(frozen=True)
class ArtworkSlate:
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
class Page:
    """All that one page's choices depend on, besides the draw key.

    Attributes:
        state: the viewer as the window pinned them; viewer: their public id's bytes.
        model: the window's, if it has one that can be used.
        standing: who the viewer is to the choice: see `serving.standing`.
        policy: see `policy_for`.
        keeps: the picture of each title for which the viewer chose one that is available.
    """

    slate: ArtworkSlate
    state: ViewerState
    model: Model | None
    standing: Standing
    policy: str
    viewer: bytes
    window_key: str
    keeps: Mapping[int, int] = field(default_factory=dict)

    @property
    def is_plain(self) -> bool:
        """Say whether a model's scores decide and no artwork was withdrawn."""
        return self.model is not None and self.policy in SCORED and not self.slate.gone.any()


@dataclass(frozen=True)
class Decided:
    """One title's choice: the eligible artworks, their probabilities, and the one drawn."""

    title_id: int
    artworks: Ints
    probabilities: Floats
    chosen: int  # place among `artworks`
    policy: str
    standing: Standing

    @property
    def artwork_id(self) -> int:
        return int(self.artworks[self.chosen])

    @property
    def propensity(self) -> float:
        return float(self.probabilities[self.chosen])


def policy_for(standing: Standing, *, model: Model | None, broken: bool = False) -> str:
    """Return the policy for a viewer of this standing: what the decision records.

    Args:
        broken: a model should serve and its file cannot be used.
    """
    if broken:
        return Policy.DEFAULT
    if model is None:
        return Policy.UNIFORM
    return Policy.CONTEXTUAL if standing == Standing.PERSONAL else Policy.CONTEXT_FREE


def slate(index: ArtworkIndex, title_ids: Ints, *, opened_at: float) -> ArtworkSlate:
    """Return what may be chosen in a window that opened at `opened_at` (epoch seconds).

    These are the artworks that were approved before the window. One that was withdrawn since is
    kept and marked as gone, so that viewers who had drawn another one keep it. Where none is left
    (the title was added within the window, or all its artworks were withdrawn), these are the
    artworks that are available now.
    """
    asked = np.asarray(title_ids, np.int64)
    places, counts = index.places_among(asked)
    titles, counts = asked[counts > 0], counts[counts > 0]
    if not len(places):
        return ArtworkSlate(titles, counts, places, np.zeros(0, bool))
    starts = counts.cumsum() - counts
    there = index.withdrawn[places] == NEVER
    then = at_opening(index, places, opened_at=opened_at)
    began = np.logical_or.reduceat(then & there, starts)
    keep = np.where(began.repeat(counts), then, there)
    left = np.add.reduceat(keep, starts, dtype=np.int64)
    titles, left = titles[left > 0], left[left > 0]
    return ArtworkSlate(titles, left.cumsum() - left, places[keep], ~there[keep])


def at_opening(index: ArtworkIndex, span: Ints, *, opened_at: float) -> NDArray[np.bool_]:
    """Say which places of the index could be shown at `opened_at`."""
    return (index.approved[span] <= opened_at) & (index.withdrawn[span] > opened_at)


def probabilities(
    slate: ArtworkSlate,
    index: ArtworkIndex,
    state: ViewerState,
    model: Model | None,
    chosen_policy: str,
) -> Floats:
    """Return the probabilities over a slate, before withdrawals: (K,)."""
    if chosen_policy == Policy.DEFAULT:
        return _defaults(slate, index)
    if model is None or chosen_policy == Policy.UNIFORM:
        return policy.uniform(slate.starts, len(slate.places))
    scores = scored(slate, index, state, model, chosen_policy)
    return model.explored(scores, index.rank[slate.places], slate.starts)


def scored(
    slate: ArtworkSlate, index: ArtworkIndex, state: ViewerState, model: Model, chosen_policy: str
) -> Floats:
    """Return the model's scores of the slate's artworks, for this viewer or for all: (K,)."""
    rows = index.rank[slate.places]
    if chosen_policy == Policy.CONTEXT_FREE:
        return np.asarray(model.context_free[rows])
    match = index.match(state.people, state.weights, slate.places)
    return model.slate_scores(state.vector, match, rows)


def decide(page: Page, index: ArtworkIndex, *, key: bytes) -> list[Decided]:
    """Choose one artwork for each title of a page: the pure function of the design.

    Args:
        key: the draw key.

    Returns:
        one entry for each title, in the slate's order. A title whose artworks are all gone is left
        out.
    """
    slate, model = page.slate, page.model
    u = draw.uniforms(key, page.viewer, page.window_key, slate.title_ids)
    if model is not None and page.is_plain:
        scores = scored(slate, index, page.state, model, page.policy)
        after, drawn = choose(model, scores, index.rank[slate.places], slate.starts, u)
    else:
        before = probabilities(slate, index, page.state, model, page.policy)
        drawn, after = draw.pick_available(before, slate.starts, u, slate.gone)
    return named(page, index, after, drawn)


def named(page: Page, index: ArtworkIndex, chances: Floats, drawn: Ints) -> list[Decided]:
    """Return each title's choice: the viewer's own, or the one drawn among those available."""
    slate = page.slate
    there = ~slate.gone
    before = np.append(0, there.cumsum())  # available artworks before each place of the slate
    artworks = index.artwork_ids[slate.places[there]]
    chances = chances[there]
    begins = before[slate.starts]
    ends = begins + np.diff(begins, append=len(artworks))
    chosen = before[drawn] - begins
    return [
        kept(title, page.keeps[title])
        if title in page.keeps
        else Decided(
            title,
            artworks[begin:end],
            chances[begin:end],
            place,
            page.policy,
            page.standing,
        )
        for title, begin, end, place, at in zip(
            slate.title_ids.tolist(),
            begins.tolist(),
            ends.tolist(),
            chosen.tolist(),
            drawn.tolist(),
            strict=True,
        )
        if at >= 0
    ]


def kept(title_id: int, artwork_id: int) -> Decided:
    """Return the choice of a title's picture that the viewer made: there was no other chance."""
    return Decided(title_id, np.array([artwork_id]), np.ones(1), 0, Policy.VIEWER, Standing.KEEPS)


def _defaults(slate: ArtworkSlate, index: ArtworkIndex) -> Floats:
    """Return probability 1 for each title's default, or for its first available artwork: (K,)."""
    found = np.zeros(len(slate.places))
    ends = np.append(slate.starts[1:], len(slate.places))
    for start, end in zip(slate.starts, ends, strict=True):
        there = np.flatnonzero(~slate.gone[start:end]) + start
        default = [at for at in there if index.defaults[slate.places[at]]]
        found[default[0] if default else there[0]] = 1.0
    return found
