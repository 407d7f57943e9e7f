"""Carrying out a run: claim it, compute its numbers, and store them."""

from collections.abc import Sequence
from typing import Any

import structlog
from django.db import InterfaceError, OperationalError, transaction
from django.db.models.functions import Now

from audits.models import AuditRun, Statistic
from audits.routers import AUDIT
from audits.runs import document
from audits.runs.claiming import ATTEMPTS, Overtaken, claim, mine, reporting
from audits.runs.computing import Computed, Reader, compute
from audits.runs.registration import (
    CohortRefused,
    NothingToAudit,
    check_cohort,
    check_seed,
    digest,
    register,
)
from catalog.models import Viewer

log = structlog.get_logger(__name__)
State = AuditRun.State


def execute(
    run_id: int,
    *,
    plan: dict[str, Any] | None = None,
    seed: int | None = None,
) -> AuditRun:
    """Register and carry out a run. Needs the audit role.

    An error is recorded on the run, and raised. A run that another worker has, or that is over, is
    returned unchanged. So is one that another worker claims meanwhile: then nothing of this attempt
    is kept. If the database cannot be reached, the run waits for another attempt, up to ATTEMPTS of
    them. See `registration.register` for `plan` and `seed`.
    """
    run = claim(run_id)
    if run is None:
        return AuditRun.objects.using(AUDIT).get(pk=run_id)
    try:
        with reporting(run):
            _measure(register(run, plan=plan, seed=seed))
    except Overtaken:
        log.warning("audit_overtaken", run=run.pk, attempt=run.attempts)
    except Exception as error:
        log.exception("audit_failed", run=run.pk)
        _stop(run, error)
        raise
    run.refresh_from_db()
    return run


def _stop(run: AuditRun, error: Exception) -> None:
    """Record that an attempt failed. Only a lost database is worth another attempt."""
    # PostgreSQL's further lines can hold rows.
    words = f"{type(error).__name__}: {str(error).partition(chr(10))[0]}".replace("\0", "")
    if isinstance(error, CohortRefused | NothingToAudit):
        words = f"Refused: {error}"
    if isinstance(error, OperationalError | InterfaceError) and run.attempts < ATTEMPTS:
        mine(run).update(state=State.QUEUED, stage="Waiting for another attempt", failure=words)
    else:
        mine(run).update(state=State.FAILED, failure=words)


def _measure(run: AuditRun) -> None:
    plan: dict[str, Any] = run.registration
    if digest(plan) != run.registration_digest:
        raise ValueError("The registration was altered: its digest differs.")
    check_seed(plan)

    def progress(words: str, done: float) -> None:
        if not mine(run).update(stage=words[:80], progress=done, touched_at=Now()):
            raise Overtaken

    def allow(viewers: Sequence[Viewer]) -> None:
        check_cohort(run, viewers, plan["at"])

    reader = Reader(
        purpose=f"{run}: {run.get_kind_display()}",
        run=run.public_id,
        asked_by=f"{run.requested_by or 'nobody named'} through {run.requested_role}",
    )
    computed = compute(plan, run.model, reader=reader, progress=progress, allow=allow)
    _finish(run, computed)


def _finish(run: AuditRun, computed: Computed) -> None:
    for statistic in computed.statistics:
        statistic.run = run
    with transaction.atomic(using=AUDIT):
        if mine(run).select_for_update().first() is None:
            raise Overtaken
        Statistic.objects.using(AUDIT).bulk_create(computed.statistics)
        mine(run).update(
            state=State.FINISHED,
            stage="Finished",
            progress=1.0,
            inputs=computed.inputs,
            groups=computed.groups,
            synthetic=computed.synthetic,
            failure="",
            touched_at=Now(),
        )
        document.keep(AuditRun.objects.using(AUDIT).get(pk=run.pk))
    log.info("audit_finished", run=run.pk, statistics=len(computed.statistics))
