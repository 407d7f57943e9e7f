"""Whether the data that judged a candidate can be believed: conditions in words."""

from typing import Any

from personalization.night.days import Facts
from personalization.release.auditing import Condition
from personalization.release.bounds import Bounds, condition


def data_conditions(data: Facts, evaluation: dict[str, Any], bounds: Bounds) -> list[Condition]:
    """Return a condition for each thing that may be wrong with the data."""
    return [
        _volume(data, bounds),
        _usual_volume(data, bounds),
        _rate(data, bounds),
        _refused(data, bounds),
        _unknown(evaluation, bounds),
        _missing(data, bounds),
        _drift(evaluation, bounds),
    ]


def _volume(data: Facts, bounds: Bounds) -> Condition:
    return condition(
        "volume",
        data["decisions"] >= bounds.decisions,
        f"The unseen days hold {data['decisions']:,} decisions; {bounds.decisions:,} are needed.",
    )


def _usual_volume(data: Facts, bounds: Bounds) -> Condition:
    name = "usual_volume"
    a_day = data["decisions"] / max(1, data["days"])
    if not data["volumes"]:
        return condition(name, False, "Of no day learnt from is it known how much is usual.")
    least, most = min(data["volumes"]), max(data["volumes"])
    return condition(
        name,
        least / bounds.range <= a_day <= most * bounds.range,
        f"The unseen days hold {a_day:,.0f} decisions a day; the {len(data['volumes'])} days "
        f"before them held {least:,} to {most:,}, and a factor of {bounds.range:g} beyond that "
        "is believed.",
    )


def _rate(data: Facts, bounds: Bounds) -> Condition:
    rate = data["rewards"] / max(1, data["decisions"])
    if not rate:
        return condition("rate", False, "The unseen days hold no quality play at all.")
    if not any(data["rates"]):
        return condition("rate", False, "The days learnt from hold no quality play at all.")
    least, most = min(data["rates"]), max(data["rates"])
    return condition(
        "rate",
        least / bounds.range <= rate <= most * bounds.range,
        f"{rate:.2%} of the unseen days' decisions led to a quality play, {least:.2%} to "
        f"{most:.2%} on the days before; a factor of {bounds.range:g} beyond that is believed.",
    )


def _refused(data: Facts, bounds: Bounds) -> Condition:
    share = data["refused"] / max(1, data["decisions"] + data["refused"])
    return condition(
        "refused",
        share <= bounds.refused,
        f"{data['refused']:,} rows were left out as faulty ({share:.1%}); "
        f"at most {bounds.refused:.0%} may be.",
    )


def _unknown(evaluation: dict[str, Any], bounds: Bounds) -> Condition:
    unknown = evaluation["unknown"]
    share = unknown / max(1, evaluation["decisions"] + unknown)
    return condition(
        "unknown",
        share <= bounds.unknown,
        f"{unknown:,} decisions ({share:.1%}) had artworks that the catalogue no longer has; "
        f"at most {bounds.unknown:.0%} may.",
    )


def _missing(data: Facts, bounds: Bounds) -> Condition:
    missing = data["missing"]
    return condition(
        "missing",
        len(missing) <= bounds.missing,
        f"{len(missing)} of the newest seven days are missing"
        + (f" ({', '.join(missing)})" if missing else "")
        + f"; at most {bounds.missing} may be.",
    )


def _drift(evaluation: dict[str, Any], bounds: Bounds) -> Condition:
    found = evaluation.get("drift")
    if found is None:
        return condition("drift", False, "It is not known which viewers the candidate learnt from.")
    return condition(
        "drift",
        abs(found["shift"]) <= bounds.drift,
        f"Of the viewers' numbers, “{found['feature']}” moved furthest since the newest days "
        f"learnt from: {found['shift']:+.2f} standard deviations; "
        f"at most {bounds.drift:g} is believed.",
    )
