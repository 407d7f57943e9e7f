"""One attribute's tests, in a fixed order. Each is recorded, with or without a result."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from audits.metrics.conditional import impact_ratio
from audits.metrics.crossing import is_crossed
from audits.metrics.groups import (
    NOT_DECLARED,
    UNDECLARED,
    Contrast,
    Grouping,
)
from audits.metrics.refusals import CannotMeasure, NotMeasurable
from audits.metrics.suppression import MINIMUM_CELL, suppress
from audits.models import Statistic
from audits.runs.flipping import EVERY_GROUP, flips
from audits.runs.panel import Panel
from audits.runs.recording import DeclaredByCast, Tests, Verdict
from audits.runs.steps import ON_EXPOSURE, STEPS, STEPS_OF_UNDECLARED, misrepresentation

Progress = Callable[[str, float], None]


def measure(
    panel: Panel,
    plan: dict[str, Any],
    grouping: Grouping,
    cast: DeclaredByCast,
    progress: Progress,
    *,
    shown: Mapping[str, int | None] | None = None,
) -> Iterator[Statistic]:
    """Yield every statistic of one attribute, or of two that are crossed.

    A suppressed group has a row without numbers.

    Args:
        shown: how many viewers each group has, None where suppressed (default: as `suppress`).
    """
    shown = suppress(counts=grouping.counts()) if shown is None else shown
    hidden = [name for name, count in shown.items() if count is None]
    for name in hidden:
        yield _suppressed(grouping.attribute, name)
    contrasts = _contrasts(grouping, shown)
    for number, (contrast, headline) in enumerate(contrasts):
        tests = Tests(panel, plan, contrast, headline, rest_shown=not hidden, cast=cast)
        steps = STEPS if headline else STEPS_OF_UNDECLARED
        for place, (name, step) in enumerate(steps):
            done = (number + place / len(steps)) / len(contrasts)
            words = name.replace("_", " ").replace("auc", "").strip().capitalize()
            progress(f"{words}: {grouping.attribute}, {contrast.group}", done)
            attempt(tests, name, step)
            if step in ON_EXPOSURE and (now := tests.now()):
                attempt(now, name, step)
        yield from tests.made
    progress(f"Counterfactual histories: {grouping.attribute}", 0.95)
    yield from flips(panel, plan, grouping, shown, cast.leads)
    shown_groups = [name for name in grouping.names if shown[name]]
    if len(shown_groups) > 1:
        yield impact_ratio_of(panel, grouping, shown_groups)


def _contrasts(grouping: Grouping, shown: Mapping[str, int | None]) -> list[tuple[Contrast, bool]]:
    """Return each contrast, and whether its tests may be headlines.

    Viewers who declared nothing come last, and are never a headline. Those who declared one of two
    crossed attributes only are described by that attribute.
    """
    compared: list[tuple[Contrast, bool]] = []
    if len(grouping.names) > 1:
        compared = [(one, True) for one in grouping.contrasts() if shown[one.group]]
    if is_crossed(grouping.attribute):
        return compared
    declared = grouping.codes >= 0
    enough = shown[UNDECLARED] and sum(count or 0 for count in shown.values()) > 0
    if enough and declared.any():
        everybody = np.ones(len(declared), dtype=np.bool_)
        compared.append((Contrast(grouping.attribute, UNDECLARED, ~declared, everybody), False))
    return compared


def _suppressed(attribute: str, group: str) -> Statistic:
    return Statistic(
        name="group",
        attribute=attribute,
        group=group,
        verdict=Verdict.SUPPRESSED,
        detail={"why": "Too few viewers, or subtraction would reveal another group."},
    )


def impact_ratio_of(panel: Panel, grouping: Grouping, names: list[str]) -> Statistic:
    """Compare how well the artworks that each shown group gets represent the title's cast."""
    statistic = Statistic(
        name="impact_ratio",
        attribute=grouping.attribute,
        group=EVERY_GROUP,
        viewers=int(sum(grouping.counts()[name] for name in names)),
        verdict=Verdict.DESCRIPTIVE,
    )
    code = {grouping.names.index(name): place for place, name in enumerate(names)}
    codes = np.array([code.get(int(one), NOT_DECLARED) for one in grouping.codes])
    try:
        per_viewer = misrepresentation(panel)
        codes[~per_viewer.counted] = NOT_DECLARED
        if np.bincount(codes[codes >= 0], minlength=len(names)).min() < MINIMUM_CELL:
            raise CannotMeasure("groups", "have too few viewers with data")
        measured = impact_ratio(
            values=1 - per_viewer.values,
            grouping=Grouping(grouping.attribute, tuple(names), codes),
            seeds=panel.seeds,
        )
    except CannotMeasure as refusal:
        never = isinstance(refusal, NotMeasurable)
        statistic.verdict = Verdict.NOT_MEASURABLE if never else Verdict.INSUFFICIENT
        statistic.detail = {"why": str(refusal)}
        return statistic
    statistic.estimate = measured.estimate
    if measured.interval:
        statistic.low, statistic.high = measured.interval.low, measured.interval.high
    statistic.detail = {"rates": dict(measured.rates)}
    return statistic


def attempt(tests: Tests, name: str, step: Callable[[Tests], None]) -> None:
    """Make one test, or record why it cannot be made."""
    try:
        step(tests)
    except CannotMeasure as refusal:
        tests.skip(name, refusal)
