"""A run as a document, and the comparison of two documents."""

from typing import Any

from audits.models import AuditRun, Statistic
from audits.runs import versions
from audits.runs.checking import COMPARED

# How far the numbers of a replay may differ: processors add in different orders.
TOLERANCE = 1e-9


def write(run: AuditRun) -> dict[str, Any]:
    """Return a finished run as JSON: its registration, its inputs, and every statistic."""
    plan = run.registration
    return {
        "run": str(run.public_id),
        "kind": run.kind,
        "headline": run.headline,
        "synthetic": run.synthetic,
        "registered_at": run.registered_at.isoformat() if run.registered_at else None,
        "finished_at": run.finished_at.isoformat() if run.finished_at else None,
        "model": plan["model"],
        "slate": plan["slate"],
        "cohort": plan["cohort"],
        "seed": plan["seed"],
        "registration": plan,
        "registration_digest": run.registration_digest,
        "inputs": run.inputs,
        "groups": run.groups,
        "measures": [measure(statistic) for statistic in run.statistics.all()],
    }


def measure(statistic: Statistic) -> dict[str, Any]:
    """Return one statistic of a document."""
    bounds = [statistic.low, statistic.high]
    return {
        "name": statistic.name,
        "attribute": statistic.attribute,
        "group": statistic.group,
        "estimate": statistic.estimate,
        "interval": None if None in bounds else bounds,
        "null": statistic.null,
        "p": statistic.p,
        "p_adjusted": statistic.p_adjusted,
        "margin": statistic.margin,
        "minimum_detectable": statistic.detectable,
        "viewers": statistic.viewers,
        "verdict": statistic.verdict,
        "headline": statistic.headline,
        "detail": statistic.detail,
    }


def differences(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Say, in words, where two documents' inputs and numbers differ; empty if nowhere.

    Other code or libraries are no difference in themselves: see `other_versions`.
    """
    then, now = _inputs(before), _inputs(after)
    words = [
        f"input {name}: it was {value!r} and is {now.get(name)!r}"
        for name, value in then.items()
        if now.get(name) != value
    ]
    old, new = before["measures"], after["measures"]
    if len(old) != len(new):
        words.append(f"there were {len(old)} statistics and are {len(new)}")
    for one, other in zip(old, new, strict=False):
        where = f"{one['name']} of {one['attribute']} {one['group']}"
        for name in COMPARED:
            if not _same(one[name], other[name]):
                words.append(f"{where}: {name} was {one[name]} and is {other[name]}")
    return words


def other_versions(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Say, in words, which code and libraries of two documents' runs differ; empty if none."""
    return versions.differences(*(each["inputs"]["code"] for each in (before, after)))


def _inputs(document: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document["inputs"].items() if name != "code"}


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, float | int) and isinstance(other, float | int):
        return abs(one - other) <= TOLERANCE * max(1.0, abs(one))
    return bool(one == other)
