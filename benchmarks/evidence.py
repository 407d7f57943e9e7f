"""The evidence log: how fast leaves are appended, and how long a year of them takes to verify.

Leaves are appended in batches, as the audit worker's tick does it, in a process and over a
database of their own. The log that is verified has a million leaves in a folder; the stand-alone
verifier computes it again, as somebody outside would.
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.own import measured
from benchmarks.results import BenchmarkReport, Figure
from config import paths

APPENDED, VERIFIED = 20_000, 1_000_000


def run() -> BenchmarkReport:
    found = measured(__name__, APPENDED)
    return BenchmarkReport(
        "evidence",
        [
            Figure("append leaves", APPENDED / found["seconds"], "leaves/s", target=2_000),
            Figure(f"verify {VERIFIED:,} leaves", verified(VERIFIED), "s", target=10),
        ],
    )


def measure(leaves: int) -> dict[str, Any]:
    """Append leaves to an empty log, and return the seconds that it took."""
    from django.core.management import call_command
    from django.db import connections

    from audits.record import ledger

    call_command("prepare_wall", verbosity=0)
    with connections["protected"].cursor() as cursor:
        cursor.execute(
            "INSERT INTO record.events (kind, subject, body)"
            " SELECT 'benchmark', 'n ' || n, jsonb_build_object('digest', 'sha256:'"
            " || encode(sha256(n::text::bytea), 'hex')) FROM generate_series(1, %s) AS n",
            [leaves],
        )
    start = time.perf_counter()
    made = ledger.append_all()
    seconds = time.perf_counter() - start
    assert made >= leaves
    return {"seconds": seconds}


def verified(leaves: int) -> float:
    """Return the seconds that the stand-alone verifier takes for a log of so many leaves."""
    from audits.evidence import folder, tree
    from audits.evidence.keys import SigningKey, checkpoint
    from tools.verify_evidence import leaf_hash

    key = SigningKey.make("marquee.example/evidence")
    entries = [
        json.dumps({"kind": "benchmark", "n": number, "digest": "sha256:" + "0" * 64}).encode()
        for number in range(leaves)
    ]
    tiles = tree.InMemory()
    hashes = [leaf_hash(entry) for entry in entries]
    for level, row in enumerate(tree.completed(tiles, size=0, leaves=hashes)):
        tiles.add(level, row)
    head = checkpoint(origin=key.name, size=leaves, root=tree.root(tiles, leaves), key=key)
    with tempfile.TemporaryDirectory() as place:
        folder.publish(
            Path(place), head, tiles=tiles, entries=lambda start, end: entries[start:end]
        )
        command = ["tools/verify_evidence.py", "log", place, "--key", str(key.verifier)]
        start = time.perf_counter()
        subprocess.run(
            [sys.executable, *command], cwd=paths.BASE, check=True, stdout=subprocess.DEVNULL
        )
        return time.perf_counter() - start
