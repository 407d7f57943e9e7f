"""Rewards on the scale of log-odds: what each decision tells, given what was expected of it.

A reward r is 0 or 1. Taste moves the log-odds o of a reward, and the chance p = 1/(1 + e⁻ᵒ) by
p(1 − p) times as much. So a line fitted to chances is most wrong for the viewers whom an artwork
was chosen for, and differently wrong for each artwork. One Newton step of a logistic regression
(McCullagh and Nelder 1989, section 2.5), from the log-odds o that were expected of a decision with
row w, needs only sums, as linear regression does:

    Σ p(1 − p)·w wᵀ   and   Σ (r − p + p(1 − p)·o)·w

The expected log-odds are those that the choosing model gives to the row. As models come to agree
with what happens, one step reaches the solution.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit

from personalization.bandit.arrays import (
    Floats,
    Ints,
    finite,
    floats,
    increasing,
    ints,
    places_of,
    shaped,
    whole,
)
from personalization.bandit.errors import BadInput

# Expected log-odds are cut off here: at chances of one in 1,100, and of all but one in 1,100.
# Further out, a single surprising play would outweigh everything else that is known.
FURTHEST = 7.0


@dataclass(frozen=True)
class Expectation:
    """The log-odds that are expected of artworks, linear in a decision's row w.

    Attributes:
        artwork_ids: (A,) strictly increasing.
        lines: (A, W), so that the log-odds of a decision are lines · w.
        other: (W,) the line of all other artworks; NaN if nothing is expected of them.

    Raises:
        BadInput: naming the array that is wrong.
    """

    artwork_ids: Ints
    lines: Floats
    other: Floats

    def __post_init__(self) -> None:
        ids = ints("artwork_ids", self.artwork_ids, (None,))
        increasing("artwork_ids", ids)
        lines = floats("lines", self.lines, (len(ids), None))
        other = shaped("other", self.other, (lines.shape[1],))
        if not finite(other) and not np.isnan(other).all():
            raise BadInput("other must be finite, or NaN throughout")
        object.__setattr__(self, "artwork_ids", ids)
        object.__setattr__(self, "lines", lines)
        object.__setattr__(self, "other", other)

    def of(self, artwork_ids: Ints) -> Floats:
        """Return the lines of these artworks.

        Args:
            artwork_ids: (K,) in any order.

        Returns:
            (K, W) lines; NaN where nothing is expected.

        Raises:
            BadInput: if they are no whole numbers.
        """
        places = places_of(self.artwork_ids, ints("artwork_ids", artwork_ids, (None,)))
        lines = np.tile(self.other, (len(places), 1))
        lines[places >= 0] = self.lines[places[places >= 0]]
        return lines


def rewards_of(rewards: Floats, decisions: int) -> Floats:
    """Return the rewards of decisions.

    Args:
        rewards: (N,) from 0 to 1.
        decisions: N.

    Returns:
        (N,) float64.

    Raises:
        BadInput: if one lies outside 0 to 1, or there are not so many.
    """
    gained = floats("rewards", rewards, (decisions,))
    if len(gained) and (gained.min() < 0 or gained.max() > 1):
        raise BadInput("rewards must lie from 0 to 1")
    return gained


def own_rates(artwork_ids: Ints, rewards: Floats, *, width: int) -> Expectation:
    """Return each artwork's own rate of plays as what is expected of it, for every viewer.

    The rates are shrunk to the common rate, the more the less they differ beyond chance
    (empirical Bayes). Without that, an artwork that was lucky would have a greater weight for it,
    and all artworks would seem to be played more often than they are. The common rate is
    expected of all other artworks.

    Args:
        artwork_ids: (N,) the artwork that each decision showed.
        rewards: (N,) from 0 to 1.
        width: W of the rows, which begin with 1.

    Raises:
        BadInput: naming the argument that is wrong.
    """
    shown = ints("artwork_ids", artwork_ids, (None,))
    gained = rewards_of(rewards, len(shown))
    width = whole("width", width, least=1)
    if (np.diff(shown) < 0).any():
        order = np.argsort(shown, kind="stable")
        shown, gained = shown[order], gained[order]
    starts = np.flatnonzero(np.diff(shown, prepend=shown[:1] - 1))
    times = np.diff(starts, append=len(shown)).astype(np.float64)
    won = np.add.reduceat(gained, starts) if len(starts) else np.zeros(0)
    # Half a play more, and half a miss: so a rate of nought has log-odds too.
    rate = (float(gained.sum()) + 0.5) / (len(gained) + 1.0)
    prior = _worth_of_common_rate(times, won, rate)
    own = np.full(len(times), rate) if prior is None else (won + prior * rate) / (times + prior)
    lines = np.zeros((len(starts) + 1, width))
    lines[:, 0] = logit(np.clip(np.append(own, rate), expit(-FURTHEST), expit(FURTHEST)))
    return Expectation(shown[starts], lines[:-1], lines[-1])


def _worth_of_common_rate(times: Floats, won: Floats, rate: float) -> float | None:
    """Return how many decisions of its own the common rate is worth to an artwork.

    By the method of moments (DerSimonian and Laird 1986). None if artworks differ no more
    than by chance.
    """
    if len(times) < 2:
        return None
    decisions, spread = times.sum(), rate * (1.0 - rate)
    beyond = (times * (won / times - rate) ** 2).sum() - (len(times) - 1) * spread
    between = beyond / (decisions - (times**2).sum() / decisions)
    return spread / between if between > 0.0 else None


@dataclass(frozen=True)
class Expected:
    """What was expected of N decisions by the models that made them.

    Attributes:
        chosen_by: (N,) each decision's place among `models`; −1 if no model made it.
        models: what each model that made decisions expects.
        otherwise: returns the fallback, for decisions that no model made and for artworks that
            the choosing model does not know. It is called only if there are any.

    Raises:
        BadInput: if `chosen_by` holds what is no place.
    """

    chosen_by: Ints
    models: Sequence[Expectation]
    otherwise: Callable[[], Expectation]

    def __post_init__(self) -> None:
        chosen_by = ints("chosen_by", self.chosen_by, (None,))
        if len(chosen_by) and (chosen_by.min() < -1 or chosen_by.max() >= len(self.models)):
            raise BadInput("chosen_by must be places in models, or -1")
        object.__setattr__(self, "chosen_by", chosen_by)

    @classmethod
    def alike(cls, decisions: int, by: Expectation) -> "Expected":
        """Return the expectations of one model for all decisions.

        Args:
            decisions: N, from 0.
            by: what it expects; of all artworks that the decisions show.

        Raises:
            BadInput: if `decisions` is negative.
        """
        return cls(np.full(whole("decisions", decisions, least=0), -1), (), lambda: by)

    def lines(self, artwork_ids: Ints) -> "Lines":
        """Return what each model that made any of the decisions expects of these artworks.

        Args:
            artwork_ids: (A,) in any order.

        Raises:
            BadInput: if the models' rows differ in width.
        """
        times = np.bincount(self.chosen_by + 1, minlength=1)
        chose = np.flatnonzero(times) - 1
        unchosen = not len(chose) or chose[0] < 0
        lines = [self.models[model].of(artwork_ids) for model in chose[chose >= 0].tolist()]
        if unchosen or any(np.isnan(line).any() for line in lines):
            rest = self.otherwise().of(artwork_ids)
            _check_widths([rest, *lines])
            filled = [np.where(np.isnan(line), rest, line) for line in lines]
            lines = [rest, *filled] if unchosen else filled
        _check_widths(lines)
        place = np.cumsum(times > 0) - 1  # among the models that made decisions
        return Lines(place[self.chosen_by + 1], np.stack(lines))


def _check_widths(lines: Sequence[Floats]) -> None:
    if len({line.shape for line in lines}) > 1:
        raise BadInput("expected: the models' lines differ in width")


@dataclass(frozen=True)
class Lines:
    """The lines of N decisions' A artworks, for each of the M models that made any of them.

    Attributes:
        which: (N,) each decision's place among the models.
        lines: (M, A, W).
    """

    which: Ints
    lines: Floats

    def write(self, artwork: int, rows: Floats, places: slice | Ints, out: Floats) -> None:
        """Write the expected log-odds of one artwork's decisions.

        An inner step of the reduction: nothing is checked.

        Args:
            artwork: its place among the A.
            rows: (K, W) of the decisions.
            places: of these decisions among the N.
            out: (K,) takes the log-odds.
        """
        if len(self.lines) == 1:
            np.matmul(rows, self.lines[0, artwork], out=out)
            return
        by_model = rows @ self.lines[:, artwork].T
        out[:] = by_model[np.arange(len(rows)), self.which[places]]


def linearised(odds: Floats, rewards: Floats) -> tuple[Floats, Floats]:
    """Return p(1 − p) and r − p + p(1 − p)·o for each decision (see the module).

    An inner step of the reduction: nothing is checked.

    Args:
        odds: (N,) expected log-odds o, which are cut off at ±FURTHEST.
        rewards: (N,) r, from 0 to 1.

    Returns:
        (N,) weights and (N,) weighted targets.
    """
    near = np.clip(odds, -FURTHEST, FURTHEST)
    chance = expit(near)
    weights = chance * (1.0 - chance)
    return weights, rewards - chance + weights * near
