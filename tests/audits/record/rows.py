"""Runs for tests, made through the doors that the product uses."""

import psycopg
from django.db import connections

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


TABLES = (
    "documents", "replays", "findings", "statistics", "runs", "leaves", "events", "tiles", "heads",
    "account_keys", "selftest_worlds", "selftest_curves",
)  # fmt: skip


def clear(*, declared_too):
    """Empty the record, which only its owner can, and only after switching its triggers off.

    With `declared_too`, what was declared goes as well: where Django's flush does not reach it.

    The connection is its own, because most tests may not use the alias of the owner.
    """
    login = connections["vault"].get_connection_params()
    login.pop("cursor_factory"), login.pop("context")
    with psycopg.connect(**login, autocommit=True) as owner, owner.cursor() as cursor:
        if declared_too:
            cursor.execute("TRUNCATE protected.arrivals, protected.declarations")
        cursor.execute(
            "SELECT EXISTS (SELECT FROM record.runs) OR EXISTS (SELECT FROM record.events)"
            " OR EXISTS (SELECT FROM record.selftest_worlds)"
            " OR EXISTS (SELECT FROM record.selftest_curves)"
        )
        if cursor.fetchone() == (False,):
            return
        for table in TABLES:
            cursor.execute(f"ALTER TABLE record.{table} DISABLE TRIGGER USER")
        cursor.execute(
            "TRUNCATE " + ", ".join(f"record.{table}" for table in TABLES) + " RESTART IDENTITY"
        )
        for table in TABLES:
            cursor.execute(f"ALTER TABLE record.{table} ENABLE TRIGGER USER")
