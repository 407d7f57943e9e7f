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


def reported(work, *order):
    """Do the work in a process of its own. Yield [exit code, what it said] when it has ended,
    and before that ["stopped", process id] if it stops."""
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
    status = os.waitpid(child, os.WUNTRACED)[1]
    if os.WIFSTOPPED(status):
        yield "stopped", child
        status = os.waitpid(child, 0)[1]
    with os.fdopen(reader) as said:
        yield os.waitstatus_to_exitcode(status), said.read()


def load(*modules):
    """Import what workers will, and load the compiled code: once, and not in each of them."""
    for name in modules:
        importlib.import_module(name)
    importlib.import_module("tests.personalization.bandit.test_compiling").scored()


def main(database):
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    os.environ["CANDIDATE_AUDITOR"] = "tests.personalization.night.test_learning.Passes"
    os.environ["GATE_SAMPLE"] = "50"
    os.environ["LOG_LEVEL"] = "CRITICAL"
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = database
    import django

    django.setup()
    load("personalization.night.running", os.environ["CANDIDATE_AUDITOR"].rpartition(".")[0])
    for line in sys.stdin:
        for answer in reported(work, *json.loads(line)):
            print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
