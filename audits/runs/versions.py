"""What computes a run's numbers: the project's own sources, and the libraries with their versions.

A run records both, so that a replay can say what differs between then and now.
"""

import ast
import hashlib
import platform
from collections.abc import Iterator
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.conf import settings

START = "audits.runs.computing"  # it imports all that a number depends on
OWN = {"audits", "catalog", "config", "personalization"}
LIBRARIES = ("numpy", "scipy", "numba", "pyarrow")


@cache
def code() -> dict[str, Any]:
    """Return what this process computes with.

    Returns:
        `sources`: the SHA-256 of each folder's files that a measurement imports, by folder;
        `digest`: one SHA-256 over these; `versions`: of Python, the numeric libraries, and the
        processor's kind.
    """
    sources = _sources(Path(settings.BASE_DIR))
    whole = hashlib.sha256("".join(sources.values()).encode()).hexdigest()
    return {"digest": whole, "sources": sources, "versions": _versions()}


@cache
def digest_of(start: str) -> str:
    """Return one SHA-256 over the files that a module imports, and the libraries' versions."""
    parts = [*_sources(Path(settings.BASE_DIR), start).values(), *_versions().values()]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def differences(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Say in words where two values of `code` differ; empty if nowhere."""
    words = []
    for name, now, then in _changed(before["versions"], after["versions"]):
        words.append(f"{name} was {then or 'not there'} and is {now or 'not there'}")
    for folder, now, then in _changed(before["sources"], after["sources"]):
        what = "differs" if now and then else "is new" if now else "is gone"
        words.append(f"the code in {folder} {what}")
    return words


def imported_files(root: Path, start: str = START) -> dict[str, Path]:
    """Return each of the project's modules that `start` imports, directly or not, by path.

    Imports inside functions count too. Paths are relative to `root`, with forward slashes.
    """
    waiting, files = [start], dict[str, Path]()
    while waiting:
        parts = waiting.pop().split(".")
        for length in range(1, len(parts) + 1):
            path = _file(root, parts[:length])
            if path and path.relative_to(root).as_posix() not in files:
                files[path.relative_to(root).as_posix()] = path
                waiting += _imports(path)
    return dict(sorted(files.items()))


def _versions() -> dict[str, str]:
    versions = {"python": platform.python_version(), "machine": platform.machine()}
    return versions | {name: version(name) for name in LIBRARIES}


def _sources(root: Path, start: str = START) -> dict[str, str]:
    digests: dict[str, Any] = {}
    for name, path in imported_files(root, start).items():
        folder = digests.setdefault(str(Path(name).parent), hashlib.sha256())
        folder.update(name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return {folder: made.hexdigest() for folder, made in digests.items()}


def _file(root: Path, parts: list[str]) -> Path | None:
    place = root.joinpath(*parts)
    for path in (place.with_suffix(".py"), place / "__init__.py"):
        if path.is_file():
            return path
    return None


def _imports(path: Path) -> Iterator[str]:
    """Yield the names of the project's modules, and of what is taken from them, in one file."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        else:
            continue
        yield from (name for name in names if name.split(".")[0] in OWN)


def _changed(before: dict[str, str], after: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    """Yield (name, now, then) for each name whose value differs; "" where it is missing."""
    for name in sorted(before.keys() | after.keys()):
        then, now = before.get(name, ""), after.get(name, "")
        if then != now:
            yield name, now, then
