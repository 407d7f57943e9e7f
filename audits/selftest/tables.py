"""The curves as Markdown tables, as docs/verdicts.md has them: a rate of 100 ± one error."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from audits.naming import MEASURES

RATES = (
    ("false alarms", "false_alarms"),
    ("coverage", "coverage"),
    ("within at 0", "within"),
    ("false within", "false_within"),
    ("false outside", "false_outside"),
)
SPLIT = (
    ("false alarms, with", "false_alarms_by_size"),
    ("within at 0, with", "within_by_size"),
    ("found (p ≤ .05)", "power"),
)


def markdown(summed: Mapping[str, Any]) -> str:
    """Write the rates as four tables.

    Args:
        summed: as `curves` returns it.

    Returns:
        A table of all measures by rate, headlines first, then one each for the headlines' false
        alarms and *within* by size, and for what was found by what was planted.
    """
    measures = summed["measures"]
    headlines = {name: one for name, one in measures.items() if one["headline"]}
    ordered = [*headlines, *(name for name in measures if name not in headlines)]
    every = _table(
        ["measure", *(words for words, _ in RATES)],
        (
            [
                f"**{_name(name)}**" if name in headlines else _name(name),
                *(_share(measures[name][part]) for _, part in RATES),
            ]
            for name in ordered
        ),
    )
    return "\n\n".join([every, *(_split(headlines, *split) for split in SPLIT)]) + "\n"


def _split(headlines: Mapping[str, Any], words: str, part: str) -> str:
    cells = list(dict.fromkeys(cell for one in headlines.values() for cell in one[part]))
    return _table(
        [words, *(_name(name) for name in headlines)],
        ([cell, *(_share(one[part].get(cell)) for one in headlines.values())] for cell in cells),
    )


def _name(measure: str) -> str:
    return MEASURES.get(measure, measure)  # one of other code may have no name here


def _table(head: list[str], rows: Iterable[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _share(found: Mapping[str, float] | None) -> str:
    return "–" if found is None else f"{100 * found['rate']:.1f} ± {100 * found['error']:.1f}"
