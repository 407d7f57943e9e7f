"""A worker killed with -9 at any point, and run again: the same state as one clean run."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from config import paths
from personalization.models import (
    Decision,
    ModelVersion,
    Night,
    Reduction,
    SealedDay,
    StateChange,
)
from personalization.night import claim
from tests.night import world

ROOT = Path(__file__).resolve().parents[2]
NIGHT = "personalization.night.stages"
POINTS = [
    "before:personalization.storage.put:1",  # the first day's file
    "after:personalization.storage.put:2",  # the second day's file lies there, its row does not
    "after:personalization.journal.sealing.seal:3",
    f"before:{NIGHT}._move:1",  # all sealed
    f"after:{NIGHT}._move:1",
    "after:personalization.bandit.files.pack_statistics:1",  # a sum not stored yet
    "after:personalization.training.reducing._keep:2",
    f"before:{NIGHT}._move:2",  # the candidate's row is written, and not committed
    f"after:{NIGHT}._move:2",
    "after:personalization.evaluation.sampling.judge:1",
    f"after:{NIGHT}._move:3",
    "before:personalization.actions.registry.promote:1",
    "after:personalization.actions.registry.promote:1",  # serves, and not committed
    f"after:{NIGHT}._move:5",
]


@pytest.fixture
def finish(transactional_db):
    """Return a function that runs the night in another process, killed at a point or not."""
    workers = subprocess.Popen(
        [sys.executable, "-m", "tests.night.killed", connection.settings_dict["NAME"]],
        cwd=ROOT,
        env=os.environ | {"MARQUEE_DATA": str(paths.DATA)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )

    def run(place, point=""):
        workers.stdin.write(json.dumps([(place / "storage").as_uri(), point]) + "\n")
        workers.stdin.flush()
        return json.loads(workers.stdout.readline())

    yield run
    workers.stdin.close()
    workers.stdout.close()
    workers.wait(10)


def state(tmp_path):
    """All that a night leaves behind, without its moments and numbers of rows."""
    night = Night.objects.get()
    model = ModelVersion.objects.get()
    return {
        "night": (night.stage, night.outcome, night.reason, night.report, night.error),
        "days": list(
            SealedDay.objects.order_by("day").values_list("day", "sha256", "rows", "rewards")
        ),
        "sums": sorted(Reduction.objects.values_list("day__day", "key", "sha256")),
        "model": (model.sha256, model.state, model.decisions, model.gate, model.evaluation),
        "learnt": sorted(model.days.values_list("day", flat=True)),
        "judged": sorted(model.evaluation_days.values_list("day", flat=True)),
        "changes": list(StateChange.objects.values_list("state", "reason")),
        "files": sorted(
            path.relative_to(tmp_path).as_posix()
            for path in (tmp_path / "storage").rglob("*")
            if path.is_file() and not path.name.startswith(".new-")
        ),
    }


def forget():
    """Undo the night, and keep the traffic that it learnt from."""
    StateChange.objects.all().delete()
    ModelVersion.objects.all().delete()
    Night.objects.all().delete()
    Reduction.objects.all().delete()
    SealedDay.objects.all().delete()


def test_a_night_killed_at_any_point_and_run_again_ends_as_one_clean_run(tmp_path, finish):
    world.build(days=5, viewers=100, titles=6, taste=0.3)
    code, said = finish(tmp_path / "clean")
    assert (code, said.strip()) == (0, "done promoted"), said
    clean = state(tmp_path / "clean")
    assert len(clean["days"]) == 5
    assert clean["model"][1] == "serving"
    for number, point in enumerate(POINTS):
        forget()
        place = tmp_path / f"killed-{number}"
        code, said = finish(place, point)
        assert code == -signal.SIGKILL, (point, said)
        code, said = finish(place)
        assert (code, said.strip()) == (0, "done promoted"), (point, said)
        assert state(place) == clean, point


def test_a_night_killed_again_and_again_ends_as_one_clean_run(tmp_path, finish):
    world.build(days=5, viewers=100, titles=6, taste=0.3)
    assert finish(tmp_path / "clean")[0] == 0
    clean = state(tmp_path / "clean")
    forget()
    for point in POINTS[1:13:4]:
        assert finish(tmp_path / "killed", point)[0] == -signal.SIGKILL
    assert finish(tmp_path / "killed")[0] == 0
    assert state(tmp_path / "killed") == clean
    assert Decision.objects.count() == 5 * 100 * 6


def test_a_second_worker_says_that_the_first_is_at_it(tmp_path, finish):
    world.build(days=3, viewers=10, titles=4)
    with claim.held():
        code, said = finish(tmp_path)
    assert code == 1
    assert "Another worker is running the night" in said
    assert not SealedDay.objects.exists()
