"""Carrying out a run: claim it, compute its numbers, and store them."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from audits.models import AuditRun, Statistic
from audits.runs.computing import Computed, compute
from audits.runs.registration import digest

log = structlog.get_logger(__name__)
# A running run whose worker has reported nothing for so long may be claimed again.
PATIENCE = timedelta(minutes=15)
State = AuditRun.State
Clock = Callable[[], datetime]


def claim(run_id: int, *, now: datetime) -> AuditRun | None:
    """Claim a waiting or abandoned run; None if another process has it, or it is over."""
    free = Q(state=State.QUEUED) | Q(state=State.RUNNING, touched_at__lt=now - PATIENCE)
    claimed = AuditRun.objects.filter(free, pk=run_id).update(
        state=State.RUNNING, touched_at=now, stage="Replaying the policy", progress=0.0
    )
    return AuditRun.objects.get(pk=run_id) if claimed else None


def execute(run_id: int, *, clock: Clock = timezone.now) -> AuditRun:
    """Carry out a run. An error is recorded on the run, and raised.

    A run that another process has, or that is over, is returned unchanged.
    """
    run = claim(run_id, now=clock())
    if run is None:
        return AuditRun.objects.get(pk=run_id)
    try:
        _measure(run, clock)
    except Exception as error:
        log.exception("audit_failed", run=run.pk)
        AuditRun.objects.filter(pk=run.pk).update(
            state=State.FAILED, failure=f"{type(error).__name__}: {error}", finished_at=clock()
        )
        raise
    run.refresh_from_db()
    return run


def _measure(run: AuditRun, clock: Clock) -> None:
    plan: dict[str, Any] = run.registration
    if digest(plan) != run.registration_digest:
        raise ValueError("The registration was altered: its digest differs.")

    def progress(words: str, done: float) -> None:
        AuditRun.objects.filter(pk=run.pk).update(
            stage=words[:80], progress=done, touched_at=clock()
        )

    purpose = f"{run}: {run.get_kind_display()}"
    computed = compute(plan, run.model, purpose=purpose, progress=progress)
    _finish(run, computed, clock())


def _finish(run: AuditRun, computed: Computed, now: datetime) -> None:
    for statistic in computed.statistics:
        statistic.run = run
    with transaction.atomic():
        # If another process took the run over meanwhile, this fails, and nothing is written twice.
        AuditRun.objects.select_for_update().get(pk=run.pk, state=State.RUNNING)
        Statistic.objects.bulk_create(computed.statistics)
        AuditRun.objects.filter(pk=run.pk).update(
            state=State.FINISHED,
            stage="Finished",
            progress=1.0,
            inputs=computed.inputs,
            groups=computed.groups,
            synthetic=computed.synthetic,
            touched_at=now,
            finished_at=now,
        )
    log.info("audit_finished", run=run.pk, statistics=len(computed.statistics))
