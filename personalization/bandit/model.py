"""A fitted model: one vector per artwork, and what a new artwork starts from."""

from dataclasses import dataclass, fields, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from personalization.bandit import policy
from personalization.bandit.arrays import Floats, Ints, floats, ints
from personalization.bandit.errors import BadInput
from personalization.bandit.odds import Expectation
from personalization.bandit.scoring import UNKNOWN, Scorer
from personalization.bandit.spec import ALONE, Spec
from personalization.bandit.table import ArtworkTable


@dataclass(frozen=True)
class Model:
    """What serves. Arrays may be memory-mapped and are never written to.

    Attributes:
        spec: widths and exploration.
        manifest: digest of the feature manifest that made its inputs.
        artwork_ids, title_ids: (A,) int64, increasing ids.
        weights: (A, D) M, so that a score M z, with z = [1, x_v, match], is the log-odds of a play.
        covariance: (A, D, D) posterior covariance of what the artwork alone adds, as fitted.
        context_free: (A,) log-odds whoever looks.
        seen: (A,) decisions (decayed) behind each artwork.
        information: (A,) what they tell of how often it is played: Σ p(1 − p).
        known_titles: (T,); title_scales: (T,) units of the effects: one, but for models of before.
        title_effects: (T, D); title_context_free: (T,).
        feature_effects: (D, F+1); feature_context_free: (F+1,): constant first.
        controls: (C,) effect of page position; never part of a choice.

    In models of before (`Spec.odds`) scores are shares of plays, and effects shares in units
    of their title's scale.
    """

    spec: Spec
    manifest: str
    artwork_ids: Ints
    title_ids: Ints
    weights: Floats
    covariance: Floats
    context_free: Floats
    seen: Floats
    information: Floats
    known_titles: Ints
    title_scales: Floats
    title_effects: Floats
    title_context_free: Floats
    feature_effects: Floats
    feature_context_free: Floats
    controls: Floats

    def __post_init__(self) -> None:
        count, width = len(self.artwork_ids), self.spec.width
        titles, many = len(self.known_titles), self.spec.artwork_features + 1
        shapes: dict[str, tuple[int, ...]] = {
            "weights": (count, width),
            "covariance": (count, width, width),
            "context_free": (count,),
            "seen": (count,),
            "information": (count,),
            "title_scales": (titles,),
            "title_effects": (titles, width),
            "title_context_free": (titles,),
            "feature_effects": (width, many),
            "feature_context_free": (many,),
            "controls": (self.spec.controls,),
        }
        for name, shape in shapes.items():
            floats(name, getattr(self, name), shape)
        for name, length in (("artwork_ids", count), ("title_ids", count)):
            ints(name, getattr(self, name), (length,))
        if (self.information < 0).any():
            raise BadInput("information must not be negative")
        if (np.diff(self.artwork_ids) <= 0).any():
            raise BadInput("artwork_ids must be strictly increasing")

    def rows_of(self, artwork_ids: Ints) -> Ints:
        """Return the row of each artwork: (K,), −1 for one that this model does not know."""
        wanted = ints("artwork_ids", artwork_ids, (None,))
        found = np.searchsorted(self.artwork_ids, wanted)
        found = np.minimum(found, len(self.artwork_ids) - 1)
        return np.where(self.artwork_ids[found] == wanted, found, -1).astype(np.int64)

    def scores(self, vectors: Floats, match: Floats, rows: Ints) -> Floats:
        """Return the scores of the same artworks for many viewers.

        Args:
            vectors: (V, d) viewer vectors.
            match: (V, K) affinity of each viewer to each artwork's depicted cast.
            rows: (K,) rows of this model.

        Returns:
            (V, K).
        """
        return self._scorer.panel(vectors, match, rows)

    def slate_scores(self, vector: Floats, match: Floats, rows: Ints) -> Floats:
        """Return the scores of one viewer's slate: (K,)."""
        return self._scorer.page(vector, match, rows)

    def page_scores(self, vectors: Floats, match: Floats, rows: Ints, sizes: Ints) -> Floats:
        """As `slate_scores`, for the slates of many pages one after the other: (K,).

        Args:
            vectors: (P, d) the viewer vector of each page.
            match, rows: (K,) as for one page; sizes: (P,) how many of them each page has.
        """
        return self._scorer.pages(vectors, match, rows, sizes)

    @cached_property
    def _scorer(self) -> Scorer:
        return Scorer.of(self.weights)

    def adopt(self, table: ArtworkTable) -> "Model":
        """Return a model for exactly the artworks of `table`, to choose by.

        Known ones keep their vectors. A new one starts from its title (if that
        is known) and from what its features are worth: u_t + B f_a. Covariances
        stay behind, as zeros that take no memory: no choice reads them, and they
        are nearly all of a model's size.
        """
        if table.features.shape[1] != self.spec.artwork_features:
            raise BadInput(
                f"features have width {table.features.shape[1]}, "
                f"the model {self.spec.artwork_features}"
            )
        rows = self.rows_of(table.artwork_ids)
        known = rows >= 0
        title, has_title = self._title_rows(table.title_ids)
        scales = self._scales(table.title_ids)
        features = np.column_stack([np.ones(len(table)), table.features])
        start = features @ self.feature_effects.T + has_title[:, None] * self.title_effects[title]
        plain = features @ self.feature_context_free + has_title * self.title_context_free[title]
        return replace(
            self,
            artwork_ids=table.artwork_ids,
            title_ids=table.title_ids,
            weights=np.where(known[:, None], self.weights[rows], scales[:, None] * start),
            covariance=np.broadcast_to(0.0, (len(table), self.spec.width, self.spec.width)),
            context_free=np.where(known, self.context_free[rows], scales * plain),
            seen=np.where(known, self.seen[rows], 0.0),
            information=np.where(known, self.information[rows], 0.0),
        )

    def explored(self, scores: Floats, rows: Ints, starts: Ints) -> Floats:
        """Return the probabilities by which this model chooses at such scores: (…, K).

        Args:
            scores: (…, K); starts: (T,) as for `policy.inverse_gap`.
            rows: (K,) rows of this model.
        """
        spec, hoped = self.spec, self.hoped(scores, rows)
        return policy.inverse_gap(hoped, starts, gamma=spec.gamma, floor=spec.floor, odds=spec.odds)

    def hoped(self, scores: Floats, rows: Ints) -> Floats:
        """Return what may be hoped of artworks of which `scores` are expected: (…, K).

        Raises BadInput for what is no row of this model; one that it does not know has −1.
        """
        if ((rows < 0) | (rows >= len(self.artwork_ids))).any():
            raise BadInput(UNKNOWN)
        return scores + self.hopes[rows] if self.spec.optimism else scores

    @cached_property
    def hopes(self) -> Floats:
        """How much more than is expected may be hoped of each artwork, in log-odds: (A,).

        Some standard deviations of what the artwork alone adds, as far as its own decisions
        tell: optimism in the face of uncertainty (Lai and Robbins 1985; Auer 2002). Who chooses by
        expectations alone shows a picture to those for whom it seems best, and never learns of
        the others.
        """
        return np.asarray(self.spec.optimism / np.sqrt(1.0 / (ALONE * ALONE) + self.information))

    @property
    def expectation(self) -> Expectation:
        """What this model expects of the artworks that it knows: nothing without log-odds."""
        controls = np.broadcast_to(self.controls, (len(self.artwork_ids), self.spec.controls))
        lines = np.hstack([self.weights, controls])
        nothing = np.full(self.spec.fit_width, np.nan)
        known = slice(None) if self.spec.odds else slice(0)
        return Expectation(np.array(self.artwork_ids[known]), lines[known], nothing)

    def rewards(self, scores: Floats, title_ids: Ints, controls: Floats) -> Floats:
        """Return the expected rewards of decisions of such scores, with the controls: (K,).

        Args:
            scores: (K,); title_ids: (K,) of the artworks; controls: (K, C).
        """
        moved = scores + self._scales(title_ids) * (controls @ self.controls)
        return np.asarray(expit(moved) if self.spec.odds else moved)

    def _scales(self, title_ids: Ints) -> Floats:
        title, known = self._title_rows(title_ids)
        return np.where(known, self.title_scales[title], 1.0)

    def _title_rows(self, title_ids: Ints) -> tuple[Ints, NDArray[np.bool_]]:
        """Return a row for each title, and whether it is its own or it is unknown."""
        found = np.searchsorted(self.known_titles, title_ids)
        found = np.minimum(found, len(self.known_titles) - 1)
        return found, self.known_titles[found] == title_ids

    def arrays(self) -> dict[str, np.ndarray[tuple[int, ...], np.dtype[np.generic]]]:
        """Return the arrays by name, for a file."""
        return {
            field.name: getattr(self, field.name)
            for field in fields(self)
            if field.name not in {"spec", "manifest"}
        }
