"""Rewards on the scale of log-odds: what each decision says, around what was expected of it.

A reward r is 0 or 1. What a viewer likes moves its log-odds o, and the chance p = 1/(1 + e⁻ᵒ)
by p(1 − p) times as much. A line fitted to chances is therefore wrong by most for those whom
it chose for, and differently wrong for each artwork. One Newton step of a logistic regression
(McCullagh and Nelder 1989, 2.5) from the log-odds o that were expected of a decision with row w
needs sums alone, as linear regression does:

    Σ p(1 − p)·w wᵀ   and   Σ (r − p + p(1 − p)·o)·w

What was expected is what the model that chose says of the row. As models come to agree with
what happens, the step from there becomes the whole way.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit

from personalization.bandit.arrays import Floats, Ints, floats, ints
from personalization.bandit.errors import BadInput

# The furthest that a decision is looked at from: chances of one in 1,100, and all but that.
# From still further a single play would be a surprise that outweighs what else is known.
FURTHEST = 7.0


@dataclass(frozen=True)
class Expectation:
    """What somebody thinks of artworks: log-odds that are linear in a decision's row w.

    Attributes:
        artwork_ids: (A,) increasing.
        lines: (A, W), so that the log-odds of a decision are lines · w.
        other: (W,) the line of all other artworks; NaN if nothing is thought of them.
    """

    artwork_ids: Ints
    lines: Floats
    other: Floats

    def of(self, artwork_ids: Ints) -> Floats:
        """Return the lines of these artworks: (K, W)."""
        found = np.searchsorted(self.artwork_ids, artwork_ids)
        inside = found < len(self.artwork_ids)
        known = np.zeros(len(artwork_ids), bool)
        known[inside] = self.artwork_ids[found[inside]] == artwork_ids[inside]
        lines = np.tile(self.other, (len(artwork_ids), 1))
        lines[known] = self.lines[found[known]]
        return lines


def own_rates(artwork_ids: Ints, rewards: Floats, *, width: int) -> Expectation:
    """Expect of each artwork the rate of (N,) decisions that showed it, whoever looks.

    The rates are shrunk to that of all of them, which is expected of all other artworks, by
    as much as they differ beyond chance: an artwork that was lucky would else have the
    greater weight for it, and all would seem to be played more often than they are.

    Args:
        width: W of the rows, which begin with 1.
    """
    shown = ints("artwork_ids", artwork_ids, (None,))
    gained = floats("rewards", rewards, shown.shape)
    if (np.diff(shown) < 0).any():
        order = np.argsort(shown, kind="stable")
        shown, gained = shown[order], gained[order]
    starts = np.flatnonzero(np.diff(shown, prepend=shown[:1] - 1))
    times = np.diff(starts, append=len(shown)).astype(np.float64)
    won = np.add.reduceat(gained, starts) if len(starts) else np.zeros(0)
    # Half a play more, and half a miss: a rate has log-odds even where there is none.
    rate = (float(gained.sum()) + 0.5) / (len(gained) + 1.0)
    prior = _decisions_that_all_count_for(times, won, rate)
    own = np.full(len(times), rate) if prior is None else (won + prior * rate) / (times + prior)
    lines = np.zeros((len(starts) + 1, width))
    lines[:, 0] = logit(np.clip(np.append(own, rate), expit(-FURTHEST), expit(FURTHEST)))
    return Expectation(shown[starts], lines[:-1], lines[-1])


def _decisions_that_all_count_for(times: Floats, won: Floats, rate: float) -> float | None:
    """Return how many decisions the common rate is worth beside an artwork's own.

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
    """What was expected of N decisions by those who chose.

    Attributes:
        chosen_by: (N,) each decision's place among `models`; −1 for one that none chose.
        models: those that chose.
        otherwise: returns who speaks of what none chose, and of artworks that the one that did
            does not know; nearly always there are none of either.
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
        """Return what one who knows all artworks expects of so many decisions."""
        return cls(np.full(decisions, -1), (), lambda: by)

    def lines(self, artwork_ids: Ints) -> "Lines":
        """Return the expectations of these artworks by all who chose any of the decisions."""
        times = np.bincount(self.chosen_by + 1, minlength=1)
        chose = np.flatnonzero(times) - 1
        unchosen = not len(chose) or chose[0] < 0
        found = [self.models[one].of(artwork_ids) for one in chose[chose >= 0].tolist()]
        if unchosen or any(np.isnan(each).any() for each in found):
            rest = self.otherwise().of(artwork_ids)
            filled = [np.where(np.isnan(each), rest, each) for each in found]
            found = [rest, *filled] if unchosen else filled
        place = np.cumsum(times > 0) - 1  # among those who chose
        return Lines(place[self.chosen_by + 1], np.stack(found))


@dataclass(frozen=True)
class Lines:
    """The lines of N decisions' A artworks, by all who chose any of them.

    Attributes:
        which: (N,) each decision's place among the M that chose.
        lines: (M, A, W).
    """

    which: Ints
    lines: Floats

    def write(self, artwork: int, rows: Floats, places: slice | Ints, out: Floats) -> None:
        """Write the log-odds of an artwork's decisions at `places`, with these rows, to `out`."""
        if len(self.lines) == 1:
            np.matmul(rows, self.lines[0, artwork], out=out)
            return
        every = rows @ self.lines[:, artwork].T
        out[:] = every[np.arange(len(rows)), self.which[places]]


def linearised(odds: Floats, rewards: Floats) -> tuple[Floats, Floats]:
    """Return p(1 − p) and r − p + p(1 − p)·o for each decision: (N,), (N,).

    Log-odds are taken as no further from even than FURTHEST.
    """
    near = np.clip(odds, -FURTHEST, FURTHEST)
    chance = expit(near)
    weights = chance * (1.0 - chance)
    return weights, rewards - chance + weights * near
