"""How often each verdict is wrong, from the self-test's last curves, for the page of a run."""

from typing import Any

from audits.admin.presentation import WORDS
from audits.record import selftests
from audits.record.selftests import StoredCurve
from audits.selftest.design import STRENGTHS

PLANTED = tuple(f"proxy {strength:g}" for strength in STRENGTHS)


def panel() -> dict[str, Any] | None:
    """Return the newest curves and one row for each headline measure; None before the first."""
    newest = selftests.newest()
    if newest is None:
        return None
    return {"curve": newest, "strengths": PLANTED, "rows": rows(newest)}


def rows(newest: StoredCurve) -> list[dict[str, Any]]:
    """Return the rates of each headline measure as cells: a share of 100 and its error, or None."""
    return [
        {
            "measure": WORDS.get(name, name),
            "cells": [
                _cell(one["false_alarms"]),
                *(_cell(one["power"].get(strength)) for strength in PLANTED),
                _cell(one["coverage"]),
                _cell(one["within"]),
                _cell(one["false_within"]),
                _cell(one["false_outside"]),
            ],
        }
        for name, one in newest.curve["measures"].items()
        if one["headline"]
    ]


def _cell(found: dict[str, float] | None) -> dict[str, float] | None:
    return found and {"share": 100 * found["rate"], "error": 100 * found["error"]}
