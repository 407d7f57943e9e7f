"""The gate's rules on numbers, apart from its words: for one candidate, or for many at once.

`python -m benchmarks gate` plays years of nights with these same functions. The argument is
docs/decisions/0035-the-best-of-ninety-days.md.
"""

from typing import Any

import numpy as np

from personalization.bandit.arrays import Floats
from personalization.bandit.estimators import reach

YEAR = 365  # looks: at most one a night
RUN = 90  # of a year's shares, the most that one look may have


def is_no_worse(low: float | Floats, margin: float) -> Any:
    """Say whether what earns at worst `low` more than another loses no more than the margin."""
    return low >= -margin


def is_worse(high: float | Floats, margin: float) -> Any:
    """Say whether what earns at best `high` more than another loses more than the margin."""
    return high < -margin


def share(error: float) -> float:
    """Return one look's share of a year's chance of error.

    Any year of looks has at most YEAR shares, and RUN - 1 that were passed on to its first.
    """
    return error / (YEAR + RUN - 1)


def shares(passed: float | Floats, spent: float | Floats = 0) -> Any:
    """Return how many shares a look has.

    Args:
        passed: those of the look before, where that released what serves now; 0 otherwise. A
            release that was right has cost nothing, so that its chance of error is passed on.
        spent: looks of the past year. After YEAR of them, a look has no share of its own.
    """
    return np.minimum(RUN, passed + np.where(np.asarray(spent) < YEAR, 1, 0))


def at_worst(value: Any, error: Any, freedom: Any, chance: Any) -> Any:
    """Return the lower bound of a difference, which lies above the truth with this chance."""
    return value - reach(error, freedom, beyond=chance)


def at_best(value: Any, error: Any, freedom: Any, chance: Any) -> Any:
    """Return the upper bound of a difference, which lies below the truth with this chance."""
    return value + reach(error, freedom, beyond=chance)
