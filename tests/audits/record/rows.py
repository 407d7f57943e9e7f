"""Runs for tests, made through the doors that the product uses."""

from audits.models import AuditRun, Statistic
from audits.record import doors
from audits.routers import AUDIT
from audits.runs import registration
from audits.runs.execution import execute

PLAN = {
    "kind": "planned", "model": {"id": None, "sha256": None}, "seed": 1, "margins": {},
    "code": {"digest": "", "versions": {}}, "attributes": ["gender"],
    "slate": {"titles": [1], "weights": [1.0], "rule": "", "weighted_by": "evenly"},
    "cohort": {"viewers": 90, "definition": ""},
}  # fmt: skip


def run_of(model, *, kind="planned", attributes=("gender",), seed=None, **options):
    """Request a run and carry it out."""
    run = registration.request(model, kind=kind, attributes=attributes, **options)
    return execute(run.pk, seed=seed)


def make_run(*, statistics=(), state="finished", plan=None, model=None, kind="planned", **fields):
    """Return a run with these statistics, without computing anything."""
    number = doors.request_run(model, kind=kind, attributes=["gender"], effort="quick", by="a test")
    runs = AuditRun.objects.using(AUDIT).filter(pk=number)
    runs.update(state="running", registration=plan or PLAN, **fields)
    Statistic.objects.using(AUDIT).bulk_create(
        [Statistic(run_id=number, number=place, **one) for place, one in enumerate(statistics)]
    )
    if state != "running":
        runs.update(state=state)
    return AuditRun.objects.get(pk=number)
