"""A process of its own that carries out audit runs, and kills or stops itself at a point.

    python -m tests.audits.runs.killed DATABASE

It imports everything once and then forks a worker for each line that it reads,
`["STORAGE_URL", "DEED", "POINT"]`. The worker does what a tick of the audit worker does, and the
answer is `[exit code, what the tick said]`. At POINT (tests/personalization/night/killed.py) the
worker ends like `kill -9` (DEED is `die`), or stops like `kill -STOP` (`stop`) until somebody
continues it: then `["stopped", process id]` is answered first.
"""

import json
import os
import signal
import sys
from dataclasses import replace

from tests.personalization.night.killed import arm, die, load, reported

SEED = 2018


def stop():
    os.kill(os.getpid(), signal.SIGSTOP)


def work(storage_url, deed, point):
    from django.conf import settings

    from audits.tasks import audit_tick

    settings.STORAGE_URL = storage_url
    if point:
        arm(point, {"die": die, "stop": stop}[deed])
    print(audit_tick())


def main(database):
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    os.environ["LOG_LEVEL"] = "CRITICAL"
    from django.conf import settings

    for alias in settings.DATABASES.values():
        alias["NAME"] = database
    import django

    django.setup()
    from audits.metrics import leakage
    from audits.runs import registration, steps

    steps.EFFORTS["quick"] = replace(
        leakage.QUICK, shuffles=99, boosted_shuffles=19, rounds=10, draws=200
    )
    registration._seed = lambda plan: SEED
    load("audits.tasks")
    for line in sys.stdin:
        for answer in reported(work, *json.loads(line)):
            print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
