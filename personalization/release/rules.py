"""The gate's rules on numbers, apart from its words: for one candidate, or for many at once.

`python -m benchmarks gate` plays years of nights with these same functions.
"""

from typing import Any

from personalization.bandit.arrays import Floats


def is_no_worse(low: float | Floats, margin: float) -> Any:
    """Say whether what earns at worst `low` more than another loses no more than the margin."""
    return low >= -margin


def is_worse(high: float | Floats, margin: float) -> Any:
    """Say whether what earns at best `high` more than another loses more than the margin."""
    return high < -margin
