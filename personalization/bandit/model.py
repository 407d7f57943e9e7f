"""A fitted model: one vector per artwork, and what a new artwork starts from."""

from dataclasses import dataclass, fields, replace
from functools import cached_property

import numpy as np
from scipy.special import expit

from personalization.bandit import policy
from personalization.bandit.arrays import (
    Floats,
    Ints,
    floats,
    increasing,
    ints,
    places_of,
    shaped,
    whole,
)
from personalization.bandit.errors import BadInput
from personalization.bandit.odds import Expectation
from personalization.bandit.scoring import UNKNOWN, Scorer
from personalization.bandit.spec import ALONE, Spec
from personalization.bandit.table import ArtworkTable

FIRST_FIT = 1  # of a model that does not say which fit made it
NO_ARRAYS = {"spec", "manifest", "fit"}


@dataclass(frozen=True)
class Model:
    """What serves. Arrays may be memory-mapped and are never written to; validates itself.

    A artworks, T titles; D = d + 2 numbers in z = [1, x_v, match], F features, C controls.

    Attributes:
        spec: widths and exploration.
        manifest: digest of the feature manifest that its inputs were made under.
        fit: which fit made it (`fit.FIT`): 1 depended on the units of the viewer vector. Choices
            are made from the numbers alone, whichever fit they come from.
        artwork_ids, title_ids: (A,) int64; the artworks' ids increase.
        weights: (A, D) M. A score M z is the log-odds of a play.
        context_free: (A,) log-odds of a play, the same for every viewer.
        information: (A,) Σ p(1 − p) over an artwork's decayed decisions, from 0: how much they
            tell about how often it is played.
        known_titles: (T,) int64, increasing.
        title_effects: (T, D) u_t; title_context_free: (T,) the same in the context-free model.
        feature_effects: (D, F + 1) B, the constant feature first; feature_context_free: (F + 1,).
        controls: (C,) κ, log-odds per unit of each control; never part of a choice.

    Raises:
        BadInput: naming the array that is wrong.
    """

    spec: Spec
    manifest: str
    artwork_ids: Ints
    title_ids: Ints
    weights: Floats
    context_free: Floats
    information: Floats
    known_titles: Ints
    title_effects: Floats
    title_context_free: Floats
    feature_effects: Floats
    feature_context_free: Floats
    controls: Floats
    fit: int = FIRST_FIT

    def __post_init__(self) -> None:
        whole("fit", self.fit, least=FIRST_FIT)
        for name in ("artwork_ids", "known_titles"):
            increasing(name, ints(name, getattr(self, name), (None,)))
        count, width = len(self.artwork_ids), self.spec.width
        titles, many = len(self.known_titles), self.spec.artwork_features + 1
        ints("title_ids", self.title_ids, (count,))
        shapes: dict[str, tuple[int, ...]] = {
            "weights": (count, width),
            "context_free": (count,),
            "information": (count,),
            "title_effects": (titles, width),
            "title_context_free": (titles,),
            "feature_effects": (width, many),
            "feature_context_free": (many,),
            "controls": (self.spec.controls,),
        }
        for name, shape in shapes.items():
            floats(name, getattr(self, name), shape)
        if (self.information < 0).any():
            raise BadInput("information must not be negative")

    def rows_of(self, artwork_ids: Ints) -> Ints:
        """Return the row of each artwork: (K,), −1 for one that this model does not know.

        Args:
            artwork_ids: (K,) in any order.

        Raises:
            BadInput: if they are no whole numbers.
        """
        return places_of(self.artwork_ids, ints("artwork_ids", artwork_ids, (None,)))

    def scores(self, vectors: Floats, match: Floats, rows: Ints) -> Floats:
        """Return the scores of the same artworks for many viewers.

        Args:
            vectors: (V, d) viewer vectors.
            match: (V, K) affinity of each viewer to each artwork's depicted cast.
            rows: (K,) rows of this model.

        Returns:
            (V, K) log-odds of a play.

        Raises:
            BadInput: naming the array that is wrong, or that holds what is no row.
        """
        return self._scorer.panel(vectors, match, rows)

    def slate_scores(self, vector: Floats, match: Floats, rows: Ints) -> Floats:
        """Return the scores of one viewer's slate.

        Args:
            vector: (d,) the viewer vector.
            match: (K,) the viewer's affinity to each artwork's depicted cast.
            rows: (K,) rows of this model.

        Returns:
            (K,) log-odds of a play.

        Raises:
            BadInput: as `scores`.
        """
        return self._scorer.page(vector, match, rows)

    def page_scores(self, vectors: Floats, match: Floats, rows: Ints, sizes: Ints) -> Floats:
        """Return the scores of many pages, one after the other, with the bits of `slate_scores`.

        Args:
            vectors: (P, d) the viewer vector of each page.
            match, rows: (K,) as for one page.
            sizes: (P,) how many of the K artworks each page has.

        Returns:
            (K,) log-odds of a play.

        Raises:
            BadInput: as `scores`.
        """
        return self._scorer.pages(vectors, match, rows, sizes)

    @cached_property
    def _scorer(self) -> Scorer:
        return Scorer.of(self.weights)

    def adopt(self, table: ArtworkTable) -> "Model":
        """Return a model for exactly the artworks of `table`.

        Known artworks keep their vectors. A new one starts from its title, if that is known,
        and from its features: u_t + B f_a.

        Args:
            table: the artworks, with F features each.

        Raises:
            BadInput: if the table has another number of features.
        """
        if table.features.shape[1] != self.spec.artwork_features:
            raise BadInput(
                f"features have width {table.features.shape[1]}, "
                f"the model {self.spec.artwork_features}"
            )
        rows, title = self.rows_of(table.artwork_ids), places_of(self.known_titles, table.title_ids)
        known, has_title = rows >= 0, title >= 0
        features = np.column_stack([np.ones(len(table)), table.features])
        start = features @ self.feature_effects.T
        plain = features @ self.feature_context_free
        start[has_title] += self.title_effects[title[has_title]]
        plain[has_title] += self.title_context_free[title[has_title]]
        start[known] = self.weights[rows[known]]
        plain[known] = self.context_free[rows[known]]
        information = np.zeros(len(table))
        information[known] = self.information[rows[known]]
        return replace(
            self,
            artwork_ids=table.artwork_ids,
            title_ids=table.title_ids,
            weights=start,
            context_free=plain,
            information=information,
        )

    def explored(self, scores: Floats, rows: Ints, starts: Ints) -> Floats:
        """Return the probabilities by which this model chooses, given its scores.

        Args:
            scores: (…, K) log-odds of a play, flat over titles.
            rows: (K,) rows of this model.
            starts: (T,) first index of each title, increasing, from 0.

        Returns:
            (…, K) probabilities that sum to one within each title.

        Raises:
            BadInput: naming the array that is wrong.
        """
        spec = self.spec
        return policy.weighted(
            self.with_bonuses(scores, rows), starts, gamma=spec.gamma, floor=spec.floor, odds=True
        )

    def with_bonuses(self, scores: Floats, rows: Ints) -> Floats:
        """Return the scores with each artwork's bonus added (see `bonuses`).

        Args:
            scores: (…, K) log-odds of a play.
            rows: (K,) rows of this model.

        Returns:
            (…, K) log-odds of a play.

        Raises:
            BadInput: if `rows` holds what is no row; a place of −1 is none.
        """
        rows = ints("rows", rows, (None,))
        if ((rows < 0) | (rows >= len(self.artwork_ids))).any():
            raise BadInput(UNKNOWN)
        scores = shaped("scores", scores, None)
        if scores.shape[-1:] != rows.shape:
            raise BadInput(f"scores has shape {scores.shape}; its last axis must be {len(rows)}")
        return scores + self.bonuses[rows] if self.spec.optimism else scores

    @cached_property
    def bonuses(self) -> Floats:
        """What is added to each artwork's score before a choice, in log-odds: (A,).

        `Spec.optimism` posterior standard deviations of what the artwork alone adds, as far as
        its own decisions tell: 1/√(1/ALONE² + information). This is optimism in the face of
        uncertainty (Lai and Robbins 1985; Auer 2002). A policy that goes by expectations alone
        shows a picture only to viewers for whom it seems best, and never learns about the others.
        """
        return np.asarray(self.spec.optimism / np.sqrt(1.0 / (ALONE * ALONE) + self.information))

    @property
    def expectation(self) -> Expectation:
        """The log-odds that this model expects of the artworks that it knows, as lines in w."""
        controls = np.broadcast_to(self.controls, (len(self.artwork_ids), self.spec.controls))
        lines = np.hstack([self.weights, controls])
        nothing = np.full(self.spec.fit_width, np.nan)
        return Expectation(np.array(self.artwork_ids), lines, nothing)

    def rewards(self, scores: Floats, controls: Floats) -> Floats:
        """Return the expected rewards of decisions, given their scores and controls.

        Args:
            scores: (K,) log-odds of a play.
            controls: (K, C).

        Returns:
            (K,) probabilities of a play.

        Raises:
            BadInput: naming the array that is wrong.
        """
        scores = floats("scores", scores, (None,))
        controls = floats("controls", controls, (len(scores), self.spec.controls))
        return np.asarray(expit(scores + controls @ self.controls))

    def arrays(self) -> dict[str, np.ndarray[tuple[int, ...], np.dtype[np.generic]]]:
        """Return the arrays by name, as a file holds them."""
        return {
            field.name: getattr(self, field.name)
            for field in fields(self)
            if field.name not in NO_ARRAYS
        }
