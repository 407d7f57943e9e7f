"""From draws to a p-value, an interval, a correction for many tests, and power."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy import optimize
from scipy.special import ndtri

from audits.metrics.measurement import Interval, Null
from audits.metrics.refusals import CannotMeasure, Floats, floats, whole

POWER = 0.8
NEGLIGIBLE = 1e-12  # a null that varies less than this beside its values does not vary


def permutation_p(*, observed: float, null: ArrayLike, two_sided: bool = False) -> float:
    """Compare an estimate with its permutation null: p = (1 + b)/(1 + B), so never 0.

    Args:
        observed: the estimate under the true labels.
        null: (B,) the estimates under shuffled labels.
        two_sided: count both tails, around the null's own mean; otherwise the upper tail.

    Returns:
        The p-value in (0, 1]; b is how many draws are at least as extreme.

    Raises:
        CannotMeasure: by the argument's name; a null without a draw.

    Source: Phipson & Smyth 2010, Permutation p-values should never be zero.
    """
    draws = _draws("null", null)
    value = float(floats("observed", observed, shape=()))
    shift = float(draws.mean()) if two_sided else 0.0
    value, values = value - shift, draws - shift
    if two_sided:
        value, values = abs(value), np.abs(values)
    slack = 1e-9 * max(1.0, abs(value))  # the same labels must tie with themselves
    return float((1 + (values >= value - slack).sum()) / (1 + len(draws)))


def null_of(values: ArrayLike) -> Null:
    """Summarise B draws under the null.

    Args:
        values: (B,) the estimates under shuffled labels.

    Returns:
        Their mean, their central 95 %, and B.

    Raises:
        CannotMeasure: a null without a draw, or with numbers that are not finite.
    """
    draws = _draws("null", values)
    low, high = np.quantile(draws, [0.025, 0.975])
    return Null(float(draws.mean()), float(low), float(high), len(draws))


def percentile_interval(draws: ArrayLike, *, confidence: float = 0.95) -> Interval:
    """Take the central part of bootstrap draws.

    Args:
        draws: (B,) the estimate in each draw.
        confidence: the share of draws inside, between 0 and 1.

    Returns:
        The interval.

    Raises:
        CannotMeasure: by the argument's name.

    Source: Efron & Tibshirani 1993, chapter 13.
    """
    if not 0 < confidence < 1:
        raise CannotMeasure("confidence", "must lie between 0 and 1")
    tail = (1 - confidence) / 2
    low, high = np.quantile(_draws("draws", draws), [tail, 1 - tail])
    return Interval(float(low), float(high))


def holm(p_values: ArrayLike) -> Floats:
    """Adjust p-values so that the chance of any false alarm in the family stays at the level.

    Args:
        p_values: (K,) in [0, 1]; K may be 0.

    Returns:
        (K,) the adjusted p-values, in the order given.

    Raises:
        CannotMeasure: a number is no p-value.

    Source: Holm 1979, A simple sequentially rejective multiple test procedure.
    """
    p = _p_values(p_values)
    order = np.argsort(p, kind="stable")
    steps = p[order] * np.arange(len(p), 0, -1)
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1.0)
    return adjusted


def benjamini_hochberg(p_values: ArrayLike) -> Floats:
    """Adjust p-values so that the share of false alarms among all alarms stays at the level.

    Args:
        p_values: (K,) in [0, 1]; K may be 0.

    Returns:
        (K,) the adjusted p-values, in the order given.

    Raises:
        CannotMeasure: a number is no p-value.

    Source: Benjamini & Hochberg 1995, Controlling the false discovery rate.
    """
    p = _p_values(p_values)
    order = np.argsort(p, kind="stable")[::-1]
    steps = p[order] * len(p) / np.arange(len(p), 0, -1)
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(np.minimum.accumulate(steps), 1.0)
    return adjusted


def detectable_from_null(null: ArrayLike) -> float | None:
    """Find the smallest effect that so many viewers would show four times in five.

    Args:
        null: (B,) the estimates under shuffled labels.

    Returns:
        The effect, as a distance from the null's mean (two-sided 5 %, 80 % power, normal); None
        where the null does not vary, because then no effect can be shown at all.

    Raises:
        CannotMeasure: a null without a draw, or with numbers that are not finite.
    """
    draws = _draws("null", null)
    spread = float(draws.std())
    if spread <= NEGLIGIBLE * max(1.0, float(np.abs(draws).max())):
        return None
    return detectable_effect(spread)


def detectable_effect(error: float) -> float:
    """Find the smallest effect that an estimate with this error shows four times in five.

    Args:
        error: the estimate's standard error where there is no effect, 0 or more.

    Returns:
        The effect (two-sided 5 %, 80 % power, normal).

    Raises:
        CannotMeasure: an error that is negative or no number.
    """
    spread = float(floats("error", error, shape=()))
    if spread < 0:
        raise CannotMeasure("error", "must not be negative")
    return float(-ndtri(0.025) - ndtri(1 - POWER)) * spread


def auc_standard_error(*, auc: float, group: int, rest: int) -> float:
    """Estimate the standard error of an area under the curve.

    Args:
        auc: the area, in [0, 1].
        group, rest: viewers of the two sides, at least 1.

    Returns:
        The standard error.

    Raises:
        CannotMeasure: by the argument's name.

    Source: Hanley & McNeil 1982, formula 2.
    """
    group, rest = whole("group", group, least=1), whole("rest", rest, least=1)
    if not 0 <= auc <= 1:
        raise CannotMeasure("auc", "must lie between 0 and 1")
    first, second = auc / (2 - auc), 2 * auc**2 / (1 + auc)
    spread = auc * (1 - auc) + (group - 1) * (first - auc**2) + (rest - 1) * (second - auc**2)
    return float(np.sqrt(max(spread, 0.0) / (group * rest)))


def minimum_detectable_auc(*, group: int, rest: int) -> float | None:
    """Find the smallest AUC above ½ that so many viewers would show four times in five.

    Args:
        group, rest: viewers of the two sides, at least 1.

    Returns:
        The AUC (one-sided 5 %, as tested; 80 % power, normal); None if no AUC would be shown.

    Raises:
        CannotMeasure: by the argument's name.

    Source: Hanley & McNeil 1982, for the standard errors.
    """
    alpha, beta = -ndtri(0.05), -ndtri(1 - POWER)
    at_null = alpha * auc_standard_error(auc=0.5, group=group, rest=rest)

    def short(auc: float) -> float:
        return float(
            at_null + beta * auc_standard_error(auc=auc, group=group, rest=rest) - (auc - 0.5)
        )

    return None if short(1 - 1e-9) > 0 else float(optimize.brentq(short, 0.5, 1 - 1e-9))


def _draws(field: Literal["null", "draws"], values: ArrayLike) -> Floats:
    draws = floats(field, values, shape=(None,))
    if not len(draws):
        raise CannotMeasure(field, "needs at least one draw")
    return draws


def _p_values(values: ArrayLike) -> Floats:
    p = floats("p_values", values, shape=(None,))
    if ((p < 0) | (p > 1)).any():
        raise CannotMeasure("p_values", "must lie between 0 and 1")
    return p
