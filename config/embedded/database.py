"""When the embedded database runs: the first process that needs it starts it, the last stops it.

Every process that uses it holds a shared lock on one file. A process that leaves and
can take that lock alone was the last, and stops the server. The lock of a process that is
killed goes with it, so nothing has to be cleaned up.
"""

import atexit
import fcntl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from config import paths
from config.embedded.cluster import Cluster
from config.environment import env, given
from config.prepare import prepare

# Commands that write nothing here, and so work in a checkout that may not be written to.
READ_ONLY = {"help", "version", "--help", "--version", "-h", "check", "diffsettings"}
WITHOUT_DATABASE = {*READ_ONLY, "collectstatic", "compilemessages"}


def embedded() -> bool:
    """Say whether this copy runs its own PostgreSQL (no DATABASE_URL was given)."""
    return not given("DATABASE_URL")


def cluster() -> Cluster:
    return Cluster(paths.DATA / "postgres", fast=env.bool("MARQUEE_FAST_DATABASE", False))


@contextmanager
def running() -> Iterator[None]:
    """Keep the embedded database up for the length of the block."""
    users = _acquire()
    try:
        yield
    finally:
        _release(users)


@contextmanager
def running_for(command: Sequence[str]) -> Iterator[None]:
    """As `running`, unless the Django command needs no database or has one of its own."""
    if not reads_only(command):
        prepare(embedded=embedded())
    if not embedded() or not needs_database(command):
        yield
        return
    with running():
        yield


def reads_only(command: Sequence[str]) -> bool:
    """Say whether a Django command makes nothing in the data directory."""
    return not command or (command[0] in READ_ONLY and not needs_database(command))


def needs_database(command: Sequence[str]) -> bool:
    """Say whether a Django command asks the database."""
    if not command:
        return False
    asks = any(word.startswith("--database") for word in command)
    return asks or command[0] not in WITHOUT_DATABASE


def hold() -> None:
    """Keep the embedded database up until this process ends (for servers started by others)."""
    if embedded():
        atexit.register(_release, _acquire())


def _acquire() -> IO[str]:
    prepare(embedded=True)
    users = _open("postgres.users")
    with _open("postgres.lock") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        fcntl.flock(users, fcntl.LOCK_SH)
        server = cluster()
        if not server.exists():
            server.create()
        server.check_version()
        if not server.running():
            server.start()
            server.setup()
    return users


def _release(users: IO[str]) -> None:
    with _open("postgres.lock") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            users.close()
            return
        cluster().stop()
        users.close()


def _open(name: str) -> IO[str]:
    return Path(paths.DATA / name).open("a+")
