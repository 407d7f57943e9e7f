"""Secrets that no setting gives: made once, and kept with mode 0600 under the data directory."""

import os
import secrets
from pathlib import Path

from config import paths


def secret(name: str, *, folder: Path | None = None, first: str = "") -> str:
    """Return the secret called `name`, making it on first use: at random, or as `first` says.

    Two processes that start together agree: the file is written whole under a
    name of its own and then linked into place, which only one of them can do.
    """
    folder = folder or paths.SECRETS
    path = folder / name
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = folder / f".{name}.{os.getpid()}"
        draft.touch(mode=0o600)
        draft.write_text(first or _random())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()


def replace(name: str, value: str, *, folder: Path | None = None) -> None:
    """Let `value` be the secret called `name`, which exists. Readers find the old or the new."""
    folder = folder or paths.SECRETS
    draft = folder / f".{name}.{os.getpid()}"
    draft.touch(mode=0o600)
    draft.write_text(value)
    draft.replace(folder / name)


def kept(name: str, *, folder: Path | None = None, default: str | None = None) -> str:
    """Return the secret called `name` without making it.

    Where there is none yet, return `default`; without it, a secret that is valid in this process
    alone: a copy that was never prepared can be checked, and opens nothing.
    """
    path = (folder or paths.SECRETS) / name
    try:
        return path.read_text().strip()
    except OSError:
        return _random() if default is None else default


def _random() -> str:
    return secrets.token_urlsafe(48)
