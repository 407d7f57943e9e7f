"""The reference witness as a process of its own."""

import os
import subprocess
import sys
from contextlib import contextmanager

from config import paths
from tools.verify_evidence import VerifierKey


@contextmanager
def started(folder, log):
    """Start a witness of one log's key; yield its address, its key and its process."""
    process = subprocess.Popen(
        [
            sys.executable, "-m", "audits.evidence.reference_witness", str(folder),
            "--port", "0", "--log", str(log),
        ],
        cwd=paths.BASE, env=os.environ | {"PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    try:
        key = VerifierKey.parse(process.stdout.readline())
        port = process.stdout.readline().split()[-1]
        yield f"http://127.0.0.1:{port}", key, process
    finally:
        process.kill()
        process.communicate()
