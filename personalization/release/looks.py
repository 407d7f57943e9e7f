"""The record of the gate's looks: which models it compares with, and with what chance of error."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Q

from personalization.evaluation.report import Evaluation
from personalization.models import GateLook, ModelVersion
from personalization.release import rules
from personalization.release.references import bounded

State = ModelVersion.State


@dataclass(frozen=True, slots=True)
class ErrorBudget:
    """What of a year's chance of error a look has.

    Attributes:
        day: the newest unseen day, by which years are counted.
        shares: how many shares it has: its own, and those that the look before passed on.
        chance: of an error at this look.
        spent: how many looks there were in the past year.
    """

    day: date
    shares: int
    chance: float
    spent: int


def references(candidate: ModelVersion, *, days: int) -> list[ModelVersion]:
    """Return the models that served in the last `days`, newest first.

    The days are counted back from the newest unseen day and not from a clock, so a clock that is
    ahead drops none. A model that was rolled back is held, and no reference: a person saw harm.
    """
    since = datetime.combine(newest_day(candidate) - timedelta(days=days), time(), UTC)
    lately = Q(state=State.SERVING) | Q(state=State.RETIRED, retired_at__gte=since)
    return list(ModelVersion.objects.exclude(pk=candidate.pk).filter(lately).order_by("-pk"))


def is_compared_with_all(candidate: ModelVersion, evaluation: Evaluation, *, days: int) -> bool:
    """Say whether an evaluation compared the candidate with the models of the last `days`."""
    wanted = {model.pk for model in references(candidate, days=days)}
    return {each.model for each in evaluation.references} == wanted


def budget(candidate: ModelVersion, serving: ModelVersion | None, *, error: float) -> ErrorBudget:
    """Return what a look at the candidate may err by.

    The look before passes its shares on if it released the model that serves now. A model that a
    person promoted or brought back was not released by it, and then nothing is passed on.
    """
    day = newest_day(candidate)
    others = GateLook.objects.exclude(model=candidate)
    last = others.order_by("-id").first()
    is_passed_on = last is not None and last.released and last.model == serving
    passed = last.shares if last is not None and is_passed_on else 0
    spent = others.filter(day__gt=day - timedelta(days=rules.YEAR)).count()
    shares = int(rules.shares(passed, spent))
    return ErrorBudget(day, shares, shares * rules.share(error), spent)


def record(
    candidate: ModelVersion,
    evaluation: Evaluation,
    budget: ErrorBudget,
    *,
    margin: float,
    released: bool,
    now: datetime,
) -> GateLook:
    """Record a look. A candidate is looked at once."""
    found = bounded(evaluation.references, budget.chance)
    hardest = found[0] if found else None
    return GateLook.objects.create(
        model=candidate,
        at=now,
        day=budget.day,
        shares=budget.shares,
        chance=budget.chance,
        margin=margin,
        references=len(found),
        hardest_id=hardest.model if hardest else None,
        low=hardest.low if hardest else None,
        released=released,
    )


def newest_day(candidate: ModelVersion) -> date:
    """Return the newest day that judges a candidate."""
    newest = candidate.evaluation_days.order_by("-day").first()
    return newest.day if newest else candidate.created_at.astimezone(UTC).date()
