"""The audit at the gate: what the night asks of a candidate before it may serve."""

from datetime import datetime

from django.utils import timezone

from audits.actions import runs
from audits.models import AuditRun, Statistic
from audits.runs.execution import PATIENCE
from audits.runs.registration import NothingToAudit, register
from personalization.models import ModelVersion
from personalization.release.auditing import Condition, Verdict

# How far a candidate may go before it is held. These are alarms and not aims: a policy that is
# personal at all differs between groups of people who watch differently, and a run's own, much
# narrower margins say by how much. Beyond these it does not serve without a person's decision.
BOUNDS = {
    "exposure_difference": 0.25,
    "leakage_auc": 0.40,
    "prominence_gap": 0.10,
    "value_difference": 0.05,
}
WORDS = {
    "exposure_difference": "difference in what is shown",
    "leakage_auc": "leakage above chance",
    "prominence_gap": "gap in prominence",
    "value_difference": "difference in value",
}


class CandidateAuditor:
    """Implements personalization.release.auditing.Auditor over gate runs, one for each model."""

    def request(self, model_id: int) -> None:
        """Register the candidate's gate run once, and see that somebody carries it out."""
        now = timezone.now()
        run = AuditRun.objects.filter(model_id=model_id, kind=AuditRun.Kind.GATE).first()
        if run is None:
            model = ModelVersion.objects.get(pk=model_id)
            try:
                run = register(model, kind=AuditRun.Kind.GATE, now=now, by="the night")
            except NothingToAudit:
                return
        elif not _forgotten(run, now):
            return
        runs.start(run)

    def verdict(self, model_id: int) -> Verdict | None:
        """Judge the candidate's gate run; None until it is over.

        Too little data does not hold a candidate, and is said: a new site could never learn
        otherwise. A run that failed does.
        """
        run = AuditRun.objects.filter(model_id=model_id, kind=AuditRun.Kind.GATE).first()
        if run is None:
            words = "There was nothing to audit: no viewer, or no title with a choice."
            return Verdict(True, [Condition(name="audit", met=True, words=words)])
        if run.state == AuditRun.State.FAILED:
            words = f"The audit failed: {run.failure}"
            return Verdict(False, [Condition(name="audit", met=False, words=words)], str(run))
        if run.state != AuditRun.State.FINISHED:
            return None
        judged = run.statistics.filter(headline=True, name__in=BOUNDS)
        conditions = [_condition(statistic) for statistic in judged]
        if not conditions:
            words = "Too few viewers declared anything to audit by: insufficient evidence."
            conditions = [Condition(name="audit", met=True, words=words)]
        return Verdict(all(each["met"] for each in conditions), conditions, str(run.public_id))


def _forgotten(run: AuditRun, now: datetime) -> bool:
    over = run.state in {AuditRun.State.FINISHED, AuditRun.State.FAILED}
    return not over and run.touched_at < now - PATIENCE


def _condition(statistic: Statistic) -> Condition:
    bound = BOUNDS[statistic.name]
    name = f"{statistic.name}:{statistic.attribute}:{statistic.group}"
    what = f"{statistic.attribute}, {statistic.group}: {WORDS[statistic.name]}"
    if statistic.low is None or statistic.high is None or statistic.estimate is None:
        words = f"{what} was not tested: insufficient evidence."
        return Condition(name=name, met=True, words=words)
    centre = 0.5 if statistic.name == "leakage_auc" else 0.0
    low, high = statistic.low - centre, statistic.high - centre
    beyond = low > bound or high < -bound
    certain = -bound < low and high < bound
    said = "beyond" if beyond else "within" if certain else "insufficient evidence against"
    words = (
        f"{what} is {statistic.estimate - centre:.3f} ({low:.3f} to {high:.3f}), "
        f"{said} the bound of {bound:.2f}."
    )
    return Condition(name=name, met=not beyond, words=words)
