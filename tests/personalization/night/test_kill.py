"""A worker killed with -9 at any point, and run again: the same state as one clean run."""

import itertools
import json
import os
import signal
import subprocess
import sys

import pyarrow.parquet as pq
import pytest
from django.db import connection

from catalog.actions.viewers import remove_viewer
from catalog.models import Viewer
from config import paths
from personalization import storage
from personalization.journal import sealing
from personalization.models import (
    Decision,
    Erasure,
    GateLook,
    ModelVersion,
    Night,
    Reduction,
    SealedDay,
    SealedDayRewrite,
    StateChange,
)
from personalization.night import claim
from tests.kills import record
from tests.personalization import world

ROOT = paths.BASE
NIGHT = "personalization.night.stages"
WORLD = "Five days of 600 decisions"
POINTS = [
    "before:personalization.storage.put:1",  # the first day's file
    "after:personalization.storage.put:2",  # the second day's file lies there, its row does not
    "after:personalization.journal.sealing.seal:3",
    f"before:{NIGHT}._move:1",  # all sealed
    f"after:{NIGHT}._move:1",
    "after:personalization.night.housekeeping.keep_house:1",  # done, and not reported
    f"after:{NIGHT}._move:2",
    "after:personalization.bandit.files.pack_statistics:1",  # a sum not stored yet
    "after:personalization.training.reducing._keep:2",
    f"before:{NIGHT}._move:3",  # the candidate's row is written, and not committed
    f"after:{NIGHT}._move:3",
    "after:personalization.evaluation.sampling.judge:1",
    f"after:{NIGHT}._move:4",
    "before:personalization.release.registry.promote:1",
    "after:personalization.release.registry.promote:1",  # serves, and not committed
    f"after:{NIGHT}._move:6",
]


@pytest.fixture(scope="module")
def workers(django_db_setup):
    """The process that forks the workers: it imports once what each of them needs."""
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "tests.personalization.night.killed",
            connection.settings_dict["NAME"],
        ],
        cwd=ROOT,
        env=os.environ | {"MARQUEE_DATA": str(paths.DATA)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    yield process
    process.stdin.close()
    process.stdout.close()
    process.wait(10)


@pytest.fixture
def finish(workers, transactional_db):
    """Return a function that runs the night in another process, killed at a point or not."""

    def run(place, point="", job="night"):
        workers.stdin.write(json.dumps([(place / "storage").as_uri(), point, job]) + "\n")
        workers.stdin.flush()
        return json.loads(workers.stdout.readline())

    return run


def state(tmp_path):
    """Everything that a night leaves behind, without times and row numbers."""
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
    GateLook.objects.all().delete()
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
    record(WORLD, "one process", "nothing", clean["model"][0])
    for number, point in enumerate(POINTS):
        forget()
        place = tmp_path / f"killed-{number}"
        code, said = finish(place, point)
        assert code == -signal.SIGKILL, (point, said)
        code, said = finish(place)
        assert (code, said.strip()) == (0, "done promoted"), (point, said)
        assert state(place) == clean, point
        when, name, call = point.split(":")
        what = f"the night, {when} `{name.removeprefix('personalization.')}`, call {call}"
        record(WORLD, "one process", what, state(place)["model"][0])


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


ERASING = "personalization.journal.erasing"
ERASED_AT = [
    f"before:{ERASING}._erase:1",
    "before:personalization.storage.put:1",
    "after:personalization.storage.put:1",  # written anew, and the day names the old file
    f"after:{ERASING}._replace:1",  # the old file is still there
    f"after:{ERASING}._replace:3",
    f"before:{ERASING}.sweep:1",  # all written anew, all old files there
    "after:personalization.storage.sweep:1",  # the days are swept, the sums are not
    f"after:{ERASING}.sweep:1",  # all done, except that the erasures are still there
]


def test_an_erasure_killed_at_any_point_and_begun_again_leaves_nothing_of_the_viewer(
    tmp_path, finish, settings
):
    world.build(days=4, viewers=30, titles=3)
    settings.STORAGE_URL = (tmp_path / "storage").as_uri()
    assert finish(tmp_path)[0] == 0
    everybody = list(Viewer.objects.order_by("pk"))
    for number, point in enumerate(ERASED_AT):
        first, second = everybody[2 * number : 2 * number + 2]
        ids = {first.public_id.bytes, second.public_id.bytes}
        remove_viewer(first)
        code, said = finish(tmp_path, point, "erase")
        assert code == -signal.SIGKILL, (point, said)
        remove_viewer(second)  # while the first one's erasure lies half done
        code, said = finish(tmp_path, "", "erase")
        assert (code, said.strip()) == (0, "{}"), (point, said)
        assert not Erasure.objects.exists()
        stored = {path.stem for path in (tmp_path / "storage" / "days").rglob("*.parquet")}
        assert stored == set(SealedDay.objects.values_list("sha256", flat=True)), point
        for day in SealedDay.objects.all():
            held = pq.read_table(storage.local_path(day.path, day.sha256))
            assert not ids & set(held["viewer"].to_pylist()), point
            assert day.rows == len(held) == (30 - 2 * (number + 1)) * 3, point
            # As if they had never been: the same bytes as the journal gives without them.
            sealing.recheck(day)
    assert not Reduction.objects.exists()
    assert not list((tmp_path / "storage" / "statistics").rglob("*.mq"))
    for day in SealedDay.objects.all():
        chain = list(SealedDayRewrite.objects.filter(day=day.day).order_by("pk"))
        assert sum(each.rows_removed for each in chain) == 16 * 3
        assert chain[-1].new_sha256 == day.sha256
        assert all(a.new_sha256 == b.old_sha256 for a, b in itertools.pairwise(chain))


def test_a_second_worker_says_that_the_first_is_at_it(tmp_path, finish):
    world.build(days=3, viewers=10, titles=4)
    with claim.held():
        code, said = finish(tmp_path)
    assert code == 1
    assert "Another worker is running the night" in said
    assert not SealedDay.objects.exists()
