"""Drawing in a pool: the same pictures wherever they are drawn, and no way to hang."""

import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from catalog.demo.pictures import plans
from catalog.demo.pool import draw_all, draw_and_prepare
from catalog.demo.story import stories
from catalog.drawing import processes

ROOT = Path(__file__).parents[3]
JOBS = [(story, plan) for story in stories() for plan in plans(story)]
# A program that guards nothing, as one types it: whoever imports it starts it again.
PROGRAM = """
import sys
from catalog.demo.pictures import plans
from catalog.demo.pool import draw_all
from catalog.demo.story import stories
jobs = [(stories()[0], plan) for plan in plans(stories()[0])[:2]]
print(*(prepared.facts.sha256 for prepared in draw_all(jobs, workers=2)))
"""


class Recording(ProcessPoolExecutor):
    """A pool that remembers what it was given."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.given = []
        self.made.append(self)

    def submit(self, *args, **kwargs):
        self.given.append(super().submit(*args, **kwargs))
        return self.given[-1]


@pytest.fixture
def pools(monkeypatch):
    monkeypatch.setattr(Recording, "made", [], raising=False)
    monkeypatch.setattr(processes, "ProcessPoolExecutor", Recording)
    return Recording.made


def test_other_processes_draw_the_same_bytes_in_the_same_order(pools):
    assert list(draw_all(JOBS[:3], workers=2)) == [draw_and_prepare(job) for job in JOBS[:3]]
    assert len(pools) == 1


def test_a_few_pictures_start_no_process(pools):
    assert list(draw_all(JOBS[:1])) == [draw_and_prepare(JOBS[0])]
    assert list(draw_all([])) == []
    assert not pools


def test_whoever_stops_half_way_does_not_wait_for_the_rest(pools):
    with closing(draw_all(JOBS[:60], workers=2)) as drawn:
        next(drawn)
    assert any(future.cancelled() for future in pools[0].given)


@pytest.mark.parametrize("read", ["from a file", "from standard input"])
def test_a_program_that_cannot_be_imported_twice_still_draws(read, tmp_path):
    script = tmp_path / "program.py"
    script.write_text(PROGRAM)
    ran = subprocess.run(
        [sys.executable, str(script) if read == "from a file" else "-"],
        input="" if read == "from a file" else PROGRAM,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert ran.stdout.split() == [draw_and_prepare(job).facts.sha256 for job in JOBS[:2]]
