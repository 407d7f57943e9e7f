"""What was killed, when, and the model's digest each time: rows for docs/kills.md.

    python -m tests.kills

runs the kill tests and writes docs/kills.md. A test hands in its rows by `record`; without
the variable that names the file, they go nowhere.
"""

import json
import os
import sys
import tempfile
from itertools import groupby
from pathlib import Path

import pytest

TESTS = ("tests/personalization/night/test_kill.py", "tests/services/test_chord.py")
PAGE = Path(__file__).parents[1] / "docs" / "kills.md"
HEAD = """# What was killed, and the model each time

Written by `python -m tests.kills`, which runs tests/personalization/night/test_kill.py and
tests/services/test_chord.py (PostgreSQL on its usual port, `redis-server` and
`rabbitmq-server` must be installed). Each row is one run of a night to its end, continued
after something was killed (`kill -9`). The digest is that of the fitted model's file. A
test fails if it differs from the digest of an undisturbed run.
"""
TABLE = """
## {world}

| on | killed or doubled | model |
|---|---|---|
"""


def record(world, on, what, digest):
    """Hand in a row: what was learnt from, where it ran, what happened, and the model's SHA-256."""
    path = os.environ.get("KILLS_ROWS")
    if path:
        with Path(path).open("a") as file:
            file.write(json.dumps([world, on, what, digest[:16]]) + "\n")


def page(rows):
    """Return the page for rows as they were handed in, a table for each world."""
    text = HEAD
    for world, of_world in groupby(rows, key=lambda row: row[0]):
        text += TABLE.format(world=world)
        text += "".join(f"| {on} | {what} | `{digest}` |\n" for _, on, what, digest in of_world)
    return text


def main():
    with tempfile.NamedTemporaryFile() as rows:
        os.environ["KILLS_ROWS"] = rows.name
        failed = pytest.main(["-n", "0", "-m", "services or not services", *TESTS])
        if not failed:
            lines = Path(rows.name).read_text().splitlines()
            PAGE.write_text(page([json.loads(line) for line in lines]))
    sys.exit(int(failed))


if __name__ == "__main__":
    main()
