"""Whole files below STORAGE_URL, under names that hold their digest.

A folder (`file://…`) or a bucket (`s3://…`), by pyarrow's file systems. A file
is written once and never changed: its name says its SHA-256, writing it again
is nothing, and reading it checks it. Whoever keeps a path keeps the digest too.
"""

import hashlib
import os
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath

import pyarrow as pa
from django.conf import settings
from pyarrow import fs

BLOCK = 1024 * 1024  # bytes


class StorageAltered(Exception):
    """A stored file is not the one that was written: its digest differs."""


class StorageMissing(Exception):
    """A stored file is not there any more."""


@dataclass(frozen=True, slots=True)
class Stored:
    """Where a file lies below the storage root, and its SHA-256 in hex."""

    path: str
    sha256: str


def digest(content: bytes) -> str:
    """Return the SHA-256 of a file's bytes, in hex."""
    return hashlib.sha256(content).hexdigest()


def put(data: bytes | Path, *, folder: str, suffix: str) -> Stored:
    """Write `data` (or the file it names) below `folder`; all of it or nothing.

    The name is the digest plus `suffix`, as `days/ab/abcd….parquet`. The same
    bytes give the same name; a good file that is there already is left alone
    and a damaged one is written again.
    """
    content = data.read_bytes() if isinstance(data, Path) else data
    sha256 = digest(content)
    stored = Stored(str(PurePosixPath(folder) / sha256[:2] / f"{sha256}{suffix}"), sha256)
    system, root = _root(settings.STORAGE_URL)
    if not _holds(stored):
        if isinstance(system, fs.LocalFileSystem):
            _write_local(Path(root) / stored.path, content)
        else:  # An object appears when its stream is closed, whole.
            system.create_dir(str((PurePosixPath(root) / stored.path).parent), recursive=True)
            with system.open_output_stream(str(PurePosixPath(root) / stored.path)) as stream:
                stream.write(content)
    return stored


def read(path: str, sha256: str) -> bytes:
    """Return the file's bytes.

    Raises StorageAltered if they are not those that were written, and
    StorageMissing if there are none.
    """
    with opened(path) as stream:
        content: bytes = stream.read()
    _check(path, sha256, digest(content))
    return content


def verify(path: str, sha256: str) -> None:
    """Raise StorageAltered or StorageMissing unless the file is the one that was written.

    Read a block at a time: a sealed day may be larger than what this process should hold.
    """
    found = hashlib.sha256()
    with opened(path) as stream:
        while block := stream.read(BLOCK):
            found.update(block)
    _check(path, sha256, found.hexdigest())


def _check(path: str, sha256: str, found: str) -> None:
    if found != sha256:
        raise StorageAltered(
            f"The stored file {path} was altered: its SHA-256 is {found}, "
            f"and {sha256} was written. Nothing is read from it."
        )


@contextmanager
def opened(path: str) -> Iterator[pa.NativeFile]:
    """Open a file to read a part of it, unchecked. Raises StorageMissing if there is none."""
    system, root = _root(settings.STORAGE_URL)
    try:
        stream = system.open_input_file(str(PurePosixPath(root) / path))
    except FileNotFoundError as error:
        raise StorageMissing(f"The stored file {path} is missing.") from error
    with stream:
        yield stream


def sweep(folder: str, *, keep: Collection[str]) -> list[str]:
    """Remove all files below `folder` but those at the paths to keep; return what was removed.

    This machine's copies of them go too. Whoever calls must be the only one who
    writes there: a file whose row is still to come would be lost.
    """
    system, root = _root(settings.STORAGE_URL)
    removed = [path for path in _listed(system, PurePosixPath(root), folder) if path not in keep]
    for path in removed:
        system.delete_file(str(PurePosixPath(root) / path))
    copies = _cache_folder()
    for path in _listed(fs.LocalFileSystem(), PurePosixPath(copies), folder):
        if path not in keep:
            (copies / path).unlink(missing_ok=True)
    return removed


def _listed(system: fs.FileSystem, root: PurePosixPath, folder: str) -> list[str]:
    """Return the paths below the root of the files in a folder, in order."""
    where = fs.FileSelector(str(root / folder), recursive=True, allow_not_found=True)
    return sorted(
        str(PurePosixPath(found.path).relative_to(root))
        for found in system.get_file_info(where)
        if found.type == fs.FileType.File
    )


def local_path(path: str, sha256: str) -> Path:
    """Return the checked file as a path on this machine, to be memory-mapped.

    A file in a bucket is copied once into this machine's cache, whose copy is
    checked like the original. Raises StorageAltered and StorageMissing.
    """
    system, root = _root(settings.STORAGE_URL)
    if isinstance(system, fs.LocalFileSystem):
        verify(path, sha256)
        return Path(root) / path
    copy = _cache_folder() / path
    if not (copy.is_file() and digest(copy.read_bytes()) == sha256):
        _write_local(copy, read(path, sha256))
    return copy


def _holds(stored: Stored) -> bool:
    try:
        verify(stored.path, stored.sha256)
    except (StorageMissing, StorageAltered):
        return False
    return True


def _write_local(path: Path, content: bytes) -> None:
    """Write beside the place and rename: a reader sees the whole file or none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(draft).replace(path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise


def _cache_folder() -> Path:
    name = hashlib.sha256(settings.STORAGE_URL.encode()).hexdigest()[:16]
    return Path(settings.STORAGE_CACHE) / name


@cache
def _root(url: str) -> tuple[fs.FileSystem, str]:
    system, root = fs.FileSystem.from_uri(url)
    return system, root
