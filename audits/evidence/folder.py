"""The log as files that any tool can read: tiles, entry bundles and the checkpoint.

The layout is that of C2SP tlog-tiles. Files are written whole under another name and then moved
into place, so a reader never sees half of one. The checkpoint comes last: what it covers is there.
"""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from audits.evidence.tree import WIDTH, Tiles
from tools.verify_evidence import Checkpoint, tile_path

# Gives the entries `start` to `end` (excluded) of the log.
Entries = Callable[[int, int], Sequence[bytes]]
MOST_BYTES = 0xFFFF  # of one entry: its length stands in two bytes


class EntryTooLong(ValueError):
    """An entry has more bytes than a bundle can hold."""


def publish(
    folder: Path, checkpoint: str, *, tiles: Tiles, entries: Entries, before: int = 0
) -> None:
    """Write what a log of the checkpoint's size has more than one of `before` leaves.

    Raises:
        EntryTooLong: before anything is written.
        OSError: if the folder cannot be written; the older checkpoint still stands then.
    """
    size = Checkpoint.parse(checkpoint).size
    _bundles(folder, entries, before, size)
    level, start, end = 0, before, size
    while end:
        for number in range(start // WIDTH, -(-end // WIDTH)):
            first, last = number * WIDTH, min((number + 1) * WIDTH, end)
            place = f"tile/{level}/{tile_path(number, last - first)}"
            write(folder / place, b"".join(tiles.read(level, first, last)))
        level, start, end = level + 1, start // WIDTH, end // WIDTH
    write(folder / "checkpoint", checkpoint.encode())


def _bundles(folder: Path, entries: Entries, before: int, size: int) -> None:
    for number in range(before // WIDTH, -(-size // WIDTH)):
        first, last = number * WIDTH, min((number + 1) * WIDTH, size)
        content = bundle(entries(first, last))
        write(folder / "tile" / "entries" / tile_path(number, last - first), content)


def bundle(entries: Sequence[bytes]) -> bytes:
    """Return entries one after another, each behind its length in two bytes."""
    for entry in entries:
        if len(entry) > MOST_BYTES:
            raise EntryTooLong(f"An entry has {len(entry):,} bytes; {MOST_BYTES:,} fit.")
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def write(path: Path, content: bytes) -> None:
    """Write a file whole, or not at all, and see that it is on the disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
