"""The rows of the fit, w = [1, x_v, match, controls]: written out a few thousand at a time.

A viewer's window makes dozens of decisions with one vector. So the rows of a hundred million
decisions are never all in memory: they are gathered into a buffer that fits the processor's cache.
"""

from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

import numpy as np

from personalization.bandit.arrays import Floats, Ints, floats, ints
from personalization.bandit.errors import BadInput

Places = slice | Ints


@runtime_checkable
class FitRows(Protocol):
    """What `reduction.reduce` needs of its rows, which are checked when they are made."""

    @property
    def shape(self) -> tuple[int, int]:
        """(N, W)."""

    def write(self, places: Places, out: Floats) -> None:
        """Write some rows.

        An inner step of the reduction: nothing is checked.

        Args:
            places: a slice of the N rows, or (K,) places.
            out: (K, at least W) takes the rows.
        """

    def moments(self) -> Floats:
        """Return the sums of all rows, and of their squares, number by number: (2, W)."""


@dataclass(frozen=True)
class Dense:
    """Rows that are in memory as they are.

    Attributes:
        values: (N, W).

    Raises:
        BadInput: if they have another shape, or are not finite.
    """

    values: Floats

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", floats("rows", self.values, (None, None)))

    @property
    def shape(self) -> tuple[int, int]:
        """(N, W)."""
        return int(self.values.shape[0]), int(self.values.shape[1])

    def write(self, places: Places, out: Floats) -> None:
        """Write the rows at `places` to `out`: see `FitRows`."""
        out[:, : self.values.shape[1]] = self.values[places]

    def moments(self) -> Floats:
        """Return Σ w and Σ w², number by number: (2, W)."""
        return _moments(self.values)


@dataclass(frozen=True)
class Gathered:
    """Rows whose viewer vectors are kept once each.

    Attributes:
        windows: (N,) each row's place in `vectors`.
        vectors: (V, d) viewer vectors.
        matches: (N,) affinity to the depicted cast of what was shown.
        controls: (N, C).

    Raises:
        BadInput: naming the array that is wrong.
    """

    windows: Ints
    vectors: Floats
    matches: Floats
    controls: Floats
    _beginnings: Floats = field(init=False, repr=False)  # (V, W) = [1, x_v, 0 …]

    def __post_init__(self) -> None:
        windows = ints("windows", self.windows, (None,))
        vectors = floats("vectors", self.vectors, (None, None))
        controls = floats("controls", self.controls, (len(windows), None))
        if len(windows) and (windows.min() < 0 or windows.max() >= len(vectors)):
            raise BadInput("windows must be places in vectors")
        width = vectors.shape[1] + 2 + controls.shape[1]
        beginnings = np.zeros((len(vectors), width))
        beginnings[:, 0] = 1.0
        beginnings[:, 1 : vectors.shape[1] + 1] = vectors
        object.__setattr__(self, "windows", windows)
        object.__setattr__(self, "vectors", vectors)
        object.__setattr__(self, "matches", floats("matches", self.matches, windows.shape))
        object.__setattr__(self, "controls", controls)
        object.__setattr__(self, "_beginnings", beginnings)

    @property
    def shape(self) -> tuple[int, int]:
        """(N, W)."""
        return len(self.windows), int(self._beginnings.shape[1])

    def write(self, places: Places, out: Floats) -> None:
        """Write the rows at `places` to `out`: see `FitRows`."""
        width, match = self.shape[1], self.vectors.shape[1] + 1
        # "clip" never clips here (places were checked), and lets NumPy write without a copy.
        np.take(self._beginnings, self.windows[places], axis=0, out=out[:, :width], mode="clip")
        out[:, match] = self.matches[places]
        out[:, match + 1 : width] = self.controls[places]

    def moments(self) -> Floats:
        """Return Σ w and Σ w², number by number: (2, W)."""
        # A vector counts as often as its window decided.
        times = np.bincount(self.windows, minlength=len(self.vectors)).astype(np.float64)
        vectors = np.stack([times @ self.vectors, times @ self.vectors**2])
        constant = np.full((2, 1), times.sum())
        others = _moments(self.matches[:, None]), _moments(self.controls)
        return np.hstack([constant, vectors, *others])

    def dense(self) -> Floats:
        """Return all rows at once, (N, W); meant for few rows."""
        values = np.empty(self.shape)
        self.write(slice(None), values)
        return values


def _moments(values: Floats) -> Floats:
    return np.stack([values.sum(axis=0), np.einsum("ij,ij->j", values, values)])
