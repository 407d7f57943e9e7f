"""PostgreSQL's binary COPY as arrays: whole columns at a time, without a Python loop over rows.

In each row the fields of fixed width come first and the arrays last. A field then lies at a fixed
distance from its row's start, and each array states its own length. Format: PostgreSQL's manual on
COPY, “Binary Format”; arrays as `array_send` writes them.
"""

from array import array
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from personalization.bandit.arrays import Ints

SIGNATURE = b"PGCOPY\n\xff\r\n\0"
HEAD = len(SIGNATURE) + 8  # flags, and the length of an extension that is never used
COUNT, LENGTH = 2, 4  # bytes: of a row's number of fields, of a field's length
ELEMENT = 8  # bytes of an array's element, after its own length
# An array's bytes before its elements: dimensions, null flag, type, length, lower bound.
ARRAY_HEAD = 20


@dataclass(frozen=True)
class Received:
    """A COPY's rows end to end, and where each begins."""

    content: npt.NDArray[np.uint8]
    starts: Ints

    def fixed(self, before: int, place: int, kind: str) -> npt.NDArray[np.generic]:
        """Return a column of fixed width that follows `place` fields with `before` bytes in all."""
        return self._at(self.starts + COUNT + LENGTH * (place + 1) + before, kind)

    def arrays(self, before: int, place: int, kind: str) -> "tuple[Lists, Lists]":
        """Return the two columns of arrays that follow `place` fields of `before` bytes."""
        first = self.starts + COUNT + LENGTH * place + before
        size = self._at(first, ">i4").astype(np.int64)
        return self._lists(first, size, ">i8"), self._lists(first + LENGTH + size, None, kind)

    def _lists(self, start: Ints, size: Ints | None, kind: str) -> "Lists":
        """Return the arrays whose length fields lie at `start`.

        An array of several dimensions, or with a null in it, is returned as empty.
        """
        found = self._at(start, ">i4").astype(np.int64) if size is None else size
        start = start + LENGTH
        plain = np.zeros(len(start), bool)
        full = found >= ARRAY_HEAD
        plain[full] = (self._at(start[full], ">i4") == 1) & (self._at(start[full] + 4, ">i4") == 0)
        lengths = np.where(plain, (found - ARRAY_HEAD) // (LENGTH + ELEMENT), 0)
        offsets = np.concatenate([[0], np.cumsum(lengths)])
        within = np.arange(offsets[-1]) - np.repeat(offsets[:-1], lengths)
        elements = np.repeat(start + ARRAY_HEAD + LENGTH, lengths) + within * (LENGTH + ELEMENT)
        return Lists(offsets, self._at(elements, kind))

    def _at(self, places: Ints, kind: str) -> npt.NDArray[np.generic]:
        """Return the numbers that begin at these places, in this machine's byte order."""
        dtype = np.dtype(kind)
        last = max(len(self.content) - dtype.itemsize + 1, 0)
        everywhere = np.ndarray(last, dtype, self.content.data, strides=(1,))
        return everywhere[places].astype(dtype.newbyteorder("="))


@dataclass(frozen=True)
class Lists:
    """A column of lists: those of row i lie at `offsets[i]` to `offsets[i + 1]`."""

    offsets: Ints
    values: npt.NDArray[np.generic]


def receive(blocks: Iterable[bytes | memoryview]) -> Received:
    """Read a COPY, which the server sends as one block for each row."""
    content, sizes = bytearray(), array("q")
    for block in blocks:
        content += block
        sizes.append(len(block))
    if not content.startswith(SIGNATURE):
        raise ValueError("This is no binary COPY.")
    lengths = np.frombuffer(sizes, np.int64)
    starts = np.cumsum(lengths) - lengths
    starts[0] = (
        HEAD  # the first block holds the head and the first row; the last block is the end mark
    )
    return Received(np.frombuffer(content, np.uint8), starts[:-1])
