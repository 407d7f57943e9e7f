"""Whole files below STORAGE_URL, under names that hold their digest.

A folder (`file://…`) or a bucket (`s3://…`), by pyarrow's file systems. A file is written once and
never changed. Its name holds its SHA-256. Writing it again changes nothing, and reading it checks
it. Keep the digest together with the path.
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
# The files that this process has checked, with their state at that time.
_checked: dict[tuple[Path, str], tuple[int, ...] | None] = {}


class StorageAltered(Exception):
    """A stored file is not the one that was written: its digest differs."""


class StorageMissing(Exception):
    """A stored file is missing."""


@dataclass(frozen=True, slots=True)
class Stored:
    """Where a file lies below the storage root, and its SHA-256 in hex."""

    path: str
    sha256: str


def digest(content: bytes) -> str:
    """Return the SHA-256 of a file's bytes, in hex."""
    return hashlib.sha256(content).hexdigest()


def put(data: bytes | Path, *, folder: str, suffix: str) -> Stored:
    """Write `data` (or the file it names) below `folder`, as a whole or not at all.

    The name is the digest plus `suffix`, as `days/ab/abcd….parquet`. The same bytes give the same
    name. An existing good file is kept, and a damaged one is written again.
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

    Raises StorageAltered if they are not those that were written, and StorageMissing if the file is
    missing.
    """
    with opened(path) as stream:
        content: bytes = stream.read()
    _check(path, sha256, digest(content))
    return content


def verify(path: str, sha256: str) -> None:
    """Raise StorageAltered or StorageMissing unless the file is the one that was written.

    It reads a block at a time, because a sealed day may be larger than the memory at hand.
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

    This machine's copies of them are removed too. The caller must be the only writer in the folder,
    because a file whose row is not written yet would be lost.
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


def local_path(path: str, sha256: str, *, again: bool = True) -> Path:
    """Return the checked file as a path on this machine, to be memory-mapped.

    A file in a bucket is copied once into this machine's cache, whose copy is
    checked like the original. Raises StorageAltered and StorageMissing.

    Args:
        again: whether to check again a file that this process has checked and that has not changed
        since. Pass False to read a large file piece by piece.
    """
    system, root = _root(settings.STORAGE_URL)
    in_folder = isinstance(system, fs.LocalFileSystem)
    place = (Path(root) if in_folder else _cache_folder()) / path
    mark = _mark(place)
    if not again and mark is not None and mark == _checked.get((place, sha256)):
        return place
    if in_folder:
        verify(path, sha256)
    elif mark is None or _digest_of(place) != sha256:
        _write_local(place, read(path, sha256))
        mark = _mark(place)
    _checked[place, sha256] = mark
    return place


def _mark(place: Path) -> tuple[int, ...] | None:
    """Return a value that changes whenever the file does, or None if there is no file.

    It uses the time of the file's last change of any kind (ctime), which only the kernel sets.
    """
    try:
        found = place.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def _digest_of(place: Path) -> str:
    with place.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _holds(stored: Stored) -> bool:
    try:
        verify(stored.path, stored.sha256)
    except (StorageMissing, StorageAltered):
        return False
    return True


def _write_local(path: Path, content: bytes) -> None:
    """Write beside the target and rename, so that a reader sees the whole file or none."""
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
