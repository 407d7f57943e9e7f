"""The product's Celery app, for workers that a test kills, holds up or confuses.

    MISCHIEF='{"at": POINT, "do": "die", "once": PATH}' celery -A tests.services.worker worker

At POINT (tests/personalization/night/killed.py) the first process to get there does one of
three things. `die` kills the worker with its children, `die alone` the child that works on the
task, and `wait` waits until somebody removes the file PATH. `double` publishes each message
twice.
"""

import json
import os
import signal
import time
from pathlib import Path

from kombu import Producer

from config.celery import app
from tests.personalization.night.killed import arm

__all__ = ["app"]


def once(path, deed):
    """Return a function that does the deed in the first process that calls it, and in no other."""

    def first():
        try:
            path.touch(exist_ok=False)
        except FileExistsError:
            return
        deed()

    return first


def kill(*pids):
    for pid in pids:
        os.kill(pid, signal.SIGKILL)


def wait(path):
    while path.exists():
        time.sleep(0.05)


def double_messages():
    publish = Producer.publish

    def twice(self, *args, headers=None, **options):
        if headers and "task" in headers:
            publish(self, *args, headers=headers, **options)
        return publish(self, *args, headers=headers, **options)

    Producer.publish = twice


@app.on_after_finalize.connect
def make_mischief(sender, **_):
    plan = json.loads(os.environ.get("MISCHIEF", "{}"))
    if plan.get("double"):
        double_messages()
    if "at" in plan:
        path = Path(plan["once"])
        deeds = {
            "die": lambda: kill(os.getppid(), os.getpid()),
            "die alone": lambda: kill(os.getpid()),
            "wait": lambda: wait(path),
        }
        arm(plan["at"], once(path, deeds[plan["do"]]))
