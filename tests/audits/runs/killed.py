"""A process of its own that carries out audit runs, and kills or stops itself at a point.

    python -m tests.audits.runs.killed DATABASE DEED POINT

It does what a tick of the audit worker does, and prints what that returned. At POINT
(tests/personalization/night/killed.py) it ends like `kill -9` (DEED is `die`) or stops like
`kill -STOP` (`stop`), until somebody continues it.
"""

import os
import signal
import sys
from dataclasses import replace

from tests.personalization.night.killed import arm, die

SEED = 2018


def stop():
    os.kill(os.getpid(), signal.SIGSTOP)


def main(database, deed, point):
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    os.environ["LOG_LEVEL"] = "CRITICAL"
    from django.conf import settings

    for alias in settings.DATABASES.values():
        alias["NAME"] = database
    import django

    django.setup()
    from audits.metrics import leakage
    from audits.runs import registration, steps
    from audits.tasks import audit_tick

    steps.EFFORTS["quick"] = replace(
        leakage.QUICK, shuffles=99, boosted_shuffles=19, rounds=10, draws=200
    )
    registration._seed = lambda plan: SEED
    if point:
        arm(point, {"die": die, "stop": stop}[deed])
    print(audit_tick())


if __name__ == "__main__":
    main(*sys.argv[1:])
