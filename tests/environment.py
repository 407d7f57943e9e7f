"""A pytest plugin, loaded before Django's: prepares what the settings will read.

It is named in pyproject.toml (`-p tests.environment`), because pytest-django
reads the settings before any conftest.py is loaded.
"""

import os
from pathlib import Path

# Never the demo's data: the tests have a cluster of their own, with durability traded for speed.
# It lies beside the demo's. The tests' own processes get its place by MARQUEE_TEST_DATA.
os.environ.setdefault(
    "MARQUEE_TEST_DATA",
    str(Path(os.environ.get("MARQUEE_DATA") or Path(__file__).parent.parent / "var", "test")),
)
os.environ["MARQUEE_DATA"] = os.environ["MARQUEE_TEST_DATA"]
os.environ["MARQUEE_FAST_DATABASE"] = "1"
os.environ["MARQUEE_PROCESS"] = "operator"
# As many workers as cores run beside each other: threads inside each would only queue.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from config.embedded import binaries, database, reset

if database.cluster().exists() and database.cluster().made_by() != binaries.major():
    reset.reset()  # nothing in the tests' own cluster is worth keeping
database.hold()
