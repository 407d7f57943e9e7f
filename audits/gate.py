"""The audit of a candidate, as one part of the decision on its release."""

from audits.actions import runs
from audits.metrics.groups import UNDECLARED
from audits.models import AuditRun, Statistic
from audits.protected import store
from audits.runs import registration
from audits.runs.bounds import BOUNDS, against_bound, centre
from audits.tasks import run_audit
from personalization.models import ModelVersion
from personalization.release.auditing import AuditVerdict, Condition, ConditionState, bound

WORDS = {
    "exposure_distance": "difference in what is shown",
    "leakage_auc": "leakage above chance",
    "prominence_gap": "gap in prominence",
    "lift_difference": "difference in lift over even draws",
}
SAID = {
    ConditionState.BROKEN: "{figure}, beyond the bound of {limit:.2f}.",
    ConditionState.KEPT: "{figure}, within the bound of {limit:.2f}.",
    ConditionState.UNKNOWN: "{figure}: insufficient evidence against the bound of {limit:.2f}.",
}
OF_MARGIN: dict[str, str] = {
    Statistic.Verdict.WITHIN: "it is within it",
    Statistic.Verdict.OUTSIDE: "it is outside it",
    Statistic.Verdict.INSUFFICIENT: "too little evidence to say",
}


class CandidateAuditor:
    """Implements personalization.release.auditing.Auditor over gate runs, one for each model."""

    def request(self, model_id: int) -> None:
        """Request the candidate's gate run once, and start or queue it.

        If its message or its worker is lost, a tick of the audit worker continues it.
        """
        run = AuditRun.objects.filter(model_id=model_id, kind=AuditRun.Kind.GATE).first()
        if run is None:
            model = ModelVersion.objects.get(pk=model_id)
            try:
                run = registration.request(model, kind=AuditRun.Kind.GATE, by="the night")
            except registration.NothingToAudit:
                return
        elif not store.holds_audit_role():
            return
        runs.start(run, enqueue=run_audit.delay)

    def verdict(self, model_id: int) -> AuditVerdict | None:
        """Judge the candidate's gate run; None until it is over.

        A bound that could not be tested is unknown. What an unknown does to the release is
        decided by `personalization.release.policy`. A run that failed holds the candidate.
        """
        run = AuditRun.objects.filter(model_id=model_id, kind=AuditRun.Kind.GATE).first()
        if run is None:
            fewest = registration.FEWEST_VIEWERS
            words = f"Not audited: fewer than {fewest} viewers, or no title with a choice."
            return AuditVerdict(words=words)
        if run.state == AuditRun.State.FAILED:
            words = f"The audit failed: {run.failure}"
            return AuditVerdict(run=str(run.public_id), words=words, failed=True)
        if run.state != AuditRun.State.FINISHED:
            return None
        bounded = run.statistics.filter(name__in=BOUNDS).exclude(group=UNDECLARED)
        conditions = tuple(_condition(statistic) for statistic in bounded)
        words = "" if conditions else "Not audited: too few viewers declared anything to audit by."
        return AuditVerdict(conditions, str(run.public_id), words)


def _condition(statistic: Statistic) -> Condition:
    limit = BOUNDS[statistic.name]
    name = f"{statistic.name}:{statistic.attribute}:{statistic.group}"
    what = f"{statistic.attribute.capitalize()}, {statistic.group}: {WORDS[statistic.name]}"
    if statistic.verdict == Statistic.Verdict.NOT_MEASURABLE:
        words = f"{what} is not measurable here. {statistic.detail.get('why', '')}"
        return bound(name, ConditionState.UNKNOWN, words.strip())
    if statistic.low is None or statistic.high is None or statistic.estimate is None:
        words = f"{what} was not tested: insufficient evidence. {statistic.detail.get('why', '')}"
        return bound(name, ConditionState.UNKNOWN, words.strip())
    chance = centre(statistic)
    low, high = statistic.low - chance, statistic.high - chance
    numbers = f"{statistic.estimate - chance:.3f} ({low:.3f} to {high:.3f})".replace("-", "−")
    figure = f"{what} is {numbers}"
    state = against_bound(statistic) or ConditionState.UNKNOWN
    words = SAID[state].format(figure=figure, limit=limit)
    return bound(name, state, f"{words} {_margin(statistic)}".strip())


def _margin(statistic: Statistic) -> str:
    """Say how the statistic stands to the audit's own margin, which is much narrower."""
    if not statistic.margin or statistic.verdict not in OF_MARGIN:
        return ""
    return f"The audit's margin is {statistic.margin:g}: {OF_MARGIN[statistic.verdict]}."
