"""Carrying out a run: claim it, compute its numbers, and store them."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import structlog
from django.db import InterfaceError, OperationalError, transaction
from django.db.models.functions import Now
from django.utils import timezone

from audits.models import AuditRun, Statistic
from audits.runs.claiming import ATTEMPTS, Overtaken, claim, mine, reporting
from audits.runs.computing import Computed, Reader, compute
from audits.runs.registration import digest

log = structlog.get_logger(__name__)
State = AuditRun.State
Clock = Callable[[], datetime]


def execute(run_id: int, *, clock: Clock = timezone.now) -> AuditRun:
    """Carry out a run. An error is recorded on the run, and raised.

    A run that another worker has, or that is over, is returned unchanged. So is one that another
    worker claims meanwhile: then nothing of this attempt is kept. If the database cannot be
    reached, the run waits for another attempt, up to ATTEMPTS of them.
    """
    run = claim(run_id)
    if run is None:
        return AuditRun.objects.get(pk=run_id)
    try:
        with reporting(run):
            _measure(run, clock)
    except Overtaken:
        log.warning("audit_overtaken", run=run.pk, attempt=run.attempts)
    except Exception as error:
        log.exception("audit_failed", run=run.pk)
        _stop(run, error, clock())
        raise
    run.refresh_from_db()
    return run


def _stop(run: AuditRun, error: Exception, now: datetime) -> None:
    """Record that an attempt failed. Only a lost database is worth another attempt."""
    # PostgreSQL's further lines can hold rows.
    words = f"{type(error).__name__}: {str(error).partition(chr(10))[0]}"
    if isinstance(error, OperationalError | InterfaceError) and run.attempts < ATTEMPTS:
        mine(run).update(state=State.QUEUED, stage="Waiting for another attempt", failure=words)
    else:
        mine(run).update(state=State.FAILED, failure=words, finished_at=now)


def _measure(run: AuditRun, clock: Clock) -> None:
    plan: dict[str, Any] = run.registration
    if digest(plan) != run.registration_digest:
        raise ValueError("The registration was altered: its digest differs.")

    def progress(words: str, done: float) -> None:
        if not mine(run).update(stage=words[:80], progress=done, touched_at=Now()):
            raise Overtaken

    reader = Reader(
        purpose=f"{run}: {run.get_kind_display()}",
        run=run.public_id,
        asked_by=run.requested_by,
        again=run.kind == AuditRun.Kind.RERUN,
    )
    computed = compute(plan, run.model, reader=reader, progress=progress)
    _finish(run, computed, clock())


def _finish(run: AuditRun, computed: Computed, now: datetime) -> None:
    for statistic in computed.statistics:
        statistic.run = run
    with transaction.atomic():
        if mine(run).select_for_update().first() is None:
            raise Overtaken
        Statistic.objects.bulk_create(computed.statistics)
        mine(run).update(
            state=State.FINISHED,
            stage="Finished",
            progress=1.0,
            inputs=computed.inputs,
            groups=computed.groups,
            synthetic=computed.synthetic,
            failure="",
            touched_at=Now(),
            finished_at=now,
        )
    log.info("audit_finished", run=run.pk, statistics=len(computed.statistics))
