"""Who carries a run out: one worker at a time, and another one if that worker is gone.

A worker that claims a run gets the number of a new attempt. While it works, it reports every few
seconds that it still does. A run whose worker has reported nothing for PATIENCE may be claimed
again. Each later write of a worker names its attempt, and changes nothing if the run has a newer
one. So a worker that was only held up, and comes back, cannot write over its successor (a fencing
token, as in Kleppmann, "How to do distributed locking", 2016).

Times are the database's, so that workers whose clocks differ agree on who is silent.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import structlog
from django.db import DatabaseError, connections, transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from audits.models import AuditRun
from audits.routers import AUDIT

log = structlog.get_logger(__name__)
# A running run whose worker has reported nothing for so long may be claimed again.
PATIENCE = timedelta(minutes=3)
REPORT_SECONDS = 15.0  # how often a worker reports: a report or two may be lost
# A tick leaves a waiting run for so long to its message, or to the process that requested it.
GRACE = timedelta(seconds=30)
ATTEMPTS = 3  # a run that ends its worker so often would end the next one too
State = AuditRun.State
STOPPED = (
    "The audit worker stopped {attempts} times during this run, last at “{stage}”. It was killed, "
    "or its machine was: often too little memory. See the worker’s log, then start the run again."
)


class Overtaken(Exception):
    """Another worker has claimed the run since. Nothing more may be written for this attempt."""


def due() -> list[int]:
    """Return the ids of all runs that wait too long or were abandoned, the oldest first."""
    left = Q(state=State.QUEUED, touched_at__lt=Now() - GRACE) | _abandoned()
    return list(
        AuditRun.objects.using(AUDIT).filter(left).order_by("pk").values_list("pk", flat=True)
    )


def claim(run_id: int) -> AuditRun | None:
    """Claim a waiting or abandoned run; None if another worker has it, or it is over.

    An abandoned run that was attempted ATTEMPTS times is failed instead.
    """
    with transaction.atomic(using=AUDIT):
        runs = AuditRun.objects.using(AUDIT)
        run = runs.select_for_update(skip_locked=True).filter(_free(), pk=run_id).first()
        if run is None:
            return None
        if run.attempts >= ATTEMPTS:
            why = STOPPED.format(attempts=run.attempts, stage=run.stage)
            mine(run).update(state=State.FAILED, failure=why)
            log.error("audit_given_up", run=run.pk, attempts=run.attempts)
            return None
        runs.filter(pk=run_id).update(
            state=State.RUNNING,
            attempts=run.attempts + 1,
            stage="Replaying the policy",
            progress=0.0,
            touched_at=Now(),
        )
        return runs.get(pk=run_id)


def mine(run: AuditRun) -> QuerySet[AuditRun]:
    """Return a claimed run as a query that is empty once another worker has claimed it."""
    return AuditRun.objects.using(AUDIT).filter(
        pk=run.pk, state=State.RUNNING, attempts=run.attempts
    )


@contextmanager
def reporting(run: AuditRun) -> Iterator[None]:
    """Report from a thread of its own, for the length of the block, that the worker works."""
    over = threading.Event()
    reporter = threading.Thread(target=_report, args=(run, over), daemon=True)
    reporter.start()
    try:
        yield
    finally:
        over.set()
        reporter.join()


def _report(run: AuditRun, over: threading.Event) -> None:
    while not over.wait(REPORT_SECONDS):
        try:
            mine(run).update(touched_at=Now())
        except DatabaseError as error:  # the database may be back at the next report
            log.warning("audit_report_failed", run=run.pk, error=str(error))
        finally:
            connections.close_all()  # this thread's own


def _free() -> Q:
    return Q(state=State.QUEUED) | _abandoned()


def _abandoned() -> Q:
    return Q(state=State.RUNNING, touched_at__lt=Now() - PATIENCE)
