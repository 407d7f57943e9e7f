"""Starting runs and judging what they found."""

from datetime import datetime

from django.db import transaction

from audits.models import AuditRun, Finding, Statistic
from audits.protected import store
from audits.runs.execution import execute
from audits.tasks import run_audit


def start(run: AuditRun) -> None:
    """Carry a registered run out here if this process may read, else queue it."""
    if store.holds_audit_role():
        execute(run.pk)
    else:
        transaction.on_commit(lambda: run_audit.delay(run.pk))


def queue(run: AuditRun) -> None:
    """Leave a registered run to the audit worker: what a page does, whatever it holds."""
    transaction.on_commit(lambda: run_audit.delay(run.pk))


def judge(statistic: Statistic, *, judgement: str, note: str, by: str, now: datetime) -> Finding:
    """Record an auditor's judgement beside a statistic. Needs `audits.add_finding`."""
    return Finding.objects.create(
        statistic=statistic, judgement=judgement, note=note, by=by, at=now
    )
