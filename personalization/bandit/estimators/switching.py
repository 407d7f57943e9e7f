"""Chooses switch-DR's threshold: the one with the least estimated mean squared error."""

from collections.abc import Sequence

import numpy as np

from personalization.bandit.arrays import Floats, floats, number
from personalization.bandit.errors import BadInput
from personalization.bandit.estimators.intervals import standard_error
from personalization.bandit.estimators.log import ROUNDING, DecisionLog
from personalization.bandit.estimators.modelled import ModelledRewards, switch_dr

# The thresholds that are tried: about evenly spaced in logarithms. Infinity is DR.
GRID = (1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, float("inf"))


def mass_beyond(target: Floats, logged: Floats, *, grid: Sequence[float] = GRID) -> Floats:
    """Return Σ π(a) over the artworks whose weight π/p is above each threshold.

    The sums add up over batches of decisions.

    Args:
        target, logged: (E,) the probabilities by both policies of every eligible artwork of every
            decision, and not only of those shown. An artwork that the logging policy never shows
            is above every finite threshold.
        grid: thresholds, from 0.

    Returns:
        (T,) one sum for each threshold.

    Raises:
        BadInput: naming the argument that is wrong.
    """
    _check_grid(grid)
    target = floats("target", target, (None,))
    if len(target) and (target.min() < 0 or target.max() > 1 + ROUNDING):
        raise BadInput("target must hold probabilities")
    logged = floats("logged", logged, target.shape)
    if len(logged) and (logged.min() < 0 or logged.max() > 1 + ROUNDING):
        raise BadInput("logged must hold probabilities")
    ratios = np.divide(target, logged, out=np.full(len(target), np.inf), where=logged > 0)
    largest = ratios.max(initial=0.0)
    return np.array(
        [target[ratios > each].sum() if each < largest else 0.0 for each in grid], np.float64
    )


def choose_threshold(
    log: DecisionLog,
    target: Floats,
    expected: ModelledRewards,
    beyond: Floats,
    *,
    grid: Sequence[float] = GRID,
    most_reward: float = 1.0,
) -> float:
    """Return the threshold with the least bound on the squared error; ties go to the larger.

    The bound is the estimated variance (here clustered by viewer), plus the square of an upper
    bound on the bias: how often the policy acts above the threshold, times the largest reward
    (Wang, Agarwal and Dudík 2017, section 4.1).

    Args:
        log, target, expected: as for `switch_dr`.
        beyond: (T,) from `mass_beyond`, summed over all decisions of the log.
        grid: T thresholds, from 0.
        most_reward: the largest reward that a decision can have.

    Raises:
        BadInput: naming the argument that is wrong.
    """
    _check_grid(grid)
    most_reward = number("most_reward", most_reward, least=0.0)
    beyond = floats("beyond", beyond, (len(grid),))
    largest = float(log.weights(target).max())
    variances: dict[float, float] = {}
    errors = []
    for threshold, mass in zip(grid, beyond, strict=True):
        same = min(threshold, largest)  # above the largest weight, nothing is left to the model
        if same not in variances:
            parts = switch_dr(log, target, expected, threshold=threshold)
            variances[same] = standard_error(log, parts.influence) ** 2
        bias = most_reward * float(mass) / len(log)
        errors.append(variances[same] + bias**2)
    order = sorted(range(len(grid)), key=lambda place: (errors[place], -grid[place]))
    return float(grid[order[0]])


def _check_grid(grid: Sequence[float]) -> None:
    if not len(grid) or not all(threshold >= 0 for threshold in grid):
        raise BadInput("grid must hold thresholds from 0, and at least one")
