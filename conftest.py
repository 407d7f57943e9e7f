"""Starts the tests' embedded database before Django reads its settings."""

import os
from pathlib import Path

HERE = Path(__file__).parent

# Never the demo's data: the tests have a cluster of their own, with durability traded for speed.
os.environ["MARQUEE_DATA"] = os.environ.get("MARQUEE_TEST_DATA", str(HERE / "var" / "test"))
os.environ["MARQUEE_FAST_DATABASE"] = "1"
os.environ["MARQUEE_PROCESS"] = "operator"

from config import paths  # noqa: E402 - reads the variables set above
from config.embedded import database  # noqa: E402

paths.STATIC.mkdir(parents=True, exist_ok=True)
database.hold()
