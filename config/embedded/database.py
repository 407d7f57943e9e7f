"""The embedded database's life: started by the first process that needs it, stopped by the last.

Every process that uses it holds a shared lock on one file. Whoever leaves and
can take that lock alone was the last, and stops the server. A process that is
killed drops its lock with it, so nothing has to be cleaned up.
"""

import atexit
import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from config import paths
from config.embedded.cluster import Cluster

WITHOUT_DATABASE = {
    "help",
    "version",
    "--help",
    "--version",
    "-h",
    "collectstatic",
    "compilemessages",
}


def embedded() -> bool:
    """Say whether this copy runs its own PostgreSQL (no DATABASE_URL was given)."""
    return not (os.environ.get("DATABASE_URL") or os.environ.get("DATABASE_URL_FILE"))


def cluster() -> Cluster:
    return Cluster(paths.DATA / "postgres", fast=bool(os.environ.get("MARQUEE_FAST_DATABASE")))


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
    if not embedded() or not command or command[0] in WITHOUT_DATABASE:
        yield
        return
    with running():
        yield


def hold() -> None:
    """Keep the embedded database up until this process ends (for servers started by others)."""
    if embedded():
        atexit.register(_release, _acquire())


def _acquire() -> IO[str]:
    paths.DATA.mkdir(parents=True, exist_ok=True)
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
