"""The kill tests' process of its own: a night in it kills itself at one point.

    python -m tests.personalization.night.killed DATABASE

It imports everything once and then forks a worker for each line that it reads,
`["STORAGE_URL", "POINT"]` or with "erase" at the end, and answers with
`[exit code, what it said]`. POINT names a function of the product, and “before”
or “after” its call number N:
`before:personalization.storage.put:3`. Empty, the night runs to its end.
"""

import importlib
import json
import os
import signal
import sys
from datetime import UTC, date, datetime

NIGHT = date(2026, 3, 9)
NOW = datetime(2026, 3, 9, 3, tzinfo=UTC)


def die():
    os.kill(os.getpid(), signal.SIGKILL)


def arm(point, deed=die):
    """Make the process do something at the point: kill itself, as `kill -9` would."""
    when, name, number = point.split(":")
    where, attribute = name.rsplit(".", 1)
    owner = importlib.import_module(where)
    original, calls = getattr(owner, attribute), []

    def deadly(*args, **options):
        calls.append(1)
        if len(calls) == int(number) and when == "before":
            deed()
        result = original(*args, **options)
        if len(calls) == int(number) and when == "after":
            deed()
        return result

    setattr(owner, attribute, deadly)


def work(storage_url, point, job="night"):
    """Run the night in this process, or only carry out the erasures that are owed."""
    from django.conf import settings

    from personalization.night import running

    settings.STORAGE_URL = storage_url
    if point:
        arm(point)
    if job == "erase":
        print(running.erase(now=NOW))
        return
    night = running.run(running.begin(NIGHT, now=NOW), clock=lambda: NOW)
    print(night.stage, night.outcome)


def fork(*order):
    """Do the work in a process of its own; return its exit code and what it said."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        os.dup2(writer, 1)
        os.dup2(writer, 2)
        code = 0
        try:
            work(*order)
        except BaseException as error:
            print(error)
            code = 1
        sys.stdout.flush()
        os._exit(code)
    os.close(writer)
    with os.fdopen(reader) as said:
        words = said.read()
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), words


def main(database):
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    os.environ["CANDIDATE_AUDITOR"] = "tests.personalization.night.test_learning.Passes"
    os.environ["GATE_SAMPLE"] = "50"
    os.environ["LOG_LEVEL"] = "CRITICAL"
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = database
    import django

    django.setup()
    importlib.import_module("personalization.night.running")
    for line in sys.stdin:
        print(json.dumps(fork(*json.loads(line))), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
