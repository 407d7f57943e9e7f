"""The data directory: made before the start, closed to other users whatever the umask."""

import os
import stat
import subprocess
import sys

import pytest

from config import paths

RUN = """
import os, sys
os.umask(int(sys.argv[1], 8))
from config.embedded import database
with database.running():
    import psycopg
    with psycopg.connect(database.cluster().url("marquee")) as connection:
        print(connection.execute("SELECT 1").fetchone()[0])
"""
PREPARE = """
import os, sys
os.umask(int(sys.argv[1], 8))
from config.prepare import prepare
prepare(embedded=sys.argv[2] == "embedded")
"""


def run(code, data, *arguments):
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env=os.environ | {"MARQUEE_DATA": str(data), "PYTHONPATH": str(paths.BASE)},
        capture_output=True,
        text=True,
        timeout=120,
    )


def for_others(path):
    """What the mode lets users do who neither own the path nor are in its group."""
    return stat.S_IMODE(path.lstat().st_mode) & 0o007


@pytest.mark.parametrize("umask", ["022", "077", "000"])
def test_the_embedded_database_runs_in_a_directory_closed_to_others(tmp_path, umask):
    data = tmp_path / "data"
    done = run(RUN, data, umask)
    assert done.stdout == "1\n", done.stderr
    assert for_others(data) == 0
    assert data.stat().st_mode & stat.S_IRGRP == 0  # root's server may pass through, and not list
    for secret in (data / "secrets").iterdir():
        assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    for folder in data.iterdir():
        if folder.is_dir() and not folder.is_symlink():
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700, folder


def test_an_open_directory_of_an_earlier_version_is_closed(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data").chmod(0o755)
    assert run(PREPARE, tmp_path / "data", "022", "embedded").returncode == 0
    assert for_others(tmp_path / "data") == 0


def test_with_a_database_of_ones_own_a_new_directory_is_private(tmp_path):
    assert run(PREPARE, tmp_path / "data", "000", "own").returncode == 0
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700
    assert not (tmp_path / "data" / "secrets").exists()


def test_with_a_database_of_ones_own_the_operators_mode_is_kept(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data").chmod(0o750)
    assert run(PREPARE, tmp_path / "data", "022", "own").returncode == 0
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o750


def test_preparing_twice_keeps_the_secrets(tmp_path):
    run(PREPARE, tmp_path, "022", "embedded")
    before = {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()}
    run(PREPARE, tmp_path, "022", "embedded")
    assert {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()} == before
    assert set(before) == {"django", "draw", "evidence", "second-factor"}
