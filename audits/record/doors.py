"""The functions by which the record is written to from outside the audit worker, one each."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection, connections

from audits.routers import AUDIT


def request_run(
    model: int | None, *, kind: str, attributes: Sequence[str], effort: str, by: str
) -> int:
    """Ask for a run; return its id. The database adds the time and the role that asked.

    A second request for a model's gate run returns the id of the first.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT record.request_run(%s, %s, %s::text[], %s, %s)",
            [model, kind, list(attributes), effort, by],
        )
        return int(cursor.fetchone()[0])


def judge(statistic: int, *, judgement: str, note: str, by: str) -> int:
    """Record a finding; return its id. The database adds the time and the role.

    `by` is whom the page says it is: the database knows the web role only.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT record.judge(%s, %s, %s, %s)", [statistic, judgement, note, by])
        return int(cursor.fetchone()[0])


def check_cohort(run: int, subjects: Sequence[UUID], at: datetime) -> tuple[int, int]:
    """Return how many viewers had declared anything by `at`, and how many of them are not listed.

    Needs the audit role and a claimed run. Each call is written on the run.
    """
    with connections[AUDIT].cursor() as cursor:
        cursor.execute(
            "SELECT declared, missing FROM record.check_cohort(%s, %s::uuid[], %s)",
            [run, list(subjects), at],
        )
        declared, missing = cursor.fetchone()
        return int(declared), int(missing)
