"""Work for the audit worker: the only one that holds the role that may read."""

from celery import shared_task

from audits.runs.execution import execute


@shared_task  # type: ignore[untyped-decorator]
def run_audit(run_id: int) -> None:
    """Carry out a registered run; a task that comes twice does nothing the second time."""
    execute(run_id)
