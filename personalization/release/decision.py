"""The decision on a candidate: the gate, the audit, the bounds, the policy and the registry."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from personalization.evaluation.report import Evaluation
from personalization.models import ModelVersion
from personalization.release import auditing, looks, registry
from personalization.release.bounds import bounds
from personalization.release.conditions import Condition
from personalization.release.data_facts import data_facts
from personalization.release.gate import gate_conditions, reason
from personalization.release.policy import release_policy


class EvaluationOutdated(Exception):
    """The candidate was compared with other models than it should be by now."""


@dataclass(frozen=True, slots=True)
class ReleaseDecision:
    """What was decided: whether the candidate serves, why, and every condition."""

    serves: bool
    reason: str
    conditions: tuple[Condition, ...]


@transaction.atomic
def decide(candidate: ModelVersion, *, now: datetime) -> ReleaseDecision:
    """Decide whether an evaluated candidate serves or is held, and carry the decision out.

    A candidate that a person has promoted meanwhile keeps serving.

    Raises:
        EvaluationOutdated: somebody promoted or rolled back since the evaluation. Evaluate again.
        EvaluationMalformed: the stored evaluation cannot be read; the message names the field.
        StorageAltered, StorageMissing: the candidate's file is not the one that was fitted.
    """
    evaluation = Evaluation.from_json(candidate.evaluation)
    serving = ModelVersion.objects.serving()
    if serving == candidate:
        words = f"A person promoted it before the night decided: {serving.reason}"
        return ReleaseDecision(serves=True, reason=words, conditions=())
    if evaluation.serving != (serving.pk if serving else None):
        raise EvaluationOutdated(
            f"{candidate} was compared with model {evaluation.serving}; {serving} serves now."
        )
    limits = bounds()
    if not looks.is_compared_with_all(candidate, evaluation, days=limits.reference_days):
        raise EvaluationOutdated(
            f"The models that {candidate} was compared with are not those that served in the last "
            f"{limits.reference_days} days any more."
        )
    auditor, policy = auditing.auditor(), release_policy()
    budget = looks.budget(candidate, serving, error=limits.error)
    conditions = gate_conditions(
        evaluation,
        auditor.verdict(candidate.pk) if auditor else None,
        audited=auditor is not None,
        data=data_facts(candidate),
        bounds=limits,
        chance=budget.chance,
    )
    decision = ReleaseDecision(
        serves=policy.lets_serve(conditions),
        reason=reason(conditions, policy),
        conditions=tuple(conditions),
    )
    ModelVersion.objects.filter(pk=candidate.pk).update(
        gate=[condition.to_json() for condition in conditions]
    )
    carry_out = registry.promote if decision.serves else registry.hold
    carry_out(candidate, reason=decision.reason, now=now)
    looks.record(
        candidate,
        evaluation,
        budget,
        margin=limits.margin,
        released=decision.serves,
        now=now,
    )
    return decision
