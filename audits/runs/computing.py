"""A run's numbers, from its registration: gather, read one attribute at a time, measure.

Nothing is written here. The run itself and each replay of its document compute in this way.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from traceback import extract_tb
from typing import Any
from uuid import UUID

from audits.metrics.groups import group_viewers
from audits.metrics.inference import holm
from audits.metrics.suppression import suppress
from audits.models import AuditRun, Statistic
from audits.protected import store
from audits.protected.models import Declaration
from audits.runs import measuring, panel, versions
from audits.runs.recording import Classes, DeclaredByCast
from audits.runs.registration import digest
from catalog.models import Viewer
from personalization.models import ModelVersion

HEADLINE_KINDS = {AuditRun.Kind.PLANNED, AuditRun.Kind.GATE}
Progress = Callable[[str, float], None]
Allow = Callable[[Sequence[Viewer]], None]


@dataclass(frozen=True)
class Computed:
    """What a registration gives: unsaved statistics, the inputs' digests, and the groups."""

    statistics: list[Statistic]
    inputs: dict[str, Any]
    groups: dict[str, dict[str, int | None]]
    synthetic: bool


class MeasuringFailed(RuntimeError):
    """Measuring failed after declarations were read. It names the place, and repeats no value."""


@dataclass(frozen=True)
class Reader:
    """Who reads declarations, and under whose keys the document commits to them.

    Attributes:
        purpose: the words of the access log for each reading.
        run: the run that the readings are for.
        asked_by: who asked for that run, as the audit side recorded it.
        again: whether a document is computed again. Then no key is made: the commitments are
            made under the keys of the original, and are empty where these were destroyed.
    """

    purpose: str
    run: UUID
    asked_by: str = ""
    again: bool = False


def compute(
    plan: dict[str, Any],
    model: ModelVersion | None,
    *,
    reader: Reader,
    progress: Progress,
    allow: Allow | None = None,
) -> Computed:
    """Compute a registered plan.

    Args:
        reader: what the access log says of each reading of declarations.
        allow: is given the gathered viewers before anything is read of them, and may raise.
        progress: is told what happens now, and the share of the work that is done.

    Raises:
        ModelUnusable: the model's file cannot be used.
        WallClosed: this process may not read declarations.
        MeasuringFailed: measuring failed after declarations were read.
    """
    gathered = panel.gather(plan, model)
    if allow:
        allow(gathered.viewers)
    key = store.input_key(_keys_of(plan), make=not reader.again)
    inputs: dict[str, Any] = gathered.digests(key)
    inputs |= {"code": versions.code(), "counts": gathered.counts()}
    groups: dict[str, dict[str, int | None]] = {}
    synthetic = any(viewer.synthetic for viewer in gathered.viewers)
    statistics: list[Statistic] = []
    attributes = plan["attributes"]
    for number, attribute in enumerate(attributes):

        def told(words: str, done: float, number: int = number) -> None:
            progress(words, 0.1 + 0.9 * (number + done) / len(attributes))

        told(f"Reading what was declared: {attribute}", 0.0)
        with _silent():
            declared, committed = _declared(plan, reader, Declaration.Kind.VIEWER, attribute)
            labels, synthetic_labels = _labels(gathered, declared)
            cast, cast_committed, synthetic_cast = _of_cast(gathered, plan, reader, attribute)
            synthetic |= synthetic_labels or synthetic_cast
            inputs[f"declared:{attribute}"] = committed
            inputs[f"declared by the cast:{attribute}"] = cast_committed
            grouping = group_viewers(attribute=attribute, labels=labels)
            groups[attribute] = suppress(counts=grouping.counts())
            statistics += measuring.measure(gathered, plan, grouping, cast, told)
    adjust(statistics, headline=is_headline(plan))
    return Computed(statistics, inputs, groups, synthetic)


def is_headline(plan: dict[str, Any]) -> bool:
    """Say whether a plan's results may be headlines.

    Only full effort gives one: between seeds, a quick leakage varies three times as much.
    """
    return plan["kind"] in HEADLINE_KINDS and plan.get("effort") == "full"


def adjust(statistics: list[Statistic], *, headline: bool) -> None:
    """Number the statistics, and adjust the headlines' p for their number (Holm)."""
    for number, statistic in enumerate(statistics):
        statistic.number = number
        statistic.headline &= headline
    family = [(one, one.p) for one in statistics if one.headline and one.p is not None]
    if family:
        adjusted = holm([p for _, p in family])
        for (statistic, _), p in zip(family, adjusted, strict=True):
            statistic.p_adjusted = float(p)


@contextmanager
def _silent() -> Iterator[None]:
    """Raise an error without its words: they could repeat an answer, and are kept and logged."""
    try:
        yield
    except (ArithmeticError, AssertionError, LookupError, TypeError, ValueError) as error:
        last = extract_tb(error.__traceback__)[-1]
        place = f"{last.name}(), line {last.lineno}"
        raise MeasuringFailed(f"{type(error).__name__} in {place}.") from None


def _keys_of(plan: dict[str, Any]) -> UUID:
    """Return the id of a registration's keys in the wall: a replay of it has the same."""
    return UUID(hex=digest(plan)[:32])


def _declared(
    plan: dict[str, Any], reader: Reader, kind: Declaration.Kind, attribute: str
) -> tuple[list[store.Declared], str]:
    """Return what was declared as of the plan's instant, and the keyed commitment to it."""
    rows, commitment = store.read_for_run(
        kind.value,
        attribute,
        purpose=reader.purpose,
        at=datetime.fromisoformat(plan["at"]),
        run=reader.run,
        asked_by=reader.asked_by,
        keys_of=_keys_of(plan),
        make=not reader.again,
    )
    return rows, commitment or ""


def _labels(gathered: panel.Panel, declared: list[store.Declared]) -> tuple[list[str | None], bool]:
    """Return the label of each viewer of the panel, and whether any is synthetic."""
    answers = {row.subject: row for row in declared}
    rows = [answers.get(viewer.public_id) for viewer in gathered.viewers]
    return [row.value if row else None for row in rows], any(row.synthetic for row in rows if row)


def _of_cast(
    gathered: panel.Panel, plan: dict[str, Any], reader: Reader, attribute: str
) -> tuple[DeclaredByCast, str, bool]:
    """Return what credited people declared, a commitment, and whether any of it is synthetic.

    Where nobody is credited, nothing is read.
    """
    depicted = set(gathered.cast.people) if gathered.cast else set()
    leading = set(gathered.leads.people)
    if not depicted | leading:
        return DeclaredByCast({}, gathered.leads.classes({})), "", False
    declared, committed = _declared(plan, reader, Declaration.Kind.PERSON, attribute)
    used = [row for row in declared if row.subject in depicted | leading]
    of_leads = {row.subject: row.value for row in used if row.subject in leading}
    found = DeclaredByCast(
        _depicted_classes([row for row in used if row.subject in depicted]),
        gathered.leads.classes(of_leads),
    )
    return found, committed, any(row.synthetic for row in used)


def _depicted_classes(declared: Sequence[store.Declared]) -> Classes:
    """Return the depicted people of each class. A class of too few people is suppressed like a
    group of viewers."""
    classes: dict[str, set[UUID]] = {}
    for row in declared:
        classes.setdefault(row.value, set()).add(row.subject)
    shown = suppress(counts={name: len(classes[name]) for name in sorted(classes)})
    return {name: classes[name] if shown[name] else None for name in shown}
