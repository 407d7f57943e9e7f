"""Checks rows before they are sealed. A faulty row is left out and counted under its fault."""

import hashlib
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from personalization.features import manifest
from personalization.journal.extracting import Windows

# The tolerance for stored probabilities, which are sums of rounded numbers.
TOLERANCE = 1e-9

# The faults of a row, in the order of the checks. A row counts under its first fault.
ARTWORKS = "artworks: empty, not parallel to their probabilities, or without the one chosen"
PROBABILITIES = "probabilities: not numbers from 0 to 1 that sum to 1"
PROPENSITY = "propensity: missing, 0, above 1, or not the probability of the artwork chosen"
NAMES = "policy, standing or surface: not one that this software knows"
MANIFEST = "manifest: the window's vector has other features"
VECTOR = "vector: not the one that its digest names, or not finite"


@dataclass(frozen=True)
class DayRows:
    """Decisions, and for each the place of its window in `Windows`."""

    table: pa.Table
    window: npt.NDArray[np.int64]

    def only(self, kept: npt.NDArray[np.bool_]) -> "DayRows":
        if kept.all():
            return self
        return DayRows(self.table.filter(pa.array(kept)), self.window[kept])

    def ordered(self) -> "DayRows":
        """Return the rows by the artwork chosen, then by decision."""
        order = np.lexsort((self.table["decision"].to_numpy(), self.table["chosen"].to_numpy()))
        return DayRows(self.table.take(pa.array(order)), self.window[order])


def parse(raw: pa.Table, windows: Windows) -> DayRows:
    """Find each row's window. Rows are dropped whose viewer was erased meanwhile."""
    ids = raw["window"].to_numpy()
    place = np.searchsorted(windows.ids, ids)
    there = place < len(windows.ids)
    there[there] = windows.ids[place[there]] == ids[there]
    if there.all():
        return DayRows(raw, place)
    return DayRows(raw.filter(pa.array(there)), place[there])


def accept(rows: DayRows, windows: Windows) -> tuple[DayRows, dict[str, int]]:
    """Return the rows without fault, and how many were left out for each fault."""
    faults = _faults(rows, windows)
    kept = np.ones(len(rows.window), bool)
    refused: dict[str, int] = {}
    for words, faulty in faults.items():
        count = int((kept & faulty).sum())
        if count:
            refused[words] = count
        kept &= ~faulty
    return rows.only(kept), refused


def _faults(rows: DayRows, windows: Windows) -> dict[str, npt.NDArray[np.bool_]]:
    artworks, probabilities = rows.table["artworks"], rows.table["probabilities"]
    lengths = pc.list_value_length(artworks).to_numpy()
    parallel = (lengths > 0) & (lengths == pc.list_value_length(probabilities).to_numpy())
    # Only rows with parallel lists can be checked element by element.
    at = np.flatnonzero(parallel)
    lists = rows.table.filter(pa.array(parallel))
    starts = np.concatenate([[0], np.cumsum(lengths[at])[:-1]]).astype(np.int64)
    owner = np.repeat(np.arange(len(at)), lengths[at])
    p = pc.list_flatten(lists["probabilities"]).to_numpy()
    is_chosen = pc.list_flatten(lists["artworks"]).to_numpy() == lists["chosen"].to_numpy()[owner]
    bad_p = np.zeros(len(rows.window), bool)
    chosen_p = np.full(len(rows.window), np.nan)
    times = np.zeros(len(rows.window), np.int64)
    if len(at):
        sums = np.add.reduceat(p, starts)
        in_range = np.logical_and.reduceat((p >= 0) & (p <= 1 + TOLERANCE), starts)
        bad_p[at] = ~(in_range & (np.abs(sums - 1) <= 1e-6))
        chosen_p[at] = np.add.reduceat(np.where(is_chosen, p, 0.0), starts)
        times[at] = np.add.reduceat(is_chosen.astype(np.int64), starts)
    propensity = rows.table["propensity"].to_numpy()
    bad_manifest, bad_vector = _bad_windows(windows)
    return {
        ARTWORKS: ~parallel | (times != 1),
        PROBABILITIES: bad_p,
        PROPENSITY: ~(
            (propensity > 0)
            & (propensity <= 1 + TOLERANCE)
            & (np.abs(propensity - chosen_p) <= TOLERANCE)
        ),
        NAMES: ~(
            pc.is_valid(rows.table["policy"]).to_numpy()
            & pc.is_valid(rows.table["standing"]).to_numpy()
            & pc.is_valid(rows.table["surface"]).to_numpy()
        ),
        MANIFEST: bad_manifest[rows.window],
        VECTOR: bad_vector[rows.window],
    }


def _bad_windows(windows: Windows) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    other = np.array([digest != manifest.DIGEST for digest in windows.manifests], bool)
    damaged = np.array(
        [
            hashlib.sha256(vector + people + weights).hexdigest() != digest
            or len(vector) != 8 * manifest.WIDTH
            or not np.isfinite(np.frombuffer(vector, "<f8")).all()
            for vector, people, weights, digest in zip(
                windows.vectors, windows.people, windows.weights, windows.digests, strict=True
            )
        ],
        bool,
    )
    return other, damaged


def vectors(rows: DayRows, windows: Windows) -> pa.DictionaryArray:
    """Return the viewer vector of each accepted row, (N,): bytes, each window's once."""
    return pa.DictionaryArray.from_arrays(
        pa.array(rows.window.astype(np.int32)), pa.array(windows.vectors, pa.binary())
    )
