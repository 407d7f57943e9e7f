"""Conditions on the data that judged a candidate: enough of it, as usual, and complete."""

from personalization.evaluation.report import Evaluation
from personalization.release.bounds import Bounds
from personalization.release.conditions import Condition, ConditionKind, kept_if, unknown
from personalization.release.data_facts import DataFacts

DATA = ConditionKind.DATA


def data_conditions(data: DataFacts, evaluation: Evaluation, bounds: Bounds) -> list[Condition]:
    """Return one condition for each thing that may be wrong with the data."""
    return [
        _volume(data, bounds),
        _usual_volume(data, bounds),
        _rate(data, bounds),
        _refused(data, bounds),
        _unknown(evaluation, bounds),
        _missing(data, bounds),
        _drift(evaluation, bounds),
    ]


def _volume(data: DataFacts, bounds: Bounds) -> Condition:
    words = f"The unseen days hold {data.decisions:,} decisions"
    if data.decisions < bounds.decisions:
        words += f" of the {bounds.decisions:,} needed: too few to conclude from."
        return unknown("volume", DATA, words)
    return kept_if("volume", DATA, True, f"{words}; {bounds.decisions:,} are needed.")


def _usual_volume(data: DataFacts, bounds: Bounds) -> Condition:
    name = "usual_volume"
    if not data.volumes:
        return unknown(name, DATA, "No training day shows how many decisions a day are usual.")
    a_day = data.decisions / max(1, data.days)
    least, most = min(data.volumes), max(data.volumes)
    return kept_if(
        name,
        DATA,
        least / bounds.range <= a_day <= most * bounds.range,
        f"The unseen days hold {a_day:,.0f} decisions a day. The {len(data.volumes)} newest "
        f"training days hold {least:,} to {most:,}. At most a factor of {bounds.range:g} outside "
        "that range is accepted.",
    )


def _rate(data: DataFacts, bounds: Bounds) -> Condition:
    if not data.decisions:
        return unknown("rate", DATA, "The unseen days hold no decision, so no rate is known.")
    rate = data.rewards / data.decisions
    if not rate:
        return kept_if("rate", DATA, False, "The unseen days hold no quality play at all.")
    if not any(data.rates):
        return unknown("rate", DATA, "The training days hold no quality play to compare with.")
    least, most = min(data.rates), max(data.rates)
    return kept_if(
        "rate",
        DATA,
        least / bounds.range <= rate <= most * bounds.range,
        f"{rate:.2%} of the decisions on the unseen days led to a quality play. On the newest "
        f"training days {least:.2%} to {most:.2%} did. At most a factor of {bounds.range:g} "
        "outside that range is accepted.",
    )


def _refused(data: DataFacts, bounds: Bounds) -> Condition:
    share = data.refused / max(1, data.decisions + data.refused)
    return kept_if(
        "refused",
        DATA,
        share <= bounds.refused,
        f"{data.refused:,} rows were left out as faulty ({share:.1%}); "
        f"at most {bounds.refused:.0%} may be.",
    )


def _unknown(evaluation: Evaluation, bounds: Bounds) -> Condition:
    share = evaluation.unknown / max(1, evaluation.decisions + evaluation.unknown)
    return kept_if(
        "unknown",
        DATA,
        share <= bounds.unknown,
        f"{evaluation.unknown:,} decisions ({share:.1%}) had artworks that have left the "
        f"catalogue; at most {bounds.unknown:.0%} may.",
    )


def _missing(data: DataFacts, bounds: Bounds) -> Condition:
    missing = data.missing
    return kept_if(
        "missing",
        DATA,
        len(missing) <= bounds.missing,
        f"{len(missing)} of the newest seven days are missing"
        + (f" ({', '.join(missing)})" if missing else "")
        + f"; at most {bounds.missing} may be.",
    )


def _drift(evaluation: Evaluation, bounds: Bounds) -> Condition:
    drift = evaluation.drift
    if drift is None:
        words = "It is not known which viewers the candidate learnt from, so drift is not measured."
        return unknown("drift", DATA, words)
    return kept_if(
        "drift",
        DATA,
        abs(drift.shift) <= bounds.drift,
        f"Of the numbers in the viewer vectors, “{drift.feature}” moved furthest since the newest "
        f"training days: {drift.shift:+.2f} standard deviations; at most {bounds.drift:g} "
        "is accepted.",
    )
