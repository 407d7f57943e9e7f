"""Why a run waits, in words, and what to do about it."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.timesince import timesince
from django_celery_results.models import TaskResult

from audits.models import AuditRun
from audits.runs.claiming import PATIENCE
from audits.tasks import NOT_HERE

# A worker on another queue answers a message that it must not carry out, and is no audit worker.
TASKS = TaskResult.objects.filter(task_name__startswith="audits.tasks.").exclude(
    result__contains=NOT_HERE
)
ALIVE = timedelta(minutes=3)  # a tick comes every minute
START = (
    "Start the worker with “celery -A config worker --queues audit”, in an environment with "
    "AUDIT_DATABASE_URL. “celery -A config beat” must run too."
)


def words(run: AuditRun) -> str:
    """Return why a run does not go on, or an empty string where it does or is over."""
    now = timezone.now()
    if run.state == AuditRun.State.RUNNING and now - run.touched_at > PATIENCE:
        return _of_silence(run.touched_at, now)
    if run.state != AuditRun.State.QUEUED:
        return ""
    busy = AuditRun.objects.filter(
        state=AuditRun.State.RUNNING, touched_at__gte=now - PATIENCE
    ).first()
    if busy is not None:
        return f"The audit worker is carrying out run {busy.pk}. This run follows."
    seen = last_sign()
    if seen is None:
        return f"No audit worker has been heard of. The run waits until one runs. {START}"
    if now - seen > ALIVE:
        return (
            f"No audit worker is running: the last sign of one was {timesince(seen, now)} ago. "
            f"The run waits until one runs. {START}"
        )
    return "An audit worker is running. It begins this run within a minute or two."


def last_sign() -> datetime | None:
    """Return when an audit worker last finished a task or reported on a run; None if never."""
    done = TASKS.order_by("-date_done").values_list("date_done", flat=True).first()
    reported = (
        AuditRun.objects.filter(attempts__gt=0)
        .order_by("-touched_at")
        .values_list("touched_at", flat=True)
        .first()
    )
    return max((sign for sign in (done, reported) if sign), default=None)


def _of_silence(since: datetime, now: datetime) -> str:
    return (
        f"The worker of this run has reported nothing for {timesince(since, now)}. The next audit "
        f"worker begins it again. {START}"
    )
