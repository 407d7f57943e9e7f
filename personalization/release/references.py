"""The comparison with the models that served lately: none of them may be much better.

The candidate must be no worse than each of them, so it is no worse than the best. That needs no
correction for their number: whichever is the best, an error needs its comparison to be in error.
"""

from dataclasses import dataclass

from personalization.evaluation.report import Evaluation, ReferenceDifference
from personalization.release.bounds import Bounds
from personalization.release.conditions import Condition, ConditionKind, kept_if, unknown
from personalization.release.rules import at_best, at_worst, is_no_worse, is_worse

NAME, VALUE = "references", ConditionKind.VALUE


@dataclass(frozen=True, slots=True)
class BoundedReference:
    """A candidate's difference to one model, between bounds that each err with a look's chance."""

    model: int
    value: float
    low: float
    high: float
    ess: float

    def spent(self, margin: float) -> float:
        """Return the share of the loss budget, the margin, that may be lost at worst."""
        loss = max(0.0, -self.low)
        return loss / margin if margin else (0.0 if not loss else float("inf"))


def bounded(
    references: tuple[ReferenceDifference, ...], chance: float
) -> tuple[BoundedReference, ...]:
    """Return the references of which something is concluded, the hardest to match first."""
    if chance <= 0:
        return ()
    found = []
    for each in references:
        if each.counts and None not in {each.value, each.error, each.freedom}:
            numbers = (each.value, each.error, each.freedom, chance)
            low, high = at_worst(*numbers), at_best(*numbers)
            found.append(
                BoundedReference(each.model, each.value or 0.0, float(low), float(high), each.ess)
            )
    return tuple(sorted(found, key=lambda each: (each.low, each.model)))


def reference_condition(evaluation: Evaluation, bounds: Bounds, chance: float) -> Condition:
    """Return whether the candidate is no worse than the best of the models that served lately."""
    days, margin = bounds.reference_days, bounds.margin
    left_out = _left_out(evaluation)
    counting = [each for each in evaluation.references if each.counts]
    if not counting:
        words = f"No other model that can be compared has served in the last {days} days."
        return kept_if(NAME, VALUE, True, words + left_out)
    if chance <= 0:
        words = (
            "The gate has looked so often within a year that its chance of error is spent. The "
            "oldest looks leave the year with time."
        )
        return unknown(NAME, VALUE, words + left_out)
    found = bounded(evaluation.references, chance)
    worse = [each for each in found if is_worse(each.high, margin)]
    if worse:
        words = f"{_against(worse[0], len(found), days)}; {margin:.4f} may be lost."
        return kept_if(NAME, VALUE, False, words + left_out)
    for each in counting:
        if each.refused is not None:
            words = (
                f"Model {each.model} served in the last {days} days, and against it nothing is "
                f"concluded ({each.refused.rstrip('.')})."
            )
            return unknown(NAME, VALUE, words + left_out)
    hardest = found[0]
    words = (
        f"{_against(hardest, len(found), days)}. "
        f"It may lose {margin:.4f}, of which {hardest.spent(margin):.0%} are spent."
    )
    if is_no_worse(hardest.low, margin):
        return kept_if(NAME, VALUE, True, words + left_out)
    return unknown(NAME, VALUE, f"{words} {needed(hardest, margin)}{left_out}")


def needed(reference: BoundedReference, margin: float) -> str:
    """Say what would settle a comparison in the candidate's favour."""
    half = reference.value - reference.low
    enough = f"With as many decisions, a difference of {half - margin:+.4f} would be enough."
    spare = reference.value + margin
    if spare <= 0:
        return enough
    return (
        f"With the same difference, about {(half / spare) ** 2:,.1f} times as many decisions on "
        f"the unseen days would be enough. {enough}"
    )


def _against(reference: BoundedReference, count: int, days: int) -> str:
    among = (
        f"the only model that served in the last {days} days"
        if count == 1
        else f"the hardest to match of the {count} models that served in the last {days} days"
    )
    return (
        f"Against model {reference.model}, {among}, it earns {reference.value:+.4f} per decision: "
        f"at worst {reference.low:+.4f}, at best {reference.high:+.4f}"
    )


def _left_out(evaluation: Evaluation) -> str:
    names = [str(each.model) for each in evaluation.references if not each.counts]
    if not names:
        return ""
    noun = "Model" if len(names) == 1 else "Models"
    verb = "is" if len(names) == 1 else "are"
    return (
        f" {noun} {', '.join(names)} {verb} left out: the file is of an earlier format or of other "
        "features, so this version can neither replay it nor serve from it."
    )
