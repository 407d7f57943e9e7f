"""What was killed, when, and the model's digest each time: rows for docs/kills.md.

    python -m tests.kills

runs the kill tests and writes docs/kills.md. A test hands in its rows by `record`; without
the variable that names the file, they go nowhere.
"""

import os
import sys
import tempfile
from pathlib import Path

import pytest

TESTS = ("tests/night/test_kill.py", "tests/services/test_chord.py")
PAGE = Path(__file__).parents[1] / "docs" / "kills.md"
HEAD = """# What was killed, and the model each time

Written by `python -m tests.kills`, which runs tests/night/test_kill.py and
tests/services/test_chord.py (PostgreSQL on its usual port, `redis-server` and
`rabbitmq-server` installed). Each row is one run of a night from the same days to its end;
the digest is that of the fitted model's file. A test fails where it is not the same.

| on | killed or doubled | model |
|---|---|---|
"""


def record(on, what, digest):
    """Hand in a row: where it ran, what happened, and the model's SHA-256."""
    path = os.environ.get("KILLS_ROWS")
    if path:
        with Path(path).open("a") as file:
            file.write(f"| {on} | {what} | `{digest[:16]}` |\n")


def main():
    with tempfile.NamedTemporaryFile() as rows:
        os.environ["KILLS_ROWS"] = rows.name
        failed = pytest.main(["-n", "0", "-m", "services or not services", *TESTS])
        if not failed:
            PAGE.write_text(HEAD + Path(rows.name).read_text())
    sys.exit(int(failed))


if __name__ == "__main__":
    main()
