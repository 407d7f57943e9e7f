"""How often each verdict is wrong, from the self-test's last curves, for the page of a run."""

from typing import Any

from audits.naming import MEASURES
from audits.record import selftests
from audits.selftest.design import STRENGTHS

RATES = (
    ("False alarms", "false_alarms", ""),
    *((f"Found: proxy {strength:g}", "power", f"proxy {strength:g}") for strength in STRENGTHS),
    ("Intervals that cover", "coverage", ""),
    ("“Within” where nothing differs", "within", ""),
    ("False “within”", "false_within", ""),
    ("False “outside”", "false_outside", ""),
)


def panel() -> dict[str, Any] | None:
    """Return the newest curves, the headline measures and one row a rate; None before the first."""
    newest = selftests.newest()
    if newest is None:
        return None
    headlines = {name: one for name, one in newest.curve["measures"].items() if one["headline"]}
    return {
        "curve": newest,
        "measures": [MEASURES.get(name, name) for name in headlines],
        "rows": [
            {"rate": words, "cells": [_cell(one[part], planted) for one in headlines.values()]}
            for words, part, planted in RATES
        ],
    }


def _cell(found: dict[str, Any] | None, planted: str) -> dict[str, float] | None:
    """Return a rate and its error, of 100; None where there is no world for it."""
    if planted:
        found = (found or {}).get(planted)
    return found and {"share": 100 * found["rate"], "error": 100 * found["error"]}
