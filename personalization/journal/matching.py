"""Matches of a whole day at once: each window's affinity with each eligible artwork's cast.

They are the numbers of `ArtworkIndex.match`, for millions of pairs of window and artwork, including
artworks that have left the index.
"""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from scipy import sparse

from catalog.models import Artwork
from personalization.journal.checking import DayRows
from personalization.journal.extracting import Windows


def lists(rows: DayRows, windows: Windows) -> pa.ListArray:
    """Return, parallel to each row's eligible artworks, the viewer's match with each."""
    artworks = rows.table["artworks"].combine_chunks()
    lengths = pc.list_value_length(artworks).to_numpy(zero_copy_only=False)
    window = np.repeat(rows.window, lengths)
    ids = pc.list_flatten(artworks).to_numpy()
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), pa.array(_matches(window, ids, windows)))


def _matches(
    window: npt.NDArray[np.int64], artworks: npt.NDArray[np.int64], windows: Windows
) -> npt.NDArray[np.float64]:
    """Return the match of each pair of a window's place and an artwork's id, (pairs,)."""
    depicted = np.array(
        Artwork.depicted.through.objects.filter(artwork_id__in=np.unique(artworks).tolist())
        .order_by("artwork_id", "person_id")
        .values_list("artwork_id", "person_id"),
        np.int64,
    ).reshape(-1, 2)
    counts = [len(people) // 8 for people in windows.people]
    people = np.frombuffer(b"".join(windows.people), "<i8")
    weights = np.frombuffer(b"".join(windows.weights), "<f8")
    persons, person = np.unique(np.concatenate([people, depicted[:, 1]]), return_inverse=True)
    pictures, picture = np.unique(artworks, return_inverse=True)
    if not len(persons) or not len(pictures):
        return np.zeros(len(artworks))
    affinity = sparse.csr_array(
        (weights, (np.repeat(np.arange(len(counts)), counts), person[: len(people)])),
        shape=(len(counts), len(persons)),
    )
    cast = sparse.csr_array(
        (
            np.ones(len(depicted)),
            (person[len(people) :], np.searchsorted(pictures, depicted[:, 0])),
        ),
        shape=(len(persons), len(pictures)),
    )
    return _at((affinity @ cast).tocsr(), window, picture)


def _at(
    matrix: sparse.csr_array, rows: npt.NDArray[np.int64], columns: npt.NDArray[np.int64]
) -> npt.NDArray[np.float64]:
    """Return the sparse matrix's values at pairs of row and column, by one sorted search."""
    matrix.sort_indices()
    width = matrix.shape[1]
    owners = np.repeat(np.arange(matrix.shape[0], dtype=np.int64), np.diff(matrix.indptr))
    keys = owners * width + matrix.indices
    wanted = rows.astype(np.int64) * width + columns
    place = np.searchsorted(keys, wanted)
    found = np.zeros(len(wanted))
    there = place < len(keys)
    there[there] = keys[place[there]] == wanted[there]
    found[there] = matrix.data[place[there]]
    return found
