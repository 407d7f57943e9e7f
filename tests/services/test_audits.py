"""An audit worker killed with -9 on each broker: the next one continues its run, counted once."""

import json
import os
import signal
import subprocess
import sys
import time

import psycopg
import pytest

from tests.audits.management.test_prepare_database import ADMIN, KEYS, ROOT, a_place, manage
from tests.services.brokers import KINDS, PATIENCE
from tests.services.workers import workers

pytestmark = pytest.mark.services
# The first run is sent to the worker. The second one's message is lost.
ASK = """
from audits.runs.registration import request
from audits.tasks import run_audit
from tests.audits.worlds import make_world
model = make_world(women=12, men=12, undeclared=8)
for _ in range(2):
    run = request(model, kind="planned", attributes=["gender"])
run_audit.delay(run.pk - 1)
"""
TICK = "from audits.tasks import audit_tick; audit_tick.delay()"


@pytest.fixture(params=KINDS)
def environment(request, tmp_path):
    """A copy with a database and a broker of its own, for the audit worker."""
    broker = KINDS[request.param](tmp_path)
    with a_place() as place:
        for command in (("prepare_database", "--admin-url", ADMIN), ("setup", "-v0")):
            done = manage(place, tmp_path, *command)
            assert done.returncode == 0, done.stdout + done.stderr
        yield os.environ | place | {
            **KEYS, "MARQUEE_DATA": str(tmp_path), "HTTPS": "false",
            "BROKER_URL": broker.url, "MARQUEE_PROCESS": "audit",
        }  # fmt: skip
    broker.kill()


@pytest.fixture
def start_worker(environment, tmp_path):
    with workers(tmp_path, environment, app="tests.services.worker", queue="audit") as made:
        yield made.start


def shell(environment, code):
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "-v0", "-c", code],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=PATIENCE,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def sql(environment, query):
    """Carry out a query in the copy's database as PostgreSQL's superuser."""
    name = environment["DATABASE_URL"].rpartition("/")[2]
    with psycopg.connect(ADMIN, dbname=name) as connection:
        answer = connection.execute(query)
        return answer.fetchall() if answer.description else []


def runs(environment):
    return sql(
        environment,
        "SELECT r.state, r.attempts, count(s.id) FROM record.runs AS r "
        "LEFT JOIN record.statistics AS s ON s.run_id = r.id GROUP BY r.id ORDER BY r.id",
    )


def test_a_run_survives_its_worker_and_another_its_message(environment, start_worker, tmp_path):
    die = {"at": "after:audits.runs.panel.gather:1", "do": "die", "once": str(tmp_path / "died")}
    first = start_worker(MISCHIEF=json.dumps(die))
    shell(environment, ASK)
    assert first.wait(PATIENCE) == -signal.SIGKILL, first.log.read_text()
    assert runs(environment) == [("running", 1, 0), ("queued", 0, 0)]
    second = start_worker()
    # As if its worker had been silent for four minutes. The message may be delivered again too.
    sql(environment, "UPDATE record.runs SET touched_at = touched_at - interval '4 minutes'")
    for _ in range(2):
        shell(environment, TICK)
    deadline = time.monotonic() + PATIENCE
    while {state for state, _, _ in runs(environment)} != {"finished"}:
        assert time.monotonic() < deadline, second.log.read_text()
        time.sleep(0.3)
    (_, again, counted), (_, once, other) = runs(environment)
    assert (again, once) == (2, 1)
    assert counted == other > 0
