"""What the gate's look at a candidate saw, for its page: models, budgets, what is missing."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings

from personalization.evaluation.report import Evaluation, ReferenceDifference
from personalization.models import GateLook, ModelVersion
from personalization.release import rules
from personalization.release.references import BoundedReference, bounded, needed
from personalization.release.rules import is_no_worse


@dataclass(frozen=True, slots=True)
class ShownReference:
    """A row of the table: a model, the bounds, and the share of the loss budget that is spent."""

    bounds: BoundedReference
    spent: float


@dataclass(frozen=True, slots=True)
class ShownLook:
    """A look as the page shows it.

    Attributes:
        rows: the models of which something is concluded, the hardest to match first.
        refused, left_out: models of which nothing is concluded, and those that do not count.
        chance, year, budget: of an error at this look, what the looks of the year until then had
            of it, and the most that a year may have; in percent.
        passed: how many of the look's shares were passed on by releases before it.
        needed: what would have settled it in the candidate's favour; "" where nothing was missing.
    """

    look: GateLook
    days: int
    rows: tuple[ShownReference, ...]
    refused: tuple[ReferenceDifference, ...]
    left_out: tuple[ReferenceDifference, ...]
    chance: float
    year: float
    budget: float
    passed: int
    needed: str


def shown(model: ModelVersion, evaluation: Evaluation | None) -> ShownLook | None:
    """Return what the look at a model saw; None if there was none, or no evaluation to read."""
    look = GateLook.objects.filter(model=model).first()
    if look is None or evaluation is None:
        return None
    found = bounded(evaluation.references, look.chance)
    held_back = [each for each in found if not is_no_worse(each.low, look.margin)]
    return ShownLook(
        look=look,
        days=settings.GATE_REFERENCE_DAYS,
        rows=tuple(ShownReference(each, 100 * each.spent(look.margin)) for each in found),
        refused=tuple(each for each in evaluation.references if each.counts and each.refused),
        left_out=tuple(each for each in evaluation.references if not each.counts),
        chance=100 * look.chance,
        year=100 * _of_the_year(look),
        budget=100 * settings.GATE_ERROR,
        passed=max(0, look.shares - 1),
        needed=needed(held_back[0], look.margin) if held_back else "",
    )


def _of_the_year(look: GateLook) -> float:
    """Return what the year's looks up to this one took of its chance of error.

    Only a look's own share counts. Those that were passed on to it were counted before.
    """
    since = look.day - timedelta(days=rules.YEAR)
    year = GateLook.objects.filter(pk__lte=look.pk, day__gt=since, shares__gt=0)
    return sum(chance / shares for chance, shares in year.values_list("chance", "shares"))
