"""Runs a benchmark's `measure` in its own process, over its own empty embedded database.

So this installation's data is not touched, and the peak of memory is that of the benchmark alone.
"""

import importlib
import json
import os
import subprocess
import sys
import tempfile
from typing import Any


def measured(module: str, *arguments: object) -> dict[str, Any]:
    """Return the result of `module.measure(*arguments)`: whole numbers in, JSON out."""
    with tempfile.TemporaryDirectory() as data:
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.own", module, *map(str, arguments)],
            env=os.environ | {"MARQUEE_DATA": data, "MARQUEE_FAST_DATABASE": "1"},
            stdout=subprocess.PIPE,
            check=True,
            text=True,
        )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def peak_memory() -> int:
    """Return the peak of this process's memory, in bytes."""
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def main(module: str, *arguments: str) -> None:
    from config.embedded import database

    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    os.environ.setdefault("LOG_LEVEL", "ERROR")
    with database.running():
        import django
        from django.core.management import call_command
        from django.db import connections

        django.setup()
        call_command("migrate", database="default", verbosity=0)
        found = importlib.import_module(module).measure(*map(int, arguments))
        print(json.dumps(found))
        connections.close_all()


if __name__ == "__main__":
    main(*sys.argv[1:])
