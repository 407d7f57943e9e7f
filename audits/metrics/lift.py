"""Measure 6, what is judged: how much more a policy earns each group than a plain choice would.

Groups differ before any choice is made: one may play more whatever the pictures are.  The lift
over even draws, or over the standard pictures, leaves that out.  A fix that levels everybody down
shows as lift that each group loses.
"""

from __future__ import annotations

from numpy.typing import ArrayLike

from audits.metrics.groups import Contrast
from audits.metrics.refusals import floats
from audits.metrics.resampling import Resampling
from audits.metrics.value import Estimator, GroupValue, policy_value


def policy_lift(
    *,
    viewers: ArrayLike,
    weights: ArrayLike,
    scores: ArrayLike,
    baseline: ArrayLike,
    contrast: Contrast,
    resampling: Resampling,
) -> GroupValue:
    """Estimate what the policy earns more than a baseline, for a group and the rest.

    Both are valued on the same decisions, and a viewer who is drawn anew brings both values along,
    so what they share cancels.

    Args:
        viewers: (N,) the row of the panel of each decision's viewer.
        weights: (N,) π(a)/p(a) of the artwork shown under the policy, 0 or more.
        scores: (N,) doubly robust values of the decisions under the policy.
        baseline: (N,) the same under the baseline.
        contrast: the group against the rest, over the panel's V viewers.
        resampling: strata, seeds, and how many shuffles and draws.

    Returns:
        Both sides' lifts in quality plays per decision, and their difference, group minus rest,
        with a two-sided p-value.

    Raises:
        CannotMeasure: by the argument's name; a side without a decision.

    Source: Dudík, Langford & Li 2011 (DR), as a paired difference of two policies.
    """
    ours = floats("scores", scores, shape=(None,))
    theirs = floats("baseline", baseline, shape=ours.shape)
    return policy_value(
        viewers=viewers,
        weights=weights,
        rewards=None,
        scores=ours - theirs,
        estimator=Estimator.DR,
        contrast=contrast,
        resampling=resampling,
    )
