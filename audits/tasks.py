"""Tasks of the audit worker, the only process that may read declarations."""

import structlog
from celery import shared_task
from django.db import DatabaseError
from django.utils import timezone

from audits.actions import evidence, selftest
from audits.protected import store
from audits.runs import claiming
from audits.runs.execution import execute

log = structlog.get_logger(__name__)
NOT_HERE = "This worker may not read declarations. The run waits for one that may."


class AuditFailed(Exception):
    """A run failed; the words hold nothing that it read."""


@shared_task  # type: ignore[untyped-decorator]
def run_audit(run_id: int) -> str:
    """Carry out a registered run. A second delivery of the same task does nothing."""
    if not store.holds_audit_role():
        return NOT_HERE
    try:
        return _words(run_id)
    except Exception as error:
        # Operators read a task's result and traceback. The run keeps the error, and the log too.
        raise AuditFailed(f"audit run {run_id} failed: {type(error).__name__}") from None


@shared_task  # type: ignore[untyped-decorator]
def audit_tick() -> str:
    """Carry out every run that waits or whose worker is gone. A lost message loses no run.

    Declarations and withdrawals that arrived are folded in first, so that what was withdrawn is
    really deleted within a minute. At the end the evidence log is brought up to date. Returns
    words for the task's result. A run that fails keeps its error, and the next one begins.
    """
    if not store.holds_audit_role():
        return NOT_HERE
    try:
        store.fold()
    except DatabaseError as error:
        raise AuditFailed(f"arrivals were not folded in: {type(error).__name__}") from None
    lines = []
    for run_id in claiming.due():
        try:
            lines.append(_words(run_id))
        except Exception as error:  # the run keeps it, and the log holds its traceback
            lines.append(f"audit run {run_id} failed: {type(error).__name__}")
    lines = lines or ["No run waits."]
    try:
        evidence.tick()
    except Exception as error:  # the events wait for the next tick
        log.exception("evidence_failed")
        lines.append(f"The evidence log was not brought up to date: {type(error).__name__}")
    return "\n".join(lines)


@shared_task  # type: ignore[untyped-decorator]
def selftest_tick() -> str:
    """Audit one world of this month's self-test. Runs come first: while one waits, nothing is done.

    Returns words for the task's result.
    """
    if not store.holds_audit_role():
        return NOT_HERE
    if claiming.due():
        return "A run waits. The self-test goes on later."
    return selftest.tick(timezone.now())


def _words(run_id: int) -> str:
    run = execute(run_id)
    return f"{run}: {run.get_state_display().lower()}"
