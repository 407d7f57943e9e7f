import traceback
from datetime import timedelta

import pytest
from django.db import DataError, OperationalError
from django.utils import timezone

from audits import tasks
from audits.models import AuditRun
from audits.record import doors
from audits.runs import claiming, execution, panel
from audits.runs.claiming import PATIENCE, claim, due
from audits.runs.registration import request
from tests.audits.worlds import ALL, make_world

pytestmark = pytest.mark.django_db(transaction=True, databases=ALL)


@pytest.fixture
def run():
    model = make_world(women=12, men=12, undeclared=8)
    return request(model, kind="planned", attributes=["gender"])


def silence(run, *, of=PATIENCE * 1.1):
    AuditRun.objects.using("protected").filter(pk=run.pk).update(touched_at=timezone.now() - of)


def test_a_run_is_claimed_by_one_worker_until_that_one_is_silent(run):
    assert claim(run.pk).attempts == 1
    assert claim(run.pk) is None
    silence(run, of=PATIENCE - timedelta(seconds=20))
    assert claim(run.pk) is None
    silence(run)
    assert claim(run.pk).attempts == 2


def test_a_worker_that_works_reports_it(run, monkeypatch):
    monkeypatch.setattr(claiming, "REPORT_SECONDS", 0.01)
    claimed = claim(run.pk)
    silence(run)
    with claiming.reporting(claimed):
        while due():
            pass
    assert claim(run.pk) is None


def test_a_run_whose_message_was_lost_is_found_by_a_tick(run):
    assert due() == []  # its message is under way, or a command carries it out
    silence(run)
    assert due() == [run.pk]
    assert tasks.audit_tick() == f"audit run {run.pk}: finished"
    assert tasks.audit_tick() == "No run waits."
    assert tasks.run_audit(run.pk) == f"audit run {run.pk}: finished"  # the message, late
    run.refresh_from_db()
    assert run.attempts == 1


def test_an_overtaken_attempt_keeps_nothing(run, monkeypatch):
    gather = panel.gather

    def overtaken(*arguments):
        silence(run)
        assert claim(run.pk).attempts == 2
        return gather(*arguments)

    monkeypatch.setattr(panel, "gather", overtaken)
    assert execution.execute(run.pk).state == "running"
    assert not run.statistics.exists()


def test_an_error_of_an_overtaken_attempt_does_not_fail_the_run(run, monkeypatch):
    def overtaken(*_):
        silence(run)
        claim(run.pk)
        raise ValueError("too late")

    monkeypatch.setattr(panel, "gather", overtaken)
    with pytest.raises(ValueError, match="too late"):
        execution.execute(run.pk)
    run.refresh_from_db()
    assert (run.state, run.failure) == ("running", "")


def test_a_lost_database_is_tried_again_three_times(run, monkeypatch):
    def lost(*_):
        raise OperationalError("the connection is lost")

    with monkeypatch.context() as broken:
        broken.setattr(panel, "gather", lost)
        silence(run)
        tasks.audit_tick()
        run.refresh_from_db()
        assert (run.state, run.attempts) == ("queued", 1)
        silence(run)
        tasks.audit_tick()
    silence(run)
    assert tasks.audit_tick() == f"audit run {run.pk}: finished"
    run.refresh_from_db()
    assert (run.attempts, run.failure) == (3, "")


def test_a_database_that_stays_lost_fails_the_run(run, monkeypatch):
    def lost(*_):
        raise OperationalError("the connection is lost")

    monkeypatch.setattr(panel, "gather", lost)
    for _ in range(3):
        silence(run)
        tasks.audit_tick()
    assert tasks.audit_tick() == "No run waits."
    run.refresh_from_db()
    assert (run.state, run.attempts) == ("failed", 3)
    assert "the connection is lost" in run.failure


def test_any_other_error_fails_the_run_at_once_and_the_next_one_begins(run):
    missing = doors.request_run(999, kind="planned", attributes=["gender"], effort="quick", by="")
    other = request(run.model, kind="planned", attributes=["gender"])
    AuditRun.objects.using("protected").update(touched_at=timezone.now() - PATIENCE)
    assert tasks.audit_tick().splitlines() == [
        f"audit run {run.pk}: finished",
        f"audit run {missing} failed: NothingToAudit",
        f"audit run {other.pk}: finished",
    ]
    assert AuditRun.objects.get(pk=missing).failure == "Refused: There is no model version 999."


def test_a_worker_without_the_audit_role_leaves_runs_alone(run, monkeypatch):
    monkeypatch.setattr("audits.protected.store.holds_audit_role", lambda: False)
    assert "may not read" in tasks.audit_tick()
    assert "may not read" in tasks.run_audit(run.pk)
    run.refresh_from_db()
    assert (run.state, run.attempts) == ("queued", 0)


@pytest.mark.parametrize("task", ["run_audit", "audit_tick"])
def test_a_tasks_result_holds_nothing_that_a_run_read(run, monkeypatch, task):
    def refused(*_):
        raise DataError("no such value\nDETAIL:  row (770011, woman)")

    monkeypatch.setattr(panel, "gather", refused)
    silence(run)
    if task == "run_audit":
        with pytest.raises(tasks.AuditFailed) as failed:
            tasks.run_audit(run.pk)
        said = "".join(traceback.format_exception(failed.value))  # as Celery stores it
    else:
        said = tasks.audit_tick()
    assert f"audit run {run.pk} failed: DataError" in said
    assert "770011" not in said
    run.refresh_from_db()
    assert run.failure == "DataError: no such value"
