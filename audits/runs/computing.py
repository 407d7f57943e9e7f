"""A run's numbers, from its registration: gather, read one attribute at a time, measure.

Nothing is written here. The run itself and each replay of its document compute in this way.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from audits.metrics.groups import group_viewers
from audits.metrics.inference import holm
from audits.metrics.suppression import suppress
from audits.models import AuditRun, Statistic
from audits.protected import store
from audits.protected.models import Declaration
from audits.runs import measuring, panel, versions
from audits.runs.depiction import Cast
from audits.runs.recording import Classes
from audits.runs.registration import digest
from catalog.models import Viewer
from personalization.models import ModelVersion

HEADLINES = {AuditRun.Kind.PLANNED, AuditRun.Kind.GATE}
Progress = Callable[[str, float], None]
Allow = Callable[[Sequence[Viewer]], None]


@dataclass(frozen=True)
class Computed:
    """What a registration gives: unsaved statistics, the inputs' digests, and the groups."""

    statistics: list[Statistic]
    inputs: dict[str, Any]
    groups: dict[str, dict[str, int | None]]
    synthetic: bool


def compute(
    plan: dict[str, Any],
    model: ModelVersion | None,
    *,
    purpose: str,
    progress: Progress,
    allow: Allow | None = None,
) -> Computed:
    """Compute a registered plan.

    Args:
        purpose: the words of the access log for each reading of declarations.
        allow: is given the gathered viewers before anything is read of them, and may raise.
        progress: is told what happens now, and the share of the work that is done.

    Raises:
        ModelUnusable: the model's file cannot be used.
        WallClosed: this process may not read declarations.
    """
    gathered = panel.gather(plan, model)
    if allow:
        allow(gathered.viewers)
    inputs: dict[str, Any] = gathered.digests() | {"code": versions.code()}
    groups: dict[str, dict[str, int | None]] = {}
    synthetic = any(viewer.synthetic for viewer in gathered.viewers)
    statistics: list[Statistic] = []
    attributes = plan["attributes"]
    for number, attribute in enumerate(attributes):

        def told(words: str, done: float, number: int = number) -> None:
            progress(words, 0.1 + 0.9 * (number + done) / len(attributes))

        told(f"Reading what was declared: {attribute}", 0.0)
        labels, synthetic_labels = _labels(
            gathered, _declared(purpose, Declaration.Kind.VIEWER, attribute)
        )
        classes, said, synthetic_cast = _classes(gathered.cast, purpose, attribute)
        synthetic |= synthetic_labels or synthetic_cast
        inputs[f"declared:{attribute}"] = digest(labels)
        inputs[f"declared by the cast:{attribute}"] = digest(said)
        grouping = group_viewers(attribute=attribute, labels=labels)
        groups[attribute] = suppress(counts=grouping.counts())
        statistics += measuring.measure(gathered, plan, grouping, classes, told)
    _adjust(statistics, headline=plan["kind"] in HEADLINES)
    return Computed(statistics, inputs, groups, synthetic)


def _adjust(statistics: list[Statistic], *, headline: bool) -> None:
    """Number the statistics, and adjust the headlines' p for their number (Holm)."""
    for number, statistic in enumerate(statistics):
        statistic.number = number
        statistic.headline &= headline
    family = [(one, one.p) for one in statistics if one.headline and one.p is not None]
    if family:
        adjusted = holm([p for _, p in family])
        for (statistic, _), p in zip(family, adjusted, strict=True):
            statistic.p_adjusted = float(p)


def _declared(purpose: str, kind: Declaration.Kind, attribute: str) -> list[store.Declared]:
    return store.read(kind.value, attribute, purpose=purpose)


def _labels(gathered: panel.Panel, declared: list[store.Declared]) -> tuple[list[str | None], bool]:
    """Return the label of each viewer of the panel, and whether any is synthetic."""
    answers = {row.subject: row for row in declared}
    rows = [answers.get(viewer.public_id) for viewer in gathered.viewers]
    return [row.value if row else None for row in rows], any(row.synthetic for row in rows if row)


def _classes(
    cast: Cast | None, purpose: str, attribute: str
) -> tuple[Classes, list[list[str]], bool]:
    """Return the depicted people of each class, their declarations, and whether any is synthetic.

    A class of too few people is suppressed like a group of viewers. Where nobody is
    depicted, nothing is read.
    """
    if cast is None:
        return {}, [], False
    depicted = set(cast.people)
    declared = _declared(purpose, Declaration.Kind.PERSON, attribute)
    used = [row for row in declared if row.subject in depicted]
    classes: dict[str, set[UUID]] = {}
    for row in used:
        classes.setdefault(row.value, set()).add(row.subject)
    shown = suppress(counts={name: len(classes[name]) for name in sorted(classes)})
    return (
        {name: classes[name] if shown[name] else None for name in shown},
        [[str(row.subject), row.value] for row in used],
        any(row.synthetic for row in used),
    )
