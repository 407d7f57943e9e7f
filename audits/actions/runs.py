"""Starting runs and judging what they measured."""

from collections.abc import Callable

from django.db import transaction

from audits.models import AuditRun, Finding, Statistic
from audits.protected import store
from audits.record import doors
from audits.runs.execution import execute

# Hands a run's id to the audit worker. The caller gives it, because actions import no tasks.
Enqueue = Callable[[int], object]


def start(run: AuditRun, *, enqueue: Enqueue) -> None:
    """Carry a requested run out here if this process may read declarations; otherwise queue it."""
    if store.holds_audit_role():
        transaction.on_commit(lambda: execute(run.pk))
    else:
        queue(run, enqueue=enqueue)


def queue(run: AuditRun, *, enqueue: Enqueue) -> None:
    """Leave a requested run to the audit worker, once this transaction is committed.

    The message holds the run's id alone. A page always does this, even in a process that may
    read declarations.
    """
    transaction.on_commit(lambda: enqueue(run.pk))


def judge(statistic: Statistic, *, judgement: str, note: str, by: str) -> Finding:
    """Record an auditor's judgement beside a statistic. Needs `audits.add_finding`."""
    number = doors.judge(statistic.pk, judgement=judgement, note=note, by=by)
    return Finding.objects.get(pk=number)
