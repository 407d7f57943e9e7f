"""Two workers make the model that one process makes, whatever is killed or delivered twice."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from tests.audits.management.test_prepare_database import ADMIN, KEYS, ROOT, a_place, manage
from tests.kills import record
from tests.services.brokers import KINDS, PATIENCE, Files
from tests.services.hand import PARTS
from tests.services.workers import workers

pytestmark = pytest.mark.services
# The embedded broker looks for messages once a second and has no process to kill. One test shows
# that it delivers a chord; test_brokers.py kills its workers.
on_servers = pytest.mark.parametrize("broker", ["redis", "rabbitmq"], indirect=True, scope="module")
WORLD = "Six days of 400 decisions, three shards each"
SHORT = {"REDUCE_PATIENCE_MINUTES": "0.05"}  # send lost messages again soon


class Hand:
    """Carries out commands in a copy; see tests/services/hand.py."""

    def __init__(self, environment):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.services.hand"],
            cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def __call__(self, *order):
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.communicate(timeout=PATIENCE)


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """A copy with a database and a storage of its own, and sealed days in it."""
    data = tmp_path_factory.mktemp("copy")
    with a_place() as place:
        for command in (("prepare_database", "--admin-url", ADMIN), ("setup", "-v0")):
            done = manage(place, data, *command)
            assert done.returncode == 0, done.stdout + done.stderr
        environment = os.environ | place | {
            **KEYS, "MARQUEE_DATA": str(data), "HTTPS": "false",
            "MARQUEE_PROCESS": "worker", "CANDIDATE_AUDITOR": "", "BROKER_URL": Files.url,
            "REDUCE_ON_WORKERS": "true", "LOG_LEVEL": "INFO",
        }  # fmt: skip
        del environment["AUDIT_DATABASE_URL"], environment["VAULT_DATABASE_URL"]
        with Hand(environment) as hand:
            hand("build")
        yield environment


@pytest.fixture(scope="module")
def models(copy):
    """The one model of a night in one process, as a list of (digest, decisions)."""
    with Hand(copy) as hand:
        hand("alone")
        found = hand("state")["models"]
        hand("forget")
    assert len(found) == 1
    record(WORLD, "one process", "nothing", found[0][0])
    return found


@pytest.fixture(scope="module", params=KINDS)
def broker(request, tmp_path_factory):
    started = KINDS[request.param](tmp_path_factory.mktemp(request.param))
    started.name = request.param
    yield started
    started.kill()


@pytest.fixture(scope="module")
def hand(copy, broker):
    with Hand(copy | {"BROKER_URL": broker.url}) as hand:
        yield hand


@pytest.fixture
def start_worker(copy, broker, hand, tmp_path):
    """Return a function that starts a worker on the broker under test, with its mischief."""
    hand("forget")
    with workers(tmp_path, copy | {"BROKER_URL": broker.url}, app="tests.services.worker") as made:

        def start(mischief=None, **settings):
            return made.start(MISCHIEF=json.dumps(mischief or {}), **settings)

        yield start


def until(found, *said):
    """Call `found` until it returns something true, and return that; else fail with the logs."""
    deadline = time.monotonic() + PATIENCE
    while not (result := found()):
        logs = "".join(worker.log.read_text()[-3000:] for worker in said)
        assert time.monotonic() < deadline, logs
        time.sleep(0.1)
    return result


def ready(*workers):
    until(lambda: all(b" ready." in worker.log.read_bytes() for worker in workers), *workers)


def end_of_the_night(hand, *workers, ticks=True):
    """Return the state at the night's end. Ticks are sent as by beat, but more often."""
    last = [time.monotonic()]

    def done():
        if ticks and time.monotonic() > last[0] + 1:
            last[0] = time.monotonic()
            hand("send", "night_tick")
        found = hand("state")
        return found["stage"] == "done" and found

    found = until(done, *workers)
    assert found["parts"] == 0
    return found


SUMS = "personalization.training.parts._sums_from"


def start_two(start_worker, tmp_path, point, **settings):
    """Start two workers that wait at a point. Return them, and the files that hold them there."""
    waiting = [tmp_path / "first", tmp_path / "second"]
    workers = [
        start_worker({"at": point, "do": "wait", "once": str(path)}, **settings) for path in waiting
    ]
    ready(*workers)
    return workers, waiting


def go_on(waiting, workers):
    """Wait until all workers wait, and let them continue."""
    until(lambda: all(path.exists() for path in waiting), *workers)
    for path in waiting:
        path.unlink()


def test_two_workers_make_the_model_of_one_process(models, broker, hand, start_worker, tmp_path):
    workers, waiting = start_two(start_worker, tmp_path, f"before:{SUMS}:1")
    hand("send", "begin_night")
    go_on(waiting, workers)
    # No ticks: the chord alone must end the night.
    found = end_of_the_night(hand, *workers, ticks=False)
    assert found["models"] == models
    assert found["reduced"] == PARTS
    assert found["workers"] == ["worker-0@here", "worker-1@here"]
    record(WORLD, broker.name, "nothing, on two workers", found["models"][0][0])


@on_servers
def test_every_message_delivered_twice_counts_nothing_twice(models, broker, hand, start_worker):
    workers = [start_worker({"double": True}), start_worker({"double": True})]
    ready(*workers)
    for _ in range(2):
        hand("send", "begin_night")
    found = end_of_the_night(hand, *workers)
    assert found["models"] == models
    record(WORLD, broker.name, "every message delivered twice", found["models"][0][0])


@on_servers
def test_workers_killed_in_the_middle_of_a_shard_change_nothing(
    models, broker, hand, start_worker, tmp_path
):
    summed, stored = tmp_path / "summed", tmp_path / "stored"
    first = start_worker({"at": f"after:{SUMS}:1", "do": "die", "once": str(summed)}, **SHORT)
    second = start_worker(
        {"at": "after:personalization.storage.put:1", "do": "die alone", "once": str(stored)},
        **SHORT,
    )
    ready(first, second)
    hand("send", "begin_night")
    found = end_of_the_night(hand, first, second)
    assert found["models"] == models
    assert first.wait(10) == -signal.SIGKILL
    assert summed.exists()
    assert stored.exists()
    what = (
        "one of two workers, its shard summed and not stored; and the process that worked for "
        "the other, its shard stored and not entered"
    )
    record(WORLD, broker.name, what, found["models"][0][0])


@on_servers
def test_a_broker_killed_in_the_middle_and_started_again_changes_nothing(
    models, broker, hand, start_worker, tmp_path
):
    workers, waiting = start_two(start_worker, tmp_path, f"before:{SUMS}:3", **SHORT)
    hand("send", "begin_night")
    until(lambda: all(path.exists() for path in waiting), *workers)
    made = hand("state")["made"]
    assert 0 < made < PARTS
    broker.kill()
    broker.start()
    go_on(waiting, workers)
    found = end_of_the_night(hand, *workers)
    assert found["models"] == models
    what = f"the broker, started again, {made} of {PARTS} shards reduced"
    record(WORLD, broker.name, what, found["models"][0][0])
