"""Celery workers that the tests start, each with a log. The rest are killed at the end."""

import os
import signal
import subprocess
import sys
from contextlib import contextmanager

from tests.audits.management.test_prepare_database import ROOT


class Workers:
    """Workers called worker-0, worker-1 and so on, with their logs in one folder."""

    def __init__(self, folder, environment, *, app="config", queue="marquee"):
        self.folder, self.environment, self.app, self.queue = folder, environment, app, queue
        self.started = []

    def start(self, **environment):
        name = f"worker-{len(self.started)}"
        path = self.folder / f"{name}.log"
        with path.open("wb") as log:
            worker = subprocess.Popen(
                [sys.executable, "-m", "celery", "-A", self.app, "worker", "--concurrency=1",
                 f"--queues={self.queue}", "--loglevel=info", f"--hostname={name}@here"],
                cwd=ROOT, env=self.environment | environment, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip
        worker.log = path
        self.started.append(worker)
        return worker

    def end(self):
        for worker in self.started:
            if worker.poll() is None:
                kill(worker)
            worker.wait()


def kill(worker):
    """Kill a worker and its children, as `kill -9` does."""
    os.killpg(worker.pid, signal.SIGKILL)


@contextmanager
def workers(folder, environment, *, app="config", queue="marquee"):
    made = Workers(folder, environment, app=app, queue=queue)
    try:
        yield made
    finally:
        made.end()
