"""What must lie on the disk before this copy runs: its folders and, if embedded, its secrets.

Importing the settings makes nothing. `manage.py`, `config.wsgi`, the Celery worker and the tests
call `prepare()` before they work; it is safe to call at any time and by several processes at once.
"""

import os
import pwd
from pathlib import Path

from config import paths
from config.embedded.secrets import secret

PRIVATE = 0o700
# As root, PostgreSQL runs as another user, who must pass through to its own folder: that user's
# group may enter and not list, and nobody else may do either.
PASSAGE = 0o710
SECRETS = ("django", "draw", "second-factor")


class NotPrepared(RuntimeError):
    """The data directory cannot be made or used as it is."""


def prepare(*, embedded: bool) -> None:
    """Make the data directory with its folders, closed to other users, whatever the umask.

    The embedded copy's directory is closed again each time. With a database of one's own, an
    existing directory keeps the mode that its operator gave it.

    Raises:
        NotPrepared: says in words what stands in the way.
    """
    try:
        is_new = not paths.DATA.exists()
        paths.DATA.mkdir(parents=True, exist_ok=True)
        if is_new or (embedded and paths.DATA.stat().st_uid == os.geteuid()):
            _close(paths.DATA, embedded=embedded)
        for folder in (paths.STATIC, paths.MEDIA, paths.STORAGE, paths.LOGS, *_broker()):
            if not folder.exists():
                folder.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
    except OSError as error:
        raise NotPrepared(
            f"Marquee keeps its data in {paths.DATA}, which cannot be used: {error.strerror} "
            f"({error.filename}). Set MARQUEE_DATA to a folder that you may write to."
        ) from error
    if embedded:
        for name in SECRETS:
            secret(name)
        if not (paths.SECRETS / "evidence").exists():
            from audits.evidence.keys import SigningKey

            secret("evidence", first=SigningKey.make("marquee").dump())


def _broker() -> list[Path]:
    return [paths.BROKER, *(paths.BROKER / name for name in ("queue", "processed", "control"))]


def _close(folder: Path, *, embedded: bool) -> None:
    if embedded and os.geteuid() == 0:
        from config.embedded.binaries import SERVER_USER

        os.chown(folder, -1, pwd.getpwnam(SERVER_USER).pw_gid)
        folder.chmod(PASSAGE)
    else:
        folder.chmod(PRIVATE)
