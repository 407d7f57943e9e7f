"""Processes that draw end with the process that started them."""

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[3]
# It keeps its pool, says which processes are in it, and waits to be killed.
PROGRAM = """
import os, time
from catalog.drawing.processes import drawing_pool
if __name__ == "__main__":
    with drawing_pool(2) as pool:
        print(*{pool.submit(os.getpid).result() for _ in range(4)}, flush=True)
        time.sleep(600)
"""


def test_workers_of_a_killed_program_end(tmp_path):
    file = tmp_path / "program.py"
    file.write_text(PROGRAM)
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [sys.executable, str(file)], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    ) as program:
        workers = [int(number) for number in program.stdout.readline().split()]
        assert workers
        program.kill()
    until = time.monotonic() + 60
    while any(_runs(worker) for worker in workers) and time.monotonic() < until:
        time.sleep(0.05)
    assert not any(_runs(worker) for worker in workers)


def _runs(pid):
    """Whether a process runs; one that ended and waits to be collected does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
