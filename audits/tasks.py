"""Tasks of the audit worker, the only process that may read declarations."""

from celery import shared_task

from audits.runs.execution import execute


@shared_task  # type: ignore[untyped-decorator]
def run_audit(run_id: int) -> None:
    """Carry out a registered run. A second delivery of the same task does nothing."""
    execute(run_id)
