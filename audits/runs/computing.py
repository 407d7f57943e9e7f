"""A run's numbers, from its registration: gather, read one attribute at a time, measure.

Nothing is written here. The run itself and each replay of its document compute in this way.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from traceback import extract_tb
from typing import Any
from uuid import UUID

import numpy as np

from audits.metrics.crossing import cross, crossed_name, is_crossed
from audits.metrics.groups import Grouping, group_viewers
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


@dataclass(frozen=True)
class Answers:
    """What was declared of one attribute. It never leaves this process.

    Attributes:
        grouping: the panel's viewers by what they declared.
        cast: what people in the casts declared, by their ids.
        committed: the keyed commitments to both, by the names of the inputs.
        synthetic: whether any of it is invented.
    """

    grouping: Grouping
    cast: dict[UUID, str]
    committed: dict[str, str]
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
    answers: dict[str, Answers] = {}
    parts = len(plan["attributes"]) + len(plan["intersections"])

    def measure(grouping: Grouping, shown: dict[str, int | None], cast: DeclaredByCast) -> None:
        number = len(groups)

        def told(words: str, done: float) -> None:
            progress(words, 0.1 + 0.9 * (number + done) / parts)

        groups[grouping.attribute] = shown
        statistics.extend(measuring.measure(gathered, plan, grouping, cast, told, shown=shown))

    for attribute in plan["attributes"]:
        done = 0.1 + 0.9 * len(groups) / parts
        progress(f"Reading what was declared: {attribute}", done)
        with _silent():
            read = answers[attribute] = _read(gathered, plan, reader, attribute)
            inputs |= read.committed
            synthetic |= read.synthetic
            grouping = read.grouping
            measure(grouping, suppress(counts=grouping.counts()), _cast(gathered, read))
    with _silent():
        for first, second in plan["intersections"]:
            pair = answers[first], answers[second]
            if all(len(one.grouping.names) > 1 for one in pair):
                crossing = cross(first=pair[0].grouping, second=pair[1].grouping)
                measure(crossing.grouping, crossing.shown, _crossed_cast(gathered, *pair))
    adjust(statistics, headline=is_headline(plan))
    return Computed(statistics, inputs, groups, synthetic)


def is_headline(plan: dict[str, Any]) -> bool:
    """Say whether a plan's results may be headlines.

    Only full effort gives one: between seeds, a quick leakage varies three times as much.
    """
    return plan["kind"] in HEADLINE_KINDS and plan.get("effort") == "full"


def adjust(statistics: list[Statistic], *, headline: bool) -> None:
    """Number the statistics, and adjust the headlines' p for their number (Holm).

    The same tests of crossed groups are a family of their own, and no headlines: so many more
    groups would hide what the attributes themselves show.
    """
    of_crossed = []
    for number, statistic in enumerate(statistics):
        statistic.number = number
        statistic.headline &= headline
        if statistic.headline and is_crossed(statistic.attribute):
            statistic.headline = False
            of_crossed.append(statistic)
    for family in ([one for one in statistics if one.headline], of_crossed):
        tested = [(one, one.p) for one in family if one.p is not None]
        for (statistic, _), p in zip(tested, holm([p for _, p in tested]), strict=True):
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


def _read(gathered: panel.Panel, plan: dict[str, Any], reader: Reader, attribute: str) -> Answers:
    """Read what the panel's viewers, and the people in its casts, declared of one attribute.

    Where nobody is credited, nothing is read of people.
    """
    declared, committed = _declared(plan, reader, Declaration.Kind.VIEWER, attribute)
    labels, synthetic = _labels(gathered, declared)
    depicted, leading = _people(gathered)
    cast: list[store.Declared] = []
    cast_committed = ""
    if depicted | leading:
        cast, cast_committed = _declared(plan, reader, Declaration.Kind.PERSON, attribute)
    used = [row for row in cast if row.subject in depicted | leading]
    return Answers(
        group_viewers(attribute=attribute, labels=labels),
        {row.subject: row.value for row in used},
        {f"declared:{attribute}": committed, f"declared by the cast:{attribute}": cast_committed},
        synthetic or any(row.synthetic for row in used),
    )


def _people(gathered: panel.Panel) -> tuple[set[UUID], set[UUID]]:
    """Return the people whom artworks depict, and those who lead titles."""
    return set(gathered.cast.people) if gathered.cast else set(), set(gathered.leads.people)


def _cast(gathered: panel.Panel, read: Answers) -> DeclaredByCast:
    """Return the classes of people. A class of too few is suppressed like a group of viewers."""
    people = _depicted_by(gathered, read)
    shown = suppress(counts={name: people.counts()[name] for name in people.names})
    return DeclaredByCast(
        _classes(gathered, people, shown), gathered.leads.classes(_leading(gathered, read.cast))
    )


def _crossed_cast(gathered: panel.Panel, first: Answers, second: Answers) -> DeclaredByCast:
    """Return the classes of people who declared both attributes."""
    crossing = cross(first=_depicted_by(gathered, first), second=_depicted_by(gathered, second))
    both = {
        person: crossed_name(value, second.cast[person])
        for person, value in first.cast.items()
        if person in second.cast
    }
    return DeclaredByCast(
        _classes(gathered, crossing.grouping, crossing.shown),
        gathered.leads.classes(_leading(gathered, both)),
    )


def _leading(gathered: panel.Panel, said: Mapping[UUID, str]) -> dict[UUID, str]:
    leading = _people(gathered)[1]
    return {person: value for person, value in said.items() if person in leading}


def _depicted_by(gathered: panel.Panel, read: Answers) -> Grouping:
    """Group the depicted people, in the order of their ids, by what they declared."""
    people = sorted(_people(gathered)[0])
    labels = [read.cast.get(person) for person in people]
    return group_viewers(attribute=read.grouping.attribute, labels=labels)


def _classes(gathered: panel.Panel, people: Grouping, shown: Mapping[str, int | None]) -> Classes:
    """Return the depicted people of each class that has any; None where suppressed."""
    order = sorted(_people(gathered)[0])
    return {
        name: {order[place] for place in np.flatnonzero(people.codes == code)}
        if shown[name]
        else None
        for code, name in enumerate(people.names)
        if shown[name] != 0
    }
