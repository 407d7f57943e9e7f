"""`python -m config.embedded.reset`: remove everything that Marquee made at run time."""

import fcntl
import shutil
import sys

from config import paths
from config.embedded import database


def reset() -> None:
    """Stop the embedded database and remove the data directory.

    Raises:
        RuntimeError: if a process of this copy still uses the data.
    """
    if not paths.DATA.exists():
        return
    with (paths.DATA / "postgres.users").open("a+") as users:
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise RuntimeError(
                f"Something still uses {paths.DATA}: stop it first (Ctrl-C where `make demo` runs)."
            ) from None
        cluster = database.cluster()
        if cluster.running():
            cluster.stop()
        shutil.rmtree(cluster.home, ignore_errors=True)
        # Not the directory itself: an operator may have mounted it.
        for entry in paths.DATA.iterdir():
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
            else:
                entry.unlink()


if __name__ == "__main__":
    try:
        reset()
    except RuntimeError as error:
        sys.exit(str(error))
