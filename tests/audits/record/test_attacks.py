"""What code with the web role's secret, or the audit role's, cannot do to the record."""

import json
import uuid

import pytest
from django.db import DatabaseError, connection, connections
from django.utils import timezone

from audits.models import AuditRun, Finding
from audits.protected import store
from audits.record import doors
from audits.runs.execution import execute
from audits.runs.registration import CohortRefused, digest, request
from catalog.models import Viewer
from tests.audits.record.rows import PLAN, make_run, run_of
from tests.audits.worlds import ALL, make_world
from tests.factories import make_account, make_viewer

pytestmark = pytest.mark.django_db(transaction=True, databases=ALL)

STATISTIC = {
    "name": "exposure_difference", "attribute": "gender", "group": "man", "headline": True,
    "estimate": 0.5, "verdict": "outside margin",
}  # fmt: skip
LONG_AGO = "2001-01-01 00:00+00"


def as_web(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)


def as_audit(statement, *values):
    with connections["protected"].cursor() as cursor:
        cursor.execute(statement, values or None)


def as_owner(statement, *values):
    with connections["vault"].cursor() as cursor:
        cursor.execute(statement, values or None)


def readings_for(run):
    return [line for line in store.readings(10_000) if line.run == run.public_id]


class TestTheCohort:
    """Six profiles' `created_at` moved, so that a cohort holds chosen people alone."""

    def test_a_cohort_of_chosen_people_is_refused_before_anything_is_read(self):
        model = make_world(women=40, men=40)
        chosen = list(Viewer.objects.order_by("id").values_list("pk", flat=True)[:6])
        crowd = list(Viewer.objects.order_by("id").values_list("pk", flat=True)[80:92])
        asked = request(model, kind="planned", attributes=["gender"])
        as_web(
            "UPDATE catalog_viewer SET created_at = now() + interval '1 year'"
            " WHERE NOT id = ANY(%s)", [*chosen, *crowd],
        )  # fmt: skip
        # Padded with profiles of the attacker's own, so that the cohort is not too small.
        account = make_account()
        for _ in range(30):
            viewer = make_viewer(account=account)
            as_web("UPDATE catalog_viewer SET created_at = %s WHERE id = %s", LONG_AGO, viewer.pk)
        with pytest.raises(CohortRefused, match="More than 2% of the viewers who had declared"):
            execute(asked.pk)
        assert not readings_for(asked)
        run = AuditRun.objects.get(pk=asked.pk)
        assert run.state == "failed" and "are not in the cohort" in run.failure
        assert "74" not in run.failure and "80" not in run.failure
        # Nothing was published that could be searched for an answer.
        assert run.inputs == {} and run.groups == {} and run.registration == {}
        assert not run.statistics.exists()

    def test_a_cohort_of_nine_is_refused(self):
        model = make_world()
        asked = request(model, kind="planned")
        nine = list(Viewer.objects.order_by("id").values_list("pk", flat=True)[:9])
        as_web("UPDATE catalog_viewer SET created_at = 'infinity' WHERE NOT id = ANY(%s)", nine)
        with pytest.raises(CohortRefused, match="The cohort has 9 viewers; 30 are the fewest"):
            execute(asked.pk)
        assert not readings_for(asked)

    def test_a_registered_runs_instant_cannot_be_edited(self):
        run = make_run(state="running")
        plan = PLAN | {"at": LONG_AGO}
        change = "UPDATE record.runs SET registration = %s, registration_digest = %s WHERE id = %s"
        values = [json.dumps(plan), digest(plan), run.pk]
        for role in (as_web, as_audit, as_owner):
            with pytest.raises(DatabaseError, match=r"permission denied|is registered"):
                role(change, *values)

    def test_the_count_of_who_declared_is_for_the_audit_role_and_on_record(self):
        run = AuditRun.objects.get(pk=doors.request_run(
            None, kind="planned", attributes=["gender"], effort="quick", by=""
        ))  # fmt: skip
        statement = "SELECT * FROM record.check_cohort(%s, %s::uuid[], now())"
        with pytest.raises(DatabaseError, match="permission denied"):
            as_web(statement, run.pk, [])
        with pytest.raises(DatabaseError, match="is not being carried out"):
            as_audit(statement, run.pk, [])
        as_audit("UPDATE record.runs SET state = 'running' WHERE id = %s", run.pk)
        as_audit(statement, run.pk, [uuid.uuid4()])
        run.refresh_from_db()
        (check,) = run.cohort_checks
        assert (check["viewers"], check["role"]) == (1, "marquee_audit")
        # The web role reads this row. Somebody whose profile it moves out of the cohort would be
        # counted as missing only if they had declared.
        assert set(check) == {"at", "viewers", "role", "checked_at"}

    def test_the_access_log_says_who_asked(self):
        run = run_of(make_world(women=12, men=12), by="somebody@marquee.example")
        reading = store.readings()[0]
        assert reading.purpose == f"audit run {run.pk}: Planned" and reading.run == run.public_id
        assert reading.asked_by == "somebody@marquee.example through marquee"


class TestForging:
    def test_no_finished_run_dated_before_its_model_can_be_inserted(self):
        insert = (
            "INSERT INTO record.runs (kind, model_id, requested_role, requested_at, state,"
            " touched_at, finished_at) VALUES ('planned', 1, 'x', %s, 'finished', %s, %s)"
        )
        for role in (as_web, as_audit):
            with pytest.raises(DatabaseError, match="permission denied"):
                role(insert, LONG_AGO, LONG_AGO, LONG_AGO)

    def test_a_request_has_the_databases_time_and_role(self):
        before = timezone.now()
        run = AuditRun.objects.get(pk=doors.request_run(
            7, kind="exploratory", attributes=["gender"], effort="quick", by="an auditor"
        ))  # fmt: skip
        assert before <= run.requested_at <= timezone.now()
        assert (run.requested_role, run.requested_by) == ("marquee", "an auditor")
        assert (run.state, run.registration, run.finished_at) == ("queued", {}, None)

    @pytest.mark.parametrize(
        ("kind", "effort", "attributes"),
        [
            ("rerun", "quick", ["gender"]),
            ("finished", "quick", ["gender"]),
            ("planned", "none", ["gender"]),
            ("planned", "quick", ["x" * 31]),
            ("planned", "quick", ["gender"] * 21),
        ],
    )
    def test_it_refuses_odd_requests(self, kind, effort, attributes):
        with pytest.raises(DatabaseError, match="cannot be requested"):
            as_web("SELECT record.request_run(NULL, %s, %s, %s, '')", kind, attributes, effort)
        assert not AuditRun.objects.exists()

    def test_nobody_asks_for_a_replay_as_a_run(self):
        with pytest.raises(DatabaseError, match="of kind rerun cannot be requested"):
            as_audit("SELECT record.request_run(NULL, 'rerun', '{gender}', 'quick', '')")

    def test_no_finding_has_another_date_or_another_role(self):
        run = make_run(statistics=[STATISTIC])
        statistic = run.statistics.get()
        with pytest.raises(DatabaseError, match="permission denied"):
            as_web(
                "INSERT INTO record.findings (statistic_id, judgement, note, by, role, at)"
                " VALUES (%s, 'acceptable', 'Fine.', 'an auditor', 'marquee', %s)",
                statistic.pk, LONG_AGO,
            )  # fmt: skip
        before = timezone.now()
        number = doors.judge(statistic.pk, judgement="harm", note="Leads for men.", by="a page")
        finding = Finding.objects.get(pk=number)
        assert before <= finding.at <= timezone.now()
        assert (finding.by, finding.role) == ("a page", "marquee")

    @pytest.mark.parametrize(
        ("judgement", "note"), [("shrug", "x"), ("harm", ""), ("harm", "x" * 4001)]
    )
    def test_it_refuses_odd_findings(self, judgement, note):
        statistic = make_run(statistics=[STATISTIC]).statistics.get()
        with pytest.raises(DatabaseError):
            doors.judge(statistic.pk, judgement=judgement, note=note, by="")
        unfinished = make_run(statistics=[STATISTIC], state="running").statistics.get()
        with pytest.raises(DatabaseError, match="no finished statistic"):
            doors.judge(unfinished.pk, judgement="harm", note="x", by="")

    def test_statistics_belong_to_a_run_that_is_being_carried_out(self):
        run = make_run(statistics=[STATISTIC])
        insert = (
            'INSERT INTO record.statistics (run_id, number, name, attribute, "group", headline,'
            " verdict, detail) VALUES (%s, 9, 'x', 'gender', 'man', true, 'within margin', '{}')"
        )
        with pytest.raises(DatabaseError, match="permission denied"):
            as_web(insert, run.pk)
        for role in (as_audit, as_owner):
            with pytest.raises(DatabaseError, match="being carried out"):
                role(insert, run.pk)


CHANGES = [
    "UPDATE record.runs SET stage = 'x'",
    "UPDATE record.runs SET state = 'queued'",
    "DELETE FROM record.runs",
    "TRUNCATE record.runs CASCADE",
    "UPDATE record.statistics SET verdict = 'within margin'",
    "DELETE FROM record.statistics",
    "TRUNCATE record.statistics CASCADE",
    "UPDATE record.findings SET note = 'x'",
    "DELETE FROM record.findings",
    "TRUNCATE record.findings",
]


@pytest.mark.parametrize("statement", CHANGES)
def test_what_is_finished_is_changed_by_nobody(statement):
    run = make_run(statistics=[STATISTIC])
    doors.judge(run.statistics.get().pk, judgement="harm", note="x", by="a page")
    for role in (as_web, as_audit, as_owner):
        with pytest.raises(DatabaseError, match=r"permission denied|The record is kept"):
            role(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TABLE record.runs CASCADE",
        "DROP SCHEMA record CASCADE",
        "ALTER TABLE record.runs DISABLE TRIGGER ALL",
        "CREATE TABLE record.mine (id integer)",
        "CREATE TRIGGER mine BEFORE INSERT ON record.runs FOR EACH ROW"
        " EXECUTE FUNCTION suppress_redundant_updates_trigger()",
        "CREATE OR REPLACE FUNCTION record.judge(which bigint, judged text, reasons text,"
        " claimed text) RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint'",
        "SELECT nextval('record.runs_id_seq')",
        "SELECT setval('record.runs_id_seq', 1)",
        "ALTER TABLE record.runs SET SCHEMA public",
    ],
)
def test_neither_role_changes_the_schema(statement):
    for role in (as_web, as_audit):
        with pytest.raises(DatabaseError, match=r"permission denied|must be owner"):
            role(statement)


def test_a_run_that_is_not_over_keeps_what_it_was_requested_for():
    run = make_run(state="running")
    for column, value in {
        "kind": "gate", "model_id": 9, "requested_by": "x", "requested_at": LONG_AGO,
        "attributes": "[]",
    }.items():  # fmt: skip
        with pytest.raises(DatabaseError, match=r"permission denied"):
            as_audit(f"UPDATE record.runs SET {column} = %s", value)
        with pytest.raises(DatabaseError, match="was requested for"):
            as_owner(f"UPDATE record.runs SET {column} = %s", value)
    with pytest.raises(DatabaseError, match="permission denied"):
        as_web("UPDATE record.runs SET stage = 'x' WHERE id = %s", run.pk)


def test_a_run_cannot_finish_before_it_is_registered_and_begun():
    number = doors.request_run(None, kind="planned", attributes=["gender"], effort="quick", by="")
    with pytest.raises(DatabaseError, match="cannot finish"):
        as_audit("UPDATE record.runs SET state = 'finished' WHERE id = %s", number)
