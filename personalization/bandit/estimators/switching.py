"""Where switch-DR should switch: the threshold of least estimated mean squared error."""

from collections.abc import Sequence

import numpy as np

from personalization.bandit.arrays import Floats, floats
from personalization.bandit.errors import BadInput
from personalization.bandit.estimators.intervals import standard_error
from personalization.bandit.estimators.log import ROUNDING, Log
from personalization.bandit.estimators.modelled import ModelledRewards, switch_dr

# Thresholds that are tried: about even on the scale of logarithms; infinity is DR.
GRID = (1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, float("inf"))


def mass_beyond(target: Floats, logged: Floats, *, grid: Sequence[float] = GRID) -> Floats:
    """Return Σ π(a) over the artworks whose weight π/p passes each threshold: (T,).

    Sums add up over batches of decisions.

    Args:
        target, logged: (E,) both policies on every eligible artwork, end to end; not
            only on those shown. What was never logged lies beyond every finite threshold.
    """
    target = floats("target", target, (None,))
    logged = floats("logged", logged, target.shape)
    if len(logged) and (logged.min() < 0 or logged.max() > 1 + ROUNDING):
        raise BadInput("logged must hold probabilities")
    ratios = np.divide(target, logged, out=np.full(len(target), np.inf), where=logged > 0)
    largest = ratios.max(initial=0.0)
    return np.array(
        [target[ratios > each].sum() if each < largest else 0.0 for each in grid], np.float64
    )


def choose_threshold(
    log: Log,
    target: Floats,
    expected: ModelledRewards,
    beyond: Floats,
    *,
    grid: Sequence[float] = GRID,
    most_reward: float = 1.0,
) -> float:
    """Return the threshold of `grid` with the least bound on squared error; ties go to the larger.

    Variance as estimated (here clustered by viewer), plus the square of an upper
    bound on the bias: how often the policy acts beyond the threshold, times the most
    that a reward can be (Wang, Agarwal and Dudík 2017, section 4.1).

    Args:
        beyond: (T,) of `mass_beyond`, summed over all decisions of the log.
    """
    if not len(grid):
        raise BadInput("grid must not be empty")
    beyond = floats("beyond", beyond, (len(grid),))
    largest = float(log.weights(target).max())
    variances: dict[float, float] = {}
    errors = []
    for threshold, mass in zip(grid, beyond, strict=True):
        same = min(threshold, largest)  # beyond the largest weight nothing is cut off any more
        if same not in variances:
            parts = switch_dr(log, target, expected, threshold=threshold)
            variances[same] = standard_error(log, parts.influence) ** 2
        bias = most_reward * float(mass) / len(log)
        errors.append(variances[same] + bias**2)
    order = sorted(range(len(grid)), key=lambda place: (errors[place], -grid[place]))
    return float(grid[order[0]])
