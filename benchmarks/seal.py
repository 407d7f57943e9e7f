"""How fast a day is sealed: a million decisions from PostgreSQL to a checked Parquet file.

The peer is a bare `COPY … TO` of the same rows, thrown away: no reader of PostgreSQL
does with less. Runs in a process and an embedded database of its own.
"""

import json
import os
import subprocess
import sys
import tempfile

from benchmarks.results import Report, Result, best_seconds

DECISIONS = 1_000_000
SHARE = 0.25  # of the speed of the bare COPY


def run() -> Report:
    with tempfile.TemporaryDirectory() as data:
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.seal", str(DECISIONS)],
            env=os.environ | {"MARQUEE_DATA": data, "MARQUEE_FAST_DATABASE": "1"},
            stdout=subprocess.PIPE,
            check=True,
            text=True,
        )
    found = json.loads(done.stdout.splitlines()[-1])
    sealing, copying = found["sealing"], found["copying"]
    peer = DECISIONS / copying
    return Report(
        "seal",
        [
            Result("sealed", DECISIONS / sealing, "decisions/s", peer=peer, target=SHARE * peer),
            Result("a million decisions sealed", sealing, "s", peer=copying),
            Result("of the file, a decision", found["bytes"] / DECISIONS, "bytes"),
            Result("peak memory", found["peak"] / 2**30, "GiB"),
        ],
    )


def measure(decisions: int) -> dict[str, float]:
    """Fill a day, then time sealing it and copying it, in seconds each."""
    import resource

    from benchmarks import days
    from personalization.journal import sealing

    day = days.fill(decisions)
    copying = best_seconds(lambda: days.copy(day))
    size = len(sealing.build(day).content)
    return {
        "copying": copying,
        "sealing": best_seconds(lambda: sealing.build(day)),
        "bytes": size,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    }


if __name__ == "__main__":
    from config.embedded import database

    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    os.environ.setdefault("LOG_LEVEL", "ERROR")
    with database.running():
        import django
        from django.core.management import call_command
        from django.db import connections

        django.setup()
        call_command("migrate", database="default", verbosity=0)
        print(json.dumps(measure(int(sys.argv[1]))))
        connections.close_all()
