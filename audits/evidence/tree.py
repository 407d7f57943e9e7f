"""A Merkle tree over stored hashes: appending, roots and proofs (RFC 9162, section 2.1).

The tree is kept as tiles of height 8 (C2SP tlog-tiles). Level 0 holds the leaves' hashes. Each hash
of level L + 1 stands for 256 hashes of level L. So a million leaves take 3,922 hashes above their
own, and a root or a proof reads a few hundred hashes at most.
"""

from collections.abc import Iterable, Sequence
from typing import Protocol

from tools.verify_evidence import EMPTY_ROOT, node_hash

HEIGHT = 8
WIDTH = 1 << HEIGHT


class Tiles(Protocol):
    """Where hashes are kept, by level and by place within the level."""

    def read(self, level: int, start: int, end: int) -> Sequence[bytes]:
        """Return the hashes `start` to `end` (excluded) of a level: 32 bytes each, all there."""
        ...


class NotInTree(ValueError):
    """A proof was asked of a leaf or of a size that the tree does not have."""


class InMemory:
    """Tiles in lists, for tests and for trees that are computed once."""

    def __init__(self) -> None:
        self.levels: list[list[bytes]] = []

    def read(self, level: int, start: int, end: int) -> Sequence[bytes]:
        return self.levels[level][start:end]

    def add(self, level: int, hashes: Iterable[bytes]) -> None:
        while len(self.levels) <= level:
            self.levels.append([])
        self.levels[level].extend(hashes)


def completed(tiles: Tiles, *, size: int, leaves: Sequence[bytes]) -> list[list[bytes]]:
    """Return the hashes that appending makes, by level: `leaves` themselves, then what they fill.

    Args:
        tiles: the hashes of the tree before.
        size: its number of leaves.
        leaves: the new leaves' hashes, 32 bytes each.
    """
    made = [list(leaves)]
    start, end = size, size + len(leaves)
    while (full := end // WIDTH) > (had := start // WIDTH):
        below = made[-1]
        first = had * WIDTH  # the oldest hash of the level below that is needed
        known = list(tiles.read(len(made) - 1, first, start)) if first < start else []
        row = known + below
        made.append([_fold(row[at * WIDTH : (at + 1) * WIDTH]) for at in range(full - had)])
        start, end = had, full
    return made


def root(tiles: Tiles, size: int) -> bytes:
    """Return the root over the first `size` leaves: 32 bytes."""
    return _range(tiles, 0, size) if size else EMPTY_ROOT


def inclusion(tiles: Tiles, *, index: int, size: int) -> list[bytes]:
    """Return the proof that leaf `index` is in the tree of `size` leaves, from the leaf upwards.

    Raises:
        NotInTree: if the tree of that size has no such leaf.
    """
    if not 0 <= index < size:
        raise NotInTree(f"A tree of {size} leaves has no leaf {index}.")
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(_range(tiles, middle, end))
            end = middle
        else:
            path.append(_range(tiles, start, middle))
            start = middle
    return path[::-1]


def consistency(tiles: Tiles, *, old: int, size: int) -> list[bytes]:
    """Return the proof that the tree of `old` leaves is a prefix of the tree of `size` leaves.

    Empty for two equal trees, and for an old tree without leaves.

    Raises:
        NotInTree: if the old tree is the larger one.
    """
    if not 0 <= old <= size:
        raise NotInTree(f"A tree of {old} leaves is no prefix of one of {size}.")
    path: list[bytes] = []
    start, end, whole = 0, size, True  # whole: the old tree is all of the subtree's left part
    while 0 < old < end:
        middle = start + _split(end - start)
        if old <= middle:
            path.append(_range(tiles, middle, end))
            end = middle
        else:
            path.append(_range(tiles, start, middle))
            start, whole = middle, False
    if not whole:
        path.append(_range(tiles, start, end))
    return path[::-1]


def _split(count: int) -> int:
    """Return the largest power of two below `count`, which is at least 2."""
    return 1 << (count - 1).bit_length() - 1


def _range(tiles: Tiles, start: int, end: int) -> bytes:
    """Return the hash of the subtree over the leaves `start` to `end` (excluded)."""
    parts: list[bytes] = []
    while start < end:
        height = (end - start).bit_length() - 1  # the largest complete subtree that begins here
        parts.append(_complete(tiles, height, start >> height))
        start += 1 << height
    value = parts.pop()
    while parts:
        value = node_hash(parts.pop(), value)
    return value


def _complete(tiles: Tiles, height: int, number: int) -> bytes:
    """Return the hash of a complete subtree: the `number`-th of that height."""
    level, above = divmod(height, HEIGHT)
    count = 1 << above
    return _fold(tiles.read(level, number * count, (number + 1) * count))


def _fold(hashes: Sequence[bytes]) -> bytes:
    row = list(hashes)
    while len(row) > 1:
        row = [node_hash(row[at], row[at + 1]) for at in range(0, len(row), 2)]
    return row[0]
