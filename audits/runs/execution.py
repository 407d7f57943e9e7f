"""Carrying out a run: claim it, gather, read one attribute at a time, measure, finish."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from audits.metrics.groups import group_viewers
from audits.metrics.inference import holm
from audits.metrics.suppression import suppress
from audits.models import AuditRun, Statistic
from audits.protected import store
from audits.protected.models import Declaration
from audits.runs import measuring, panel, versions
from audits.runs.depiction import Cast
from audits.runs.recording import Classes
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
    gathered = panel.gather(plan, run.model)
    inputs: dict[str, Any] = gathered.digests() | {"code": versions.code()}
    groups: dict[str, dict[str, int | None]] = {}
    synthetic = any(viewer.synthetic for viewer in gathered.viewers)
    statistics: list[Statistic] = []
    attributes = plan["attributes"]
    for number, attribute in enumerate(attributes):

        def progress(words: str, done: float, number: int = number) -> None:
            share = 0.1 + 0.9 * (number + done) / len(attributes)
            AuditRun.objects.filter(pk=run.pk).update(
                stage=words[:80], progress=share, touched_at=clock()
            )

        progress(f"Reading what was declared: {attribute}", 0.0)
        labels, synthetic_labels = _labels(
            gathered, _declared(run, Declaration.Kind.VIEWER, attribute)
        )
        classes, said, synthetic_cast = _classes(gathered.cast, run, attribute)
        synthetic |= synthetic_labels or synthetic_cast
        inputs[f"declared:{attribute}"] = digest(labels)
        inputs[f"declared by the cast:{attribute}"] = digest(said)
        grouping = group_viewers(attribute=attribute, labels=labels)
        groups[attribute] = suppress(counts=grouping.counts())
        statistics += measuring.measure(gathered, plan, grouping, classes, progress)
    _finish(run, statistics, inputs, groups, synthetic, clock())


def _declared(run: AuditRun, kind: Declaration.Kind, attribute: str) -> list[store.Declared]:
    return store.read(kind.value, attribute, purpose=f"{run}: {run.get_kind_display()}")


def _labels(gathered: panel.Panel, declared: list[store.Declared]) -> tuple[list[str | None], bool]:
    """Return the label of each viewer of the panel, and whether any is synthetic."""
    answers = {row.subject: row for row in declared}
    rows = [answers.get(viewer.public_id) for viewer in gathered.viewers]
    return [row.value if row else None for row in rows], any(row.synthetic for row in rows if row)


def _classes(
    cast: Cast | None, run: AuditRun, attribute: str
) -> tuple[Classes, list[list[str]], bool]:
    """Return the depicted people of each class, their declarations, and whether any is synthetic.

    A class of too few people is suppressed like a group of viewers. Where nobody is
    depicted, nothing is read.
    """
    if cast is None:
        return {}, [], False
    depicted = set(cast.people)
    used = [
        row for row in _declared(run, Declaration.Kind.PERSON, attribute) if row.subject in depicted
    ]
    classes: dict[str, set[UUID]] = {}
    for row in used:
        classes.setdefault(row.value, set()).add(row.subject)
    shown = suppress(counts={name: len(classes[name]) for name in sorted(classes)})
    return (
        {name: classes[name] if shown[name] else None for name in shown},
        [[str(row.subject), row.value] for row in used],
        any(row.synthetic for row in used),
    )


def _finish(
    run: AuditRun,
    statistics: list[Statistic],
    inputs: dict[str, Any],
    groups: dict[str, Any],
    synthetic: bool,
    now: datetime,
) -> None:
    for number, statistic in enumerate(statistics):
        statistic.run, statistic.number = run, number
        statistic.headline &= run.headline
    family = [(one, one.p) for one in statistics if one.headline and one.p is not None]
    if family:
        adjusted = holm([p for _, p in family])
        for (statistic, _), p in zip(family, adjusted, strict=True):
            statistic.p_adjusted = float(p)
    with transaction.atomic():
        # If another process took the run over meanwhile, this fails, and nothing is written twice.
        AuditRun.objects.select_for_update().get(pk=run.pk, state=State.RUNNING)
        Statistic.objects.bulk_create(statistics)
        AuditRun.objects.filter(pk=run.pk).update(
            state=State.FINISHED,
            stage="Finished",
            progress=1.0,
            inputs=inputs,
            groups=groups,
            synthetic=synthetic,
            touched_at=now,
            finished_at=now,
        )
    log.info("audit_finished", run=run.pk, statistics=len(statistics))
