"""The metrics of several processes as one: each writes its numbers to a file that all read.

The files lie in a folder named by the server's process. Prometheus' client finds it by the
variable PROMETHEUS_MULTIPROC_DIR, which must be set before the client is imported.
"""

import os
import shutil
from pathlib import Path

VARIABLE = "PROMETHEUS_MULTIPROC_DIR"


def begin(folder: Path) -> None:
    """Make this server's folder below `folder`, and remove those of servers that are gone."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for other in folder.iterdir():
        if other.name.isdigit() and not _runs(int(other.name)):
            shutil.rmtree(other, ignore_errors=True)
    own = folder / str(os.getpid())
    shutil.rmtree(own, ignore_errors=True)  # of an earlier process with this number
    own.mkdir(mode=0o700)
    os.environ[VARIABLE] = str(own)


def forget_process(pid: int) -> None:
    """Count a process that ended no longer among the running; its counters stay."""
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(pid)  # type: ignore[no-untyped-call]


def end() -> None:
    """Remove this server's folder."""
    if own := os.environ.pop(VARIABLE, None):
        shutil.rmtree(own, ignore_errors=True)


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
