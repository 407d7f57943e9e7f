"""An audit's worker killed with -9 or held up: the run is continued, and counted once."""

import json
import os
import signal
import subprocess
import sys

import pytest
from django.db import connection
from django.utils import timezone

from audits.models import AuditRun
from audits.runs import claiming, registration
from audits.runs.execution import execute
from audits.runs.registration import request
from audits.tasks import audit_tick
from config import paths
from tests.audits.runs.killed import SEED
from tests.audits.worlds import ALL, make_world

pytestmark = pytest.mark.django_db(transaction=True, databases=ALL)
POINTS = [
    "after:audits.runs.execution.claim:1",  # claimed, and nothing else
    "after:audits.protected.store.read_for_run:1",
    "before:audits.runs.execution._finish:1",  # measured, and nothing stored
]


@pytest.fixture(scope="module")
def workers(django_db_setup):
    """The process that forks the workers: it imports once what each of them needs."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.audits.runs.killed", connection.settings_dict["NAME"]],
        cwd=paths.BASE, env=os.environ | {"MARQUEE_DATA": str(paths.DATA)},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    yield process
    os.killpg(process.pid, signal.SIGKILL)  # with a worker that a failed test left stopped
    process.communicate()


@pytest.fixture
def tick(workers, settings):
    """Return a function that carries out a tick in a process of its own, and what it answers."""

    def start(deed="die", point=""):
        workers.stdin.write(json.dumps([settings.STORAGE_URL, deed, point]) + "\n")
        workers.stdin.flush()
        return answer(workers)

    return start


def answer(workers):
    return json.loads(workers.stdout.readline())


def requested(**options):
    model = make_world(women=31, men=31, undeclared=12)
    return waiting(model, **options)


def waiting(model, **options):
    """Return a run whose message was lost some minutes ago."""
    run = request(model, kind="planned", attributes=["gender"], **options)
    silence(run)
    return run


def silence(run):
    """Let the time pass after which a worker counts as gone."""
    AuditRun.objects.using("protected").filter(pk=run.pk).update(
        touched_at=timezone.now() - claiming.PATIENCE * 1.1
    )


def results(run):
    rows = run.statistics.order_by("number").values()
    return [{key: row[key] for key in row if key not in {"id", "run_id"}} for row in rows]


def killed(answered):
    code, said = answered
    assert code == -signal.SIGKILL, said


def test_a_run_whose_worker_was_killed_is_continued_to_the_same_results(tick, monkeypatch):
    monkeypatch.setattr(registration, "_seed", lambda plan: SEED)  # else each run has its own
    undisturbed = requested()
    expected = results(execute(undisturbed.pk))
    assert expected
    for point in POINTS:
        run = waiting(undisturbed.model)
        killed(tick(point=point))
        run.refresh_from_db()
        assert (run.state, run.attempts) == ("running", 1), point
        assert not run.statistics.exists()
        assert audit_tick() == "No run waits."  # its worker may still be at it
        silence(run)
        assert audit_tick() == f"audit run {run.pk}: finished"
        run.refresh_from_db()
        assert (run.state, run.attempts, run.failure) == ("finished", 2, ""), point
        assert results(run) == expected, point


def test_a_worker_that_was_held_up_does_not_write_over_its_successor(tick, workers, monkeypatch):
    monkeypatch.setattr(registration, "_seed", lambda plan: SEED)  # as the held one has it
    run = requested()
    stopped, held_up = tick("stop", "after:audits.runs.measuring.measure:1")
    assert stopped == "stopped", held_up
    silence(run)
    assert "finished" in audit_tick()
    before = results(run)
    ended = AuditRun.objects.values().get(pk=run.pk)
    os.kill(held_up, signal.SIGCONT)
    assert answer(workers) == [0, f"audit run {run.pk}: finished\n"]
    assert results(run) == before
    assert AuditRun.objects.values().get(pk=run.pk) == ended


def test_a_run_that_ends_its_worker_three_times_is_failed_in_words(tick):
    run = requested()
    for _ in range(3):
        killed(tick(point="after:audits.runs.panel.gather:1"))
        silence(run)
    assert audit_tick() == f"audit run {run.pk}: failed"
    run.refresh_from_db()
    assert (run.state, run.attempts) == ("failed", 3)
    assert "stopped 3 times" in run.failure
    assert run.finished_at
    assert audit_tick() == "No run waits."
