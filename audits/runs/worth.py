"""The tests of measures 5 and 6: reach, and the policy's worth to each group with its lift."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from audits.metrics.lift import policy_lift
from audits.metrics.reach import reach as measured_reach
from audits.metrics.reach import under_represented
from audits.metrics.refusals import CannotMeasure, Floats, NotMeasurable
from audits.metrics.suppression import MINIMUM_CELL
from audits.metrics.value import Estimator, GroupValue, policy_value
from audits.runs.panel import Logged
from audits.runs.recording import Tests


@dataclass(frozen=True)
class Baseline:
    """A plain choice that a policy is compared with.

    Attributes:
        level: the name of a side's lift over it.
        difference: the name of the difference between groups, and of its margin.
    """

    level: str
    difference: str

    def values(self, logged: Logged) -> Floats:
        """Return its doubly robust values: (N,)."""
        return logged.standard if self is STANDARD else logged.even


EVEN = Baseline("lift", "lift_difference")
STANDARD = Baseline("lift_standard", "lift_difference_standard")


def value(tests: Tests) -> None:
    """Measure what the policy is worth to each side. Groups differ before any choice is made, so
    the difference is described and not judged."""
    logged = _logged(tests)
    found = policy_value(
        viewers=logged.viewers,
        weights=logged.weights,
        rewards=logged.rewards,
        scores=logged.scores,
        estimator=Estimator.DR,
        **tests.common,
    )
    _levels(tests, "value", found)
    tests.add("value_difference", found.difference)


def lift(tests: Tests) -> None:
    """Measure the lift over even draws and over the standard pictures, and judge both."""
    logged = _logged(tests)
    for baseline in (EVEN, STANDARD):
        found = policy_lift(
            viewers=logged.viewers,
            weights=logged.weights,
            scores=logged.scores,
            baseline=baseline.values(logged),
            **tests.common,
        )
        _levels(tests, baseline.level, found)
        tests.add(baseline.difference, found.difference, margin=baseline.difference, headline=True)


def reach(tests: Tests) -> None:
    """Measure how much more often the policy than the standard pictures leads to titles whose
    leads are under-represented."""
    logged = _logged(tests)
    leads = tests.cast.leads
    if len(leads.names) < 2:
        raise NotMeasurable("leads", "of two classes are needed; too few have declared any")
    such = under_represented(leads=leads.counts())
    codes = [code for code, name in enumerate(leads.names) if name in such]
    found = measured_reach(
        viewers=logged.viewers,
        weights=logged.weights,
        scores=logged.scores,
        baseline=logged.standard,
        of_such_titles=np.isin(leads.of(logged.titles), codes),
        **tests.common,
    )
    _levels(tests, "reach", found, classes=sorted(such))
    tests.add(
        "reach_difference",
        found.difference,
        margin="reach_difference",
        headline=True,
        classes=sorted(such),
    )


def _logged(tests: Tests) -> Logged:
    if tests.panel.logged is None:
        raise NotMeasurable("decisions", "there is no unseen day to evaluate the model on")
    return tests.panel.logged


def _levels(tests: Tests, name: str, found: GroupValue, **detail: Any) -> None:
    """Describe both sides."""
    sides = (
        (tests.contrast.group, found.group, tests.viewers_of),
        ("rest", found.rest, tests.rest_of),
    )
    for group, level, count in sides:
        if level.viewers < MINIMUM_CELL:
            raise CannotMeasure("decisions", "too few viewers have a decision")
        tests.describe(
            name,
            level.estimate,
            level.interval,
            group=group,
            viewers=count(level.viewers) if tests.rest_shown else None,
            decisions=level.decisions,
            effective_sample_size=level.effective_sample_size,
            largest_weight=level.largest_weight,
            against=tests.contrast.group,
            **detail,
        )
