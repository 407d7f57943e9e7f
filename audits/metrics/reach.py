"""Measure 5: how much more often a group discovers titles whose leads are under-represented.

A discovery is a quality play.  The policy's pictures are compared with the standard ones on the
decisions about such titles, doubly robust from the logged propensities.  A fix that ends a gap by
ending outreach shows as reach that a group loses.
"""

from __future__ import annotations

from collections.abc import Mapping

from numpy.typing import ArrayLike

from audits.metrics.groups import Contrast
from audits.metrics.lift import policy_lift
from audits.metrics.refusals import CannotMeasure, NotMeasurable, booleans, floats, integers
from audits.metrics.resampling import Resampling
from audits.metrics.value import GroupValue


def under_represented(*, leads: Mapping[str, int]) -> frozenset[str]:
    """Find the classes that lead fewer titles than the most common one.

    Args:
        leads: how many titles each class leads, 0 or more.

    Returns:
        Every class but the most common; of several that are most common, none is included.

    Raises:
        CannotMeasure: a count is no whole number, or negative.
    """
    counts = integers("leads", list(leads.values()), shape=(None,))
    if (counts < 0).any():
        raise CannotMeasure("leads", "must not be negative")
    most = int(counts.max(initial=0))
    return frozenset(name for name, count in leads.items() if count < most)


def reach(
    *,
    viewers: ArrayLike,
    weights: ArrayLike,
    scores: ArrayLike,
    baseline: ArrayLike,
    of_such_titles: ArrayLike,
    contrast: Contrast,
    resampling: Resampling,
) -> GroupValue:
    """Estimate how much more often the policy than the baseline leads to such titles.

    Args:
        viewers: (N,) the row of the panel of each decision's viewer.
        weights: (N,) π(a)/p(a) of the artwork shown under the policy, 0 or more.
        scores: (N,) doubly robust values of the decisions under the policy.
        baseline: (N,) the same under the standard pictures.
        of_such_titles: (N,) True where the title's lead is under-represented.
        contrast: the group against the rest, over the panel's V viewers.
        resampling: strata, seed, and how many shuffles and draws.

    Returns:
        For both sides the quality plays gained for each decision about such a title, and their
        difference, group minus rest, with a two-sided p-value.

    Raises:
        CannotMeasure: by the argument's name; a side without such a decision.  NotMeasurable if
            no decision is about such a title.

    Source: Dudík, Langford & Li 2011 (DR), on a subset of decisions that the titles fix.
    """
    owners = integers("viewers", viewers, shape=(None,))
    counted = booleans("of_such_titles", of_such_titles, shape=owners.shape)
    if not counted.any():
        raise NotMeasurable("of_such_titles", "no decision is about such a title")
    columns = {
        name: floats(name, values, shape=owners.shape)[counted]
        for name, values in (("weights", weights), ("scores", scores), ("baseline", baseline))
    }
    return policy_lift(
        viewers=owners[counted],
        **columns,
        contrast=contrast,
        resampling=resampling,
    )
