"""A run's statistics as charts and table rows: what the page draws, and the same in words."""

from dataclasses import dataclass, field
from typing import Any

from audits.models import AuditRun, Statistic
from audits.protected.attributes import ATTRIBUTES

WORDS = {
    "exposure_difference": "Exposure difference",
    "exposure_difference_logged": "Exposure difference, really shown",
    "leakage_auc": "Leakage, served",
    "leakage_auc_history": "Leakage, history",
    "leakage_auc_boosted": "Leakage, served (boosted trees)",
    "leakage_auc_history_boosted": "Leakage, history (boosted trees)",
    "leakage_beyond_titles": "Leakage of artworks beyond titles, really shown",
    "retention": "Share of leakage kept",
    "retention_boosted": "Share of leakage kept (boosted trees)",
    "prominence_gap": "Prominence gap",
    "prominence_event": "Marginal-actor rate, difference",
    "prominence_event_crossed": "Marginal actors",
    "depicted_difference": "Depicted more often",
    "conditional_disparity": "Prominence gap, like with like",
    "impact_ratio": "Impact ratio of prominence",
    "value": "Value per decision",
    "value_difference": "Value, difference",
    "group": "Group",
}

# In a chart that has said what it is about.
SHORT = {
    "leakage_auc": "Served, linear",
    "leakage_auc_history": "History, linear",
    "leakage_auc_boosted": "Served, trees",
    "leakage_auc_history_boosted": "History, trees",
    "prominence_gap": "Prominence gap",
    "prominence_event": "Marginal actors",
    "prominence_event_crossed": "Marginal",
    "depicted_difference": "Depicted",
    "exposure_difference_logged": "Really shown",
}


@dataclass(frozen=True)
class Chart:
    """One picture: which statistics, where "no difference" lies, and what it says in words."""

    name: str
    title: str
    words: str
    names: tuple[str, ...]
    centre: float | None
    rows: list[dict[str, Any]] = field(default_factory=list)


CHARTS = (
    Chart(
        "exposure",
        "Are groups shown different pictures of the same titles?",
        "Exposure difference: how far the chances of a title's pictures lie apart between a group "
        "and everybody else who declared. 0 is the same, 1 is nothing in common. Chance alone "
        "gives what the band shows.",
        ("exposure_difference", "exposure_difference_logged"),
        0.0,
    ),
    Chart(
        "leakage",
        "Could the group be told from the pictures alone?",
        "Area under the curve of an attacker who sees only the served chances, beside the same "
        "attacker on the raw history. One half is a coin toss; the band is what shuffled labels "
        "give.",
        (
            "leakage_auc",
            "leakage_auc_history",
            "leakage_auc_boosted",
            "leakage_auc_history_boosted",
        ),
        0.5,
    ),
    Chart(
        "prominence",
        "Is a group shown people who hardly appear?",
        "Prominence gap: misrepresentation of the pictures' people, group minus rest. The "
        "marginal-actor rate counts pictures whose best-billed person is billed below third.",
        ("prominence_gap", "prominence_event"),
        0.0,
    ),
    Chart(
        "depicted",
        "Whom do the pictures show to whom?",
        "For each class of credited people, as they declared it: how much larger its share of the "
        "people shown is for the group than for the rest, and how much oftener the group is shown "
        "a picture whose best-billed person is of that class and billed below third.",
        ("depicted_difference", "prominence_event_crossed"),
        0.0,
    ),
    Chart(
        "value",
        "Is the choice worth the same to everybody?",
        "Quality plays per decision, doubly robust, from days that the model had not learnt from. "
        "Leakage near one half may only mean a useless policy: read the two together.",
        ("value",),
        None,
    ),
)


def label(attribute: str, group: str) -> str:
    """Return a group's name for people."""
    known = ATTRIBUTES.get(attribute)
    if known and group in known.values:
        return known.values[group]
    others = {
        "undeclared": "Undeclared",
        "rest": "Everybody else who declared",
        "all": "All groups",
    }
    return others.get(group, group)


def charts(run: AuditRun, other: AuditRun | None) -> list[Chart]:
    """Return the charts that have something to draw, `other` run's numbers beside each row."""
    beside = {_key(each): each for each in other.statistics.all()} if other else {}
    made = []
    for chart in CHARTS:
        rows = [
            _row(each, beside.get(_key(each)))
            for each in run.statistics.all()
            if each.name in chart.names and each.estimate is not None
        ]
        if rows:
            made.append(
                Chart(chart.name, chart.title, chart.words, chart.names, chart.centre, rows)
            )
    return made


def drawable(made: list[Chart]) -> list[dict[str, Any]]:
    """Return the charts as the page's script reads them."""
    return [{"name": c.name, "centre": c.centre, "rows": c.rows} for c in made]


def table(run: AuditRun, other: AuditRun | None) -> list[dict[str, Any]]:
    """Return every statistic of a run, attempted or not, for the table."""
    beside = {_key(each): each for each in other.statistics.all()} if other else {}
    statistics = list(run.statistics.prefetch_related("findings"))
    logged = {_key(each): each for each in statistics}
    return [
        {
            "statistic": each,
            "measure": _measure(each, WORDS),
            "shown": logged.get((f"{each.name}_logged", *_key(each)[1:])),
            "attribute": _attribute(each.attribute),
            "group": label(each.attribute, each.group),
            "excess": each.detail.get("excess"),
            "why": each.detail.get("why", ""),
            "other": beside.get(_key(each)),
            "findings": list(each.findings.all()),
        }
        for each in statistics
    ]


def groups(run: AuditRun) -> list[dict[str, Any]]:
    """Return how many viewers each group has, suppressed cells named as such."""
    return [
        {
            "attribute": _attribute(attribute),
            "cells": [(label(attribute, name), count) for name, count in counts.items()],
        }
        for attribute, counts in run.groups.items()
    ]


def _attribute(name: str) -> str:
    return ATTRIBUTES[name].label if name in ATTRIBUTES else name


def _key(each: Statistic) -> tuple[str, str, str, str, str]:
    detail = each.detail
    against, depicted = str(detail.get("against", "")), str(detail.get("depicted", ""))
    return each.name, each.attribute, each.group, against, depicted


def _measure(each: Statistic, words: dict[str, str]) -> str:
    """Return a statistic's name for people, with the depicted class where it has one."""
    said = words.get(each.name, each.name)
    depicted = each.detail.get("depicted")
    return f"{said}: {label(each.attribute, depicted).lower()}" if depicted else said


def _row(each: Statistic, other: Statistic | None) -> dict[str, Any]:
    who = label(each.attribute, each.group)
    measure = "" if each.name in {"exposure_difference", "value"} else _measure(each, SHORT)
    return {
        "attribute": _attribute(each.attribute),
        "label": who,
        "measure": measure,
        "estimate": each.estimate,
        "low": each.low,
        "high": each.high,
        "null": each.null,
        "margin": each.margin,
        "verdict": each.verdict,
        "viewers": each.viewers,
        "other": other and {"estimate": other.estimate, "low": other.low, "high": other.high},
    }
