"""One attribute's tests, in a fixed order: every one is recorded, made or not."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from audits.metrics import exposure, leakage, prominence, value
from audits.metrics.groups import UNDECLARED, Contrast, Grouping
from audits.metrics.measurement import Interval, Measurement
from audits.metrics.refusals import Refused
from audits.metrics.suppression import MINIMUM_CELL, suppress
from audits.models import Statistic
from audits.runs.panel import Panel

EFFORTS = {"quick": leakage.QUICK, "full": leakage.FULL}
TITLES_KEPT = 20  # the titles that differ most, in the detail
Progress = Callable[[str, float], None]
Verdict = Statistic.Verdict


@dataclass
class Tests:
    """The statistics of one contrast, as they are attempted."""

    panel: Panel
    plan: dict[str, Any]
    contrast: Contrast
    headline: bool
    # Beside a suppressed cell, the size of the rest would give it away by subtraction.
    rest_shown: bool
    made: list[Statistic] = field(default_factory=list)

    @property
    def common(self) -> dict[str, Any]:
        return {
            "contrast": self.contrast,
            "strata": self.panel.strata,
            "seed": int(self.plan["seed"]),
        }

    def add(
        self,
        name: str,
        found: Measurement,
        *,
        margin: str = "",
        headline: bool = False,
        **detail: Any,
    ) -> None:
        """Record a measurement; without a margin it describes and is not judged."""
        bound = self.plan["margins"].get(margin)
        viewers = found.viewers
        self.made.append(
            Statistic(
                name=name,
                attribute=self.contrast.attribute,
                group=self.contrast.group,
                headline=headline and self.headline,
                estimate=found.estimate,
                low=found.interval.low if found.interval else None,
                high=found.interval.high if found.interval else None,
                null=asdict(found.null) if found.null else None,
                p=found.p,
                margin=bound,
                detectable=found.detectable,
                viewers=viewers.group,
                verdict=found.verdict(margin=bound).value if bound else Verdict.DESCRIPTIVE,
                detail={"rest": viewers.rest if self.rest_shown else None, "excess": found.excess}
                | detail,
            )
        )

    def describe(
        self, name: str, estimate: float | None, interval: Interval | None, **detail: Any
    ) -> None:
        """Record a number that stands beside the tests."""
        self.made.append(
            Statistic(
                name=name,
                attribute=self.contrast.attribute,
                group=detail.pop("group", self.contrast.group),
                estimate=estimate,
                low=interval.low if interval else None,
                high=interval.high if interval else None,
                viewers=detail.pop("viewers", self.contrast.viewers.group),
                verdict=Verdict.DESCRIPTIVE,
                detail=detail,
            )
        )

    def skip(self, name: str, why: str) -> None:
        """Record a test that could not be made."""
        self.made.append(
            Statistic(
                name=name,
                attribute=self.contrast.attribute,
                group=self.contrast.group,
                viewers=self.contrast.viewers.group,
                verdict=Verdict.INSUFFICIENT,
                detail={"why": why},
            )
        )


def measure(
    panel: Panel, plan: dict[str, Any], grouping: Grouping, progress: Progress
) -> Iterator[Statistic]:
    """Yield every statistic of one attribute; suppressed groups have a row without numbers."""
    shown = suppress(counts=grouping.counts())
    hidden = [name for name, count in shown.items() if count is None]
    for name in hidden:
        yield _suppressed(grouping.attribute, name)
    contrasts = _contrasts(grouping, shown)
    for number, (contrast, headline) in enumerate(contrasts):
        tests = Tests(panel, plan, contrast, headline, rest_shown=not hidden)
        steps = _STEPS if headline else _STEPS_OF_UNDECLARED
        for place, (name, step) in enumerate(steps):
            done = (number + place / len(steps)) / len(contrasts)
            words = name.replace("_", " ").replace("auc", "").strip().capitalize()
            progress(f"{words}: {grouping.attribute}, {contrast.group}", done)
            _attempt(tests, name, step)
        yield from tests.made


def _contrasts(grouping: Grouping, shown: dict[str, int | None]) -> list[tuple[Contrast, bool]]:
    """Return what is compared; those who declared nothing come last and off the headlines."""
    found: list[tuple[Contrast, bool]] = []
    if len(grouping.names) > 1:
        found = [(each, True) for each in grouping.contrasts() if shown[each.group] is not None]
    declared = grouping.codes >= 0
    enough = shown[UNDECLARED] and sum(count or 0 for count in shown.values()) > 0
    if enough and declared.any():
        everybody = np.ones(len(declared), dtype=np.bool_)
        found.append((Contrast(grouping.attribute, UNDECLARED, ~declared, everybody), False))
    return found


def _suppressed(attribute: str, group: str) -> Statistic:
    return Statistic(
        name="group",
        attribute=attribute,
        group=group,
        verdict=Verdict.SUPPRESSED,
        detail={"why": "Too few viewers, or their number could be had by subtraction."},
    )


def _attempt(tests: Tests, name: str, step: Callable[[Tests], None]) -> None:
    try:
        step(tests)
    except Refused as refusal:
        tests.skip(name, str(refusal))


def _exposure(tests: Tests) -> None:
    found = exposure.exposure_difference(
        exposure=tests.panel.exposure,
        titles=tests.panel.titles,
        weights=tests.panel.weights,
        **tests.common,
    )
    most = sorted(found.titles, key=lambda title: -title.estimate)[:TITLES_KEPT]
    tests.add(
        "exposure_difference",
        found.overall,
        margin="exposure_difference",
        headline=True,
        titles=[asdict(title) for title in most],
    )


def _leakage(tests: Tests) -> None:
    if not tests.panel.history.shape[1]:
        raise Refused("history", "nobody has watched anything")
    for one in leakage.leakage(
        served=tests.panel.exposure,
        history=tests.panel.history,
        effort=EFFORTS[tests.plan["effort"]],
        **tests.common,
    ):
        boosted = one.attacker is leakage.Attacker.BOOSTED
        suffix = "_boosted" if boosted else ""
        tests.add(
            f"leakage_auc{suffix}",
            one.served.measurement,
            margin="leakage_auc",
            headline=not boosted,
            attacker=one.attacker.value,
            strata=[_without_counts(asdict(each)) for each in one.served.strata],
        )
        tests.add(
            f"leakage_auc_history{suffix}", one.history.measurement, attacker=one.attacker.value
        )
        kept = one.retention
        tests.describe(
            f"retention{suffix}", kept.estimate, kept.interval, attacker=one.attacker.value
        )


def _without_counts(stratum: dict[str, Any]) -> dict[str, Any]:
    """Leave out how many viewers a stratum has: small cells, and summing to larger ones."""
    return {name: value for name, value in stratum.items() if name not in {"group", "rest"}}


def _prominence(tests: Tests) -> None:
    if tests.panel.prominence is None:
        raise Refused("prominence", "no artwork of the slate depicts anybody")
    found = prominence.prominence_gap(
        exposure=tests.panel.exposure,
        titles=tests.panel.titles,
        prominence=tests.panel.prominence,
        **tests.common,
    )
    left_out = {"left_out": found.left_out, "left_out_exposure": found.left_out_exposure}
    tests.add(
        "prominence_gap",
        found.gap,
        margin="prominence_gap",
        headline=True,
        levels=found.levels,
        **left_out,
    )
    tests.add("prominence_event", found.event, margin="prominence_event", levels=found.event_levels)


def _value(tests: Tests) -> None:
    logged = tests.panel.logged
    if logged is None:
        raise Refused("decisions", "there is no unseen day to judge the model by")
    found = value.policy_value(
        viewers=logged.viewers,
        weights=logged.weights,
        rewards=logged.rewards,
        scores=logged.scores,
        estimator=value.Estimator.DR,
        **tests.common,
    )
    for group, level in ((tests.contrast.group, found.group), ("rest", found.rest)):
        if level.viewers < MINIMUM_CELL:
            raise Refused("decisions", "too few viewers have a decision to judge by")
        tests.describe(
            "value",
            level.estimate,
            level.interval,
            group=group,
            viewers=level.viewers if tests.rest_shown else None,
            decisions=level.decisions,
            effective_sample_size=level.effective_sample_size,
            largest_weight=level.largest_weight,
            against=tests.contrast.group,
        )
    tests.add("value_difference", found.difference, margin="value_difference", headline=True)


_STEPS: tuple[tuple[str, Callable[[Tests], None]], ...] = (
    ("exposure_difference", _exposure),
    ("leakage_auc", _leakage),
    ("prominence_gap", _prominence),
    ("value", _value),
)
_STEPS_OF_UNDECLARED = tuple(step for step in _STEPS if step[1] is not _leakage)
