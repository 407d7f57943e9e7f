"""A real worker runs the night with each broker; kills and repeated or late messages do no harm."""

import os
import subprocess
import sys
import time

import psycopg
import pytest

from tests.audits.management.test_prepare_database import ADMIN, KEYS, ROOT, manage
from tests.services.workers import kill, workers

pytestmark = pytest.mark.services
BROKERS = {
    "redis": "redis://127.0.0.1:6379/9",
    "rabbitmq": "amqp://guest:guest@127.0.0.1:5672//",
    "files": "filesystem://",
}
PATIENCE = 60


@pytest.fixture(params=BROKERS)
def environment(request, place, tmp_path):
    """A copy with a database of its own, and the broker under test emptied."""
    for command in (("prepare_database", "--admin-url", ADMIN), ("setup", "-v0")):
        done = manage(place, tmp_path, *command)
        assert done.returncode == 0, done.stdout + done.stderr
    made = os.environ | place | {
        **KEYS, "MARQUEE_DATA": str(tmp_path), "HTTPS": "false",
        "BROKER_URL": BROKERS[request.param], "MARQUEE_PROCESS": "worker",
    }  # fmt: skip
    del made["AUDIT_DATABASE_URL"], made["VAULT_DATABASE_URL"]
    celery(made, "purge", "--force", "--queues=marquee")
    yield made
    celery(made, "purge", "--force", "--queues=marquee")


def celery(environment, *arguments):
    command = [sys.executable, "-m", "celery", "-A", "config", *arguments]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=PATIENCE
    )
    assert done.returncode == 0, done.stdout + done.stderr


def send(environment, task):
    code = f"from personalization.tasks import {task}; {task}.delay()"
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "-v0", "-c", code],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=PATIENCE,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def start_worker(environment, tmp_path):
    with workers(tmp_path, environment) as made:
        yield made.start


def nights(environment):
    with psycopg.connect(environment["DATABASE_URL"]) as connection:
        return connection.execute(
            "SELECT date, stage, outcome, attempts FROM personalization_night"
        ).fetchall()


def eventually_done(environment):
    deadline = time.monotonic() + PATIENCE
    while not (rows := nights(environment)) or rows[0][1] != "done":
        assert time.monotonic() < deadline, f"the night did not end: {rows}"
        time.sleep(0.3)
    return rows


def test_the_night_survives_its_worker_and_happens_once(environment, start_worker):
    first = start_worker()
    kill(first)  # at any point of its start
    first.wait()
    send(environment, "begin_night")
    start_worker()
    done = eventually_done(environment)
    assert [outcome for _, _, outcome, _ in done] == ["nothing"]
    for _ in range(2):  # a message that is delivered twice
        send(environment, "begin_night")
    send(environment, "night_tick")
    time.sleep(3)
    assert nights(environment) == done
