"""The self-test's rows: one for each world that was audited, and the curves of many worlds.

The audit role adds rows, and nobody changes one. Rows of other code are kept and not counted.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connections

from audits.routers import AUDIT


@dataclass(frozen=True)
class StoredCurve:
    """The curves of a series: how many worlds they sum up, what `selftest.curves` made of them."""

    series: str
    code: str
    worlds: int
    curve: dict[str, Any]
    at: datetime


def add(
    series: str,
    code: str,
    number: int,
    *,
    spec: dict[str, Any],
    measures: dict[str, Any],
    seconds: float,
) -> None:
    """Keep what the audit said about a world. A world that is there already stays as it is."""
    with connections[AUDIT].cursor() as cursor:
        cursor.execute(
            "INSERT INTO record.selftest_worlds (series, code, number, spec, measures, seconds)"
            " VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
            [series, code, number, json.dumps(spec), json.dumps(measures), seconds],
        )


def done(series: str, code: str) -> set[int]:
    """Return the numbers of the worlds that are there."""
    with connections[AUDIT].cursor() as cursor:
        cursor.execute(
            "SELECT number FROM record.selftest_worlds WHERE series = %s AND code = %s",
            [series, code],
        )
        return {number for (number,) in cursor.fetchall()}


def worlds(series: str, code: str) -> list[dict[str, Any]]:
    """Return every world of a series, by number: its spec, measures and seconds."""
    with connections[AUDIT].cursor() as cursor:
        cursor.execute(
            "SELECT spec, measures, seconds FROM record.selftest_worlds"
            " WHERE series = %s AND code = %s ORDER BY number",
            [series, code],
        )
        return [
            {"spec": _loaded(spec), "measures": _loaded(measures), "seconds": seconds}
            for spec, measures, seconds in cursor.fetchall()
        ]


def keep_curve(series: str, code: str, curve: dict[str, Any]) -> None:
    """Keep the curves of a series, beside those that were kept before."""
    with connections[AUDIT].cursor() as cursor:
        cursor.execute(
            "INSERT INTO record.selftest_curves (series, code, worlds, curve)"
            " VALUES (%s, %s, %s, %s)",
            [series, code, curve["worlds"], json.dumps(curve)],
        )


def newest(alias: str = "default") -> StoredCurve | None:
    """Return the newest curves, or None before the first."""
    with connections[alias].cursor() as cursor:
        cursor.execute(
            "SELECT series, code, worlds, curve, at FROM record.selftest_curves"
            " ORDER BY id DESC LIMIT 1"
        )
        row = cursor.fetchone()
    if row is None:
        return None
    series, code, count, curve, at = row
    return StoredCurve(series, code, count, _loaded(curve), at)


def _loaded(value: Any) -> dict[str, Any]:
    return dict(json.loads(value)) if isinstance(value, str) else dict(value)
