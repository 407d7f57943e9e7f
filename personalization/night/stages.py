"""The stages of a night. Each may be killed at any point and started again.

Repeating a stage changes nothing: files are named by the digest of their contents, and the rows
that record a result are written in the transaction that moves the night to its next stage.
"""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction

from catalog.counting import counted
from personalization import storage
from personalization.evaluation import judging
from personalization.journal import sealing
from personalization.models import ModelVersion, Night
from personalization.night import days, housekeeping, spreading
from personalization.release import auditing, looks
from personalization.release.bounds import bounds
from personalization.release.conditions import ConditionState
from personalization.release.decision import EvaluationOutdated, ReleaseDecision, decide
from personalization.training import fitting, parts, reducing

log = structlog.get_logger(__name__)
Stage, Outcome = Night.Stage, Night.Outcome
# Called with words for the work, how much is done, and the total.
Progress = Callable[[str, int, int], None]


class NightMoved(Exception):
    """The night is at another stage than this worker expected: another worker moved it."""


def silent(words: str, done: int, of: int) -> None:
    """Show no progress."""


def begins(night: Night) -> datetime:
    """Return the moment by which days count as closed. It is the same whenever the night is run."""
    return datetime.combine(night.date, time(), UTC)


def seal(night: Night, now: datetime, progress: Progress) -> None:
    """Seal every day whose attribution window had closed when the night began."""
    for day in sealing.reopen_days_ahead(now=now):
        log.warning("sealed_by_a_clock_ahead", day=str(day))
    todo = sealing.sealable_days(begins(night))
    for number, day in enumerate(todo):
        progress(f"Sealing {day}", number, len(todo))
        sealing.seal(day, now=now)
    progress("Sealed", len(todo), len(todo))
    with transaction.atomic():
        _move(night, Stage.TIDY)


def tidy(night: Night, now: datetime, progress: Progress) -> None:
    """Do the housekeeping that the fit needs, and report it with what was sealed."""
    progress("Erasing viewers who are gone, and dropping old days", 0, 1)
    done = housekeeping.keep_house(night.date, now=now)
    report = days.report(night, now=now) | done.to_json()
    with transaction.atomic():
        _move(night, Stage.REDUCE if settings.REDUCE_ON_WORKERS else Stage.FIT, report=report)


def reduce(night: Night, now: datetime, progress: Progress) -> None:
    """Have the workers reduce the shards; continue when they have, or when none is expected to."""
    training, _ = days.split(begins(night))
    planned = parts.plan(reducing.unreduced(training))
    shards = spreading.shard_progress()
    progress(f"Reducing: {shards}", shards.made, shards.of)
    log.info("night_reducing", night=str(night.date), made=shards.made, of=shards.of)
    if settings.REDUCE_ON_WORKERS and spreading.is_awaited(planned, now=now):
        return
    with transaction.atomic():
        _move(night, Stage.FIT)


def fit(night: Night, now: datetime, progress: Progress) -> None:
    """Fit a candidate on all but the newest sealed days, which are kept to judge it."""
    training, unseen = days.split(begins(night))
    if not training:
        words = (
            f"Sealed so far: {counted(len(unseen), 'day')}. A fit needs more than the "
            f"{settings.EVALUATION_DAYS} that are kept to judge it."
        )
        _nothing(night, words, now)
        return
    fitted = fitting.fit(training, progress=progress)
    parts.forget()
    reducing.forget(training)
    if fitted is None:
        _nothing(night, "The sealed days hold no decision to learn from.", now)
        return
    stored = storage.put(fitted.content, folder="models", suffix=fitting.SUFFIX)
    same = ModelVersion.objects.filter(sha256=stored.sha256).exclude(night=night).first()
    if same is not None:
        _nothing(night, f"There is nothing new to learn: the fit gives {same} again.", now)
        return
    with transaction.atomic():
        candidate = ModelVersion.objects.create(
            night=night,
            path=stored.path,
            sha256=stored.sha256,
            manifest_name=fitted.manifest_name,
            manifest_digest=fitted.manifest_digest,
            decisions=fitted.decisions,
            created_at=now,
        )
        candidate.days.set(training)
        candidate.evaluation_days.set(unseen)
        _move(night, Stage.EVALUATE)


def evaluate(night: Night, now: datetime, progress: Progress) -> None:
    """Estimate off-policy what the candidate and its rivals would have earned on unseen days."""
    candidate = night.candidate
    serving = ModelVersion.objects.serving()
    evaluation = judging.evaluate(
        candidate,
        serving,
        references=looks.references(candidate, days=bounds().reference_days),
        progress=progress,
    )
    with transaction.atomic():
        ModelVersion.objects.filter(pk=candidate.pk).update(evaluation=evaluation.to_json())
        _move(night, Stage.AUDIT)


def audit(night: Night, now: datetime, progress: Progress) -> None:
    """Request the audit; continue when there is a verdict, or after AUDIT_PATIENCE_HOURS."""
    auditor = auditing.auditor()
    if auditor is not None:
        progress("Auditing the candidate", 0, 1)
        auditor.request(night.candidate.pk)
        patience = timedelta(hours=settings.AUDIT_PATIENCE_HOURS)
        if auditor.verdict(night.candidate.pk) is None and now < night.started_at + patience:
            return
        progress("Audited", 1, 1)
    with transaction.atomic():
        _move(night, Stage.GATE)


def judge(night: Night, now: datetime, progress: Progress) -> None:
    """Have the release decided; evaluate again if another model serves since the evaluation."""
    try:
        with transaction.atomic():
            decision = decide(night.candidate, now=now)
            outcome = Outcome.PROMOTED if decision.serves else Outcome.HELD
            _move(night, Stage.DONE, outcome=outcome, reason=decision.reason, finished_at=now)
    except EvaluationOutdated as outdated:
        log.info("evaluated_again", night=str(night.date), why=str(outdated))
        with transaction.atomic():
            _move(night, Stage.EVALUATE)
        return
    _log_decision(night, decision)


STAGES: dict[Night.Stage, Callable[[Night, datetime, Progress], None]] = {
    Stage.SEAL: seal,
    Stage.TIDY: tidy,
    Stage.REDUCE: reduce,
    Stage.FIT: fit,
    Stage.EVALUATE: evaluate,
    Stage.AUDIT: audit,
    Stage.GATE: judge,
}


def _log_decision(night: Night, decision: ReleaseDecision) -> None:
    """Log the decision, and each condition that is not kept in an event of its own."""
    where = {"night": str(night.date), "model": night.candidate.pk}
    for condition in decision.conditions:
        if condition.state != ConditionState.KEPT:
            log.warning(
                f"release_condition_{condition.state.value}",
                condition=condition.name,
                words=condition.words,
                **where,
            )
    log.info(
        "release_decided", serves=decision.serves, conditions=len(decision.conditions), **where
    )


def _nothing(night: Night, reason: str, now: datetime) -> None:
    with transaction.atomic():
        _move(night, Stage.DONE, outcome=Outcome.NOTHING, reason=reason, finished_at=now)


def _move(night: Night, to: Night.Stage, **fields: Any) -> None:
    moved = Night.objects.filter(pk=night.pk, stage=night.stage).update(
        stage=to, attempts=0, error="", **fields
    )
    if not moved:
        raise NightMoved(f"The {night} is no longer at “{night.get_stage_display()}”.")
