"""A run's statistics as charts and as rows of a table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from audits.admin.sentences import sentence
from audits.admin.verdicts import by_verdict, times_needed
from audits.admin.words import attribute_name, label, subject
from audits.metrics.crossing import is_crossed
from audits.models import AuditRun, Finding, Statistic
from audits.naming import MEASURES
from audits.runs.bounds import BOUNDS, against_bound
from audits.runs.recording import NOW

# The parts of the table of statistics, the first open.
JUDGED, DESCRIBED, CROSSED = "Judged against a margin", "Described", "Crossed groups"

# Shorter names, in a chart whose title says what it shows.
SHORT = {
    "leakage_auc": "Served",
    "leakage_auc_history": "Ceiling",
    "leakage_auc_linear": "Served, linear",
    "leakage_auc_boosted": "Served, trees",
    "leakage_auc_kernel": "Served, kernel",
    "prominence_gap": "Prominence gap",
    "prominence_gap_plain": "Gap, all artworks",
    "prominence_event": "Marginal actors",
    "prominence_event_plain": "Marginal, all artworks",
    "prominence_event_crossed": "Marginal",
    "depicted_difference": "Depicted",
    "exposure_distance": "Distance",
    "exposure_difference": "Difference D",
    "exposure_difference_logged": "Difference D, impressions",
    "value": "Value",
    "lift_difference": "Over even draws",
    "lift_difference_standard": "Over standard pictures",
}


@dataclass(frozen=True)
class Chart:
    """One chart: its statistics by name, and the value that means "no difference" (or None).

    `sentences` say the numbers in words.
    """

    name: str
    title: str
    words: str
    names: tuple[str, ...]
    centre: float | None
    rows: list[dict[str, Any]] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)

    @property
    def is_judged(self) -> bool:
        """Say whether any of its rows has a margin."""
        return any(row["margin"] for row in self.rows)


CHARTS = (
    Chart(
        "exposure",
        "Are groups shown different artworks for the same titles?",
        "The probabilities of a title’s artworks are compared between a group and everybody else "
        "who declared. Distance is the root of the squared differences, with what chance adds "
        "removed: 0 means the same, below 0 is less than chance gives, and the margin is set on "
        "it. D is half the sum of the differences, from 0 to 1. Chance always adds to D, so read "
        "it beside the band, which shows what chance alone gives.",
        ("exposure_distance", "exposure_difference", "exposure_difference_logged"),
        0.0,
    ),
    Chart(
        "leakage",
        "Can the group be told from the artworks alone?",
        "Three attackers try to predict the group from the artwork probabilities: a linear one, "
        "boosted trees and a kernel. “Served” is the strongest of them. The ceiling is the "
        "strongest on everything that a choice is computed from: history, viewer vector and "
        "matches. The number is the area under the curve (AUC): 0.5 is a coin toss, 1 is certain. "
        "The band shows what shuffled labels give, the strongest attacker chosen for each.",
        (
            "leakage_auc",
            "leakage_auc_history",
            "leakage_auc_linear",
            "leakage_auc_boosted",
            "leakage_auc_kernel",
        ),
        0.5,
    ),
    Chart(
        "prominence",
        "Is a group shown people who hardly appear in the title?",
        "Prominence gap compares how minor the people in the artworks are, group minus rest. The "
        "marginal-actor rate counts artworks whose best-billed person is billed below third. Both "
        "take a title’s probabilities over the artworks that depict somebody, renormalised to add "
        "up to 1. The figures of all artworks beside them are not renormalised: there an artwork "
        "that depicts nobody counts 0.",
        ("prominence_gap", "prominence_gap_plain", "prominence_event", "prominence_event_plain"),
        0.0,
    ),
    Chart(
        "depicted",
        "Who is shown to whom?",
        "For each class that credited people declared: how much larger its share of the people "
        "shown is for the group than for the rest. Marginal actors: how much more often the group "
        "sees an artwork whose best-billed person is of that class and billed below third.",
        ("depicted_difference", "prominence_event_crossed"),
        0.0,
    ),
    Chart(
        "flips",
        "Do the leads in a history change the pictures?",
        "Up to three titles of each history are replaced by titles that are alike in genre, year, "
        "runtime and popularity, but whose lead is of another class; and then, as a placebo, by "
        "titles like those whose lead is of the same class. The number is how much more often the "
        "most likely artwork changes. It needs what credited people declared, and no viewer’s "
        "answer.",
        ("flip_effect",),
        0.0,
    ),
    Chart(
        "reach",
        "Who discovers titles whose leads are under-represented?",
        "For each decision about such a title: how many more quality plays the model leads to than "
        "the standard pictures, by a doubly robust estimate. The difference is between a group and "
        "everybody else who declared. A change that ends outreach shows as reach that a group "
        "loses.",
        ("reach_difference", "reach"),
        0.0,
    ),
    Chart(
        "lift",
        "Does the choice help everybody equally?",
        "Lift is what the model earns more than a plain choice: even draws, or the standard "
        "pictures. The chart compares it between a group and everybody else who declared. Groups "
        "that play more whatever is shown do not differ in lift.",
        ("lift_difference", "lift_difference_standard"),
        0.0,
    ),
    Chart(
        "value",
        "How much does each group gain?",
        "Quality plays per decision, by a doubly robust estimate, from days that the model did not "
        "learn from. A change that ends a difference by helping everybody less shows as lift that "
        "each group loses. Read it together with leakage: a useless policy leaks nothing either.",
        ("value", "lift", "lift_standard"),
        None,
    ),
)


def charts(run: AuditRun, other: AuditRun | None) -> list[Chart]:
    """Return the charts that have data, with the numbers of the `other` run in each row."""
    beside = {_key(one): one for one in other.statistics.all()} if other else {}
    made = []
    statistics = list(run.statistics.all())
    for chart in CHARTS:
        shown = [one for one in statistics if one.name in chart.names and one.estimate is not None]
        if shown:
            # What is not measurable is said in words: a dot at 0 would look like a result.
            rows = [
                drawn(one, beside.get(_key(one)))
                for one in shown
                if one.verdict != Statistic.Verdict.NOT_MEASURABLE
            ]
            said = [words for words in map(sentence, shown) if words]
            made.append(replace(chart, rows=rows, sentences=said))
    return made


def drawable(made: list[Chart]) -> list[dict[str, Any]]:
    """Return the charts as the page's script reads them."""
    return [{"name": c.name, "centre": c.centre, "rows": c.rows} for c in made]


@dataclass(frozen=True)
class TablePart:
    """Some of a run's statistics, as rows of one table."""

    title: str
    rows: list[dict[str, Any]]


@dataclass(frozen=True)
class Table:
    """Every statistic of a run, with or without numbers: what is judged first.

    Attributes:
        parts: those that have any row; the first, without rows, where none has.
        count: how many statistics there are.
        has_now: whether any stands beside one of the vectors of now.
    """

    parts: list[TablePart]
    count: int
    has_now: bool


def table(run: AuditRun, other: AuditRun | None, wrong: Mapping[int, str]) -> Table:
    """Return every statistic of a run for the tables.

    What the vectors of now give stands in the row of the same measure, unless it has findings of
    its own. `wrong` says how findings, by their ids, differ from what was logged.
    """
    every = rows(run, other, wrong)
    in_a_row = {row["now"].pk for row in every if row["now"]}
    parts: dict[str, list[dict[str, Any]]] = {JUDGED: [], DESCRIBED: [], CROSSED: []}
    for row in every:
        if row["statistic"].pk not in in_a_row:
            parts[_part(row["statistic"])].append(row)
    shown = [TablePart(title, some) for title, some in parts.items() if some]
    return Table(shown or [TablePart(JUDGED, [])], len(every), bool(in_a_row))


def rows(run: AuditRun, other: AuditRun | None, wrong: Mapping[int, str]) -> list[dict[str, Any]]:
    """Return a row for every statistic of a run. See `table`."""
    beside = {_key(one): one for one in other.statistics.all()} if other else {}
    statistics = list(run.statistics.prefetch_related("findings"))
    named = {_key(one): one for one in statistics}
    now = {
        _key(one): found
        for one in statistics
        if (found := named.get((one.name + NOW, *_key(one)[1:]))) and not found.findings.all()
    }
    return [
        row_of(
            one,
            shown=named.get((f"{one.name}_logged", *_key(one)[1:])),
            now=now.get(_key(one)),
            other=beside.get(_key(one)),
            findings=[(each, wrong.get(each.pk, "")) for each in one.findings.all()],
        )
        for one in statistics
    ]


def row_of(
    one: Statistic,
    *,
    shown: Statistic | None = None,
    now: Statistic | None = None,
    other: Statistic | None = None,
    findings: Sequence[tuple[Finding, str]] = (),
) -> dict[str, Any]:
    """Return the row of one statistic, with the same measure of what was `shown` and so on."""
    return {
        "statistic": one,
        "measure": _measure(one, MEASURES),
        "shown": shown,
        "now": now,
        "attribute": attribute_name(one.attribute),
        "group": subject(one),
        "excess": one.detail.get("excess"),
        "why": one.detail.get("why", ""),
        "bound": BOUNDS.get(one.name),
        "at_bound": against_bound(one),
        "needed": one.detail.get("needed"),
        "times": times_needed(one),
        "other": other,
        "findings": findings,
    }


def verdicts(run: AuditRun) -> list[dict[str, Any]]:
    """Return what is judged of a run, by verdict."""
    statistics = list(run.statistics.all())
    return by_verdict(statistics, {one.number: _measure(one, MEASURES) for one in statistics})


def _part(one: Statistic) -> str:
    if is_crossed(one.attribute):
        return CROSSED
    return JUDGED if one.margin is not None or one.headline else DESCRIBED


def groups(run: AuditRun) -> list[dict[str, Any]]:
    """Return how many viewers each group has; None where that is suppressed."""
    return [
        {
            "attribute": attribute_name(attribute),
            "cells": [(label(attribute, name), count) for name, count in counts.items()],
        }
        for attribute, counts in run.groups.items()
    ]


def margins(run: AuditRun) -> list[tuple[str, float, float | None]]:
    """Return (measure, the run's margin, today's release bound or None), named as on pages."""
    fixed = run.registration.get("margins", {})
    return [(MEASURES.get(name, name), margin, BOUNDS.get(name)) for name, margin in fixed.items()]


def _key(statistic: Statistic) -> tuple[str, str, str, str, str]:
    detail = statistic.detail
    against, depicted = str(detail.get("against", "")), str(detail.get("depicted", ""))
    return statistic.name, statistic.attribute, statistic.group, against, depicted


def _measure(statistic: Statistic, words: dict[str, str]) -> str:
    """Return a statistic's name as pages show it, with the depicted class if it has one."""
    plain = statistic.name.removesuffix(NOW)
    said = words.get(plain, plain)
    if plain != statistic.name:
        said = f"{said}, vectors of now"
    depicted = statistic.detail.get("depicted")
    return f"{said}: {label(statistic.attribute, depicted).lower()}" if depicted else said


def drawn(statistic: Statistic, other: Statistic | None = None) -> dict[str, Any]:
    """Return one statistic as a chart's script reads it."""
    measure = _measure(statistic, MEASURES | SHORT)
    return {
        "attribute": attribute_name(statistic.attribute),
        "label": subject(statistic),
        "measure": measure,
        "estimate": statistic.estimate,
        "low": statistic.low,
        "high": statistic.high,
        "null": statistic.null,
        "margin": statistic.margin,
        "verdict": statistic.verdict,
        "viewers": statistic.viewers,
        "other": other and {"estimate": other.estimate, "low": other.low, "high": other.high},
    }
