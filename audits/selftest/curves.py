"""What the audit said about many worlds, summed up: how often each verdict was right.

Every rate has its Monte-Carlo error: one standard error, with two successes and two failures added
(Agresti & Coull 1998), so that a rate of 0 has an error too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

LEVEL = 0.05
LEAST, MOST = 0.03, 0.07  # false alarms, of 1
COVERED_LEAST, COVERED_MOST = 0.93, 0.97
WITHIN, OUTSIDE = "within margin", "outside margin"
NEEDED_WITHIN = 0.8  # of the worlds without a difference
ENOUGH = 50  # worlds that a rate must rest on before it is called out of range

World = Mapping[str, Any]
Row = dict[str, Any]
Rate = dict[str, float]


def rate(successes: int, trials: int) -> Rate | None:
    """Return a rate with its Monte-Carlo error, or None without a trial.

    Args:
        successes, trials: how often of how many.

    Returns:
        `rate`, `error` (one standard error) and `worlds` (the trials).
    """
    if not trials:
        return None
    near = (successes + 2) / (trials + 4)
    error = float(np.sqrt(near * (1 - near) / (trials + 4)))
    return {"rate": successes / trials, "error": error, "worlds": trials}


def curves(worlds: Sequence[World]) -> dict[str, Any]:
    """Sum up what the audit said.

    Args:
        worlds: each with `spec` (what was planted, viewers, share), `measures` (by name: p, low,
            high, estimate, margin, centre, verdict, headline, truth, null) and `seconds`.

    Returns:
        `worlds`, `seconds`, `family` (how often any headline was significant in worlds without a
        difference, after Holm's correction), and `measures` by name: see `_measure`.
    """
    rows: dict[str, list[Row]] = defaultdict(list)
    for world in worlds:
        for name, said in world["measures"].items():
            rows[name].append({**said, **world["spec"]})
    for name in rows:
        _learn_truths(rows[name])
    return {
        "worlds": len(worlds),
        "seconds": float(sum(world["seconds"] for world in worlds)),
        "family": _family(worlds),
        "measures": {name: _measure(found) for name, found in rows.items()},
    }


def out_of_range(summed: Mapping[str, Any]) -> list[str]:
    """Say in words which false alarms and coverages are not what they should be.

    A rate counts as out of range if it is so by more than twice its Monte-Carlo error, and rests
    on 50 worlds or more.
    """
    return [
        f"{name}, {what}: {found['rate']:.1%} ± {found['error']:.1%}"
        for name, measure in summed["measures"].items()
        for what, found, least, most in _judged(measure)
        if found["worlds"] >= ENOUGH
        and (
            found["rate"] + 2 * found["error"] < least or found["rate"] - 2 * found["error"] > most
        )
    ]


def _judged(measure: Mapping[str, Any]) -> Iterator[tuple[str, Rate, float, float]]:
    if measure["false_alarms"]:
        yield "false alarms", measure["false_alarms"], LEAST, MOST
    for size, found in measure["false_alarms_by_size"].items():
        yield f"false alarms with {size}", found, LEAST, MOST
    if measure["coverage"]:
        yield "coverage", measure["coverage"], COVERED_LEAST, COVERED_MOST


def _measure(rows: Sequence[Row]) -> dict[str, Any]:
    """Sum up one measure.

    Returns:
        `headline`; `false_alarms` of worlds without a difference, over all and `_by_size` (the
        smaller side of the whole); `power` by what was planted, over all and `_by_size`;
        `coverage` of the 95 % intervals; `within` of worlds without a difference, and `_by_size`;
        `false_within` of worlds at or beyond the margin, `false_outside` of worlds at or inside
        it; `untested`, where the audit refused.  Each is None, or has no entry, without a world.
    """
    null = [row for row in rows if row["null"]]
    planted = [row for row in rows if not row["null"]]
    judged = [row for row in rows if row["margin"] is not None and row["truth"] is not None]
    beyond = [row for row in judged if abs(_apart(row)) >= row["margin"]]
    inside = [row for row in judged if abs(_apart(row)) <= row["margin"]]
    return {
        "headline": any(row["headline"] for row in rows),
        "false_alarms": _alarms(null),
        "false_alarms_by_size": _by(null, _size, _alarms),
        "power": _by(planted, _planted, _alarms),
        "power_by_size": _by(planted, lambda row: f"{_planted(row)}, {_size(row)}", _alarms),
        "coverage": _coverage(rows),
        "coverage_null": _coverage(null),
        "within": _said(null, WITHIN),
        "within_by_size": _by(null, _size, lambda part: _said(part, WITHIN)),
        "false_within": _said(beyond, WITHIN),
        "false_outside": _said(inside, OUTSIDE),
        "untested": rate(sum(row["p"] is None and row["low"] is None for row in rows), len(rows)),
    }


def _alarms(rows: Sequence[Row]) -> Rate | None:
    tested = [row for row in rows if row["p"] is not None]
    return rate(sum(row["p"] <= LEVEL for row in tested), len(tested))


def _coverage(rows: Sequence[Row]) -> Rate | None:
    shown = [row for row in rows if row["low"] is not None and row["truth"] is not None]
    covered = sum(row["low"] - 1e-12 <= row["truth"] <= row["high"] + 1e-12 for row in shown)
    return rate(covered, len(shown))


def _said(rows: Sequence[Row], verdict: str) -> Rate | None:
    judged = [row for row in rows if row["margin"] is not None]
    return rate(sum(row["verdict"] == verdict for row in judged), len(judged))


def _family(worlds: Iterable[World]) -> Rate | None:
    """How often any headline is significant where nothing differs, after Holm's correction."""
    nothing = [
        [one for one in world["measures"].values() if one["p_adjusted"] is not None]
        for world in worlds
        if all(one["null"] for one in world["measures"].values() if one["headline"])
    ]
    tested = [family for family in nothing if family]
    return rate(sum(min(one["p_adjusted"] for one in f) <= LEVEL for f in tested), len(tested))


def _by(rows: Sequence[Row], key: Any, count: Any) -> dict[str, Rate]:
    parts: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        parts[key(row)].append(row)
    counted = {name: count(part) for name, part in sorted(parts.items(), key=_first)}
    return {name: found for name, found in counted.items() if found is not None}


def _first(part: tuple[str, list[Row]]) -> tuple[float, ...]:
    """The order of cells: by what was planted, then by the smaller side, then by the whole."""
    row = part[1][0]
    smaller = row["viewers"] * min(row["share"], 1 - row["share"])
    planted = row.get("leads", 0.0), row["value"], row["marginal"], row["proxy"]
    return *planted, smaller, row["viewers"]


def _size(row: Row) -> str:
    return f"{round(row['viewers'] * row['share']):,} of {row['viewers']:,} viewers"


def _planted(row: Row) -> str:
    """Name what was planted in words."""
    words = [f"proxy {row['proxy']:g}"] if row["proxy"] else []
    words += ["marginal actors"] if row["marginal"] else []
    words += ["value"] if row["value"] else []
    words += ["leads"] if row.get("leads") else []
    return ", ".join(words) or "nothing"


def _apart(row: Row) -> float:
    """The true distance from no difference: an AUC counts from ½."""
    return float(row["truth"]) - float(row["centre"])


def _learn_truths(rows: Sequence[Row]) -> None:
    """Give rows without a true value the mean of the other worlds of their kind and size.

    So an attacker's number is judged by what attackers find who learn from as many viewers.
    """
    cells: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        if row["truth"] is None and row["estimate"] is not None:
            cells[_planted(row), _size(row)].append(row)
    for cell in cells.values():
        total = sum(row["estimate"] for row in cell)
        for row in cell:
            if len(cell) > 1:
                row["truth"] = (total - row["estimate"]) / (len(cell) - 1)
