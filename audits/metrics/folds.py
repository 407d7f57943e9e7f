"""Folds, and the principal components of each one's training part."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy.linalg import eigh

from audits.metrics.chances import Use, checked_seeds, uniforms
from audits.metrics.refusals import Bools, CannotMeasure, Floats, Ints, floats, integers, whole

_NEGLIGIBLE = 1e-10  # of the largest eigenvalue
_GOLDEN = 0.6180339887498949  # its multiples spread most evenly over a line


def stratified_folds(
    *, members: Bools, strata: Ints, folds: int, seeds: Ints, repeat: int = 0
) -> Iterator[tuple[Ints, Ints]]:
    """Split viewers into folds; each fold gets its share of every stratum and side.

    The viewers of a stratum and side stand in the order of their own random numbers, at even
    distances on a line from 0 to 1, and the line of a side is cut into folds of one size. If some
    viewers leave, the others keep their order, so that only those next to a cut change folds.

    Args:
        members: (n,) True for the group.
        strata: (n,) the stratum of each viewer.
        folds: how many, at least 2.
        seeds: (n,) one whole number a viewer, from which their random numbers follow.
        repeat: the number of this split, 0 or more; each splits the viewers anew.

    Yields:
        For each fold the places of the training viewers, and of the test viewers.

    Raises:
        CannotMeasure: `folds` is below 2, or there are fewer viewers than folds; `seeds`.
    """
    if len(members) < whole("folds", folds, least=2):
        raise CannotMeasure("folds", "must not outnumber the viewers")
    own = checked_seeds(seeds, viewers=len(members))
    random = uniforms(seeds=own, use=Use.FOLDS, count=1, first=repeat)[0]
    fold = np.empty(len(members), dtype=np.int64)
    for side in (members, ~members):
        fold[side] = _folds_of_side(random[side], strata[side], folds)
    for number in range(folds):
        yield np.flatnonzero(fold != number), np.flatnonzero(fold == number)


def _folds_of_side(random: Floats, strata: Ints, folds: int) -> Ints:
    """(n,) the fold of each viewer of one side."""
    order = np.lexsort((random, strata))
    _, first, size = np.unique(strata[order], return_index=True, return_counts=True)
    place = np.empty(len(random))
    place[order] = np.arange(len(random)) - np.repeat(first, size)
    _, stratum, size = np.unique(strata, return_inverse=True, return_counts=True)
    # Lines that begin at different places: small strata do not all meet in the same fold.
    begin = (strata * _GOLDEN) % 1
    line = np.lexsort((random, (place + begin) / size[stratum]))
    fold = np.empty(len(random), dtype=np.int64)
    fold[line] = np.arange(len(random)) * folds // max(len(random), 1)
    return fold


def compact(features: Floats) -> Floats:
    """Turn every viewer's row so that it has no more columns than there are viewers.

    Distances and angles between the rows stay, and they are all that components need.

    Args:
        features: (n, P) finite numbers.

    Returns:
        (n, min(n, P)) the rows around their mean, in units of a power of two near the largest
        number, so that squares neither overflow nor vanish.

    Raises:
        CannotMeasure: `features` is no such matrix.
    """
    rows = floats("features", features, shape=(None, None))
    largest = float(np.abs(rows).max(initial=0.0))
    rows = np.ldexp(rows, -int(np.frexp(largest)[1]))
    centred: Floats = rows - rows.mean(axis=0)  # for accuracy only; each fold centres again
    if centred.shape[1] <= len(centred):
        return centred
    turned: Floats = np.asarray(np.linalg.qr(centred.T, mode="r")).T
    return turned


def components(*, rows: Floats, train: Ints, test: Ints, limit: int) -> tuple[Floats, Floats]:
    """Find all rows' scores on the leading components of the training rows alone.

    The training mean is subtracted, so that test rows enter neither the centre nor the axes.

    Args:
        rows: (N, r) rows, as of `compact`.
        train: (n,) places of the training rows, at least one.
        test: (m,) places of the test rows.
        limit: how many components at most, at least 1.

    Returns:
        Scores (n, k) and (m, k); columns are orthogonal, in falling order of variance, k ≤ `limit`.

    Raises:
        CannotMeasure: by the argument's name.

    Source: Jolliffe 2002, Principal Component Analysis, chapter 3.
    """
    limit = whole("limit", limit, least=1)
    if not len(train):
        raise CannotMeasure("train", "needs at least one row")
    for field, places in (("train", train), ("test", test)):
        numbers = integers(field, places, shape=(None,))
        if ((numbers < 0) | (numbers >= len(rows))).any():
            raise CannotMeasure(field, f"must hold places, 0 to {len(rows) - 1}")
    centre = rows[train].mean(axis=0)
    seen, unseen = rows[train] - centre, rows[test] - centre
    axes = _axes(seen, limit)
    scores = seen @ axes
    # Either sign would do. This one is the same whatever library found the axes.
    signs = np.where(np.einsum("nk,nk,nk->k", scores, scores, scores) < 0, -1.0, 1.0)
    return scores * signs, (unseen @ axes) * signs


def _axes(seen: Floats, limit: int) -> Floats:
    """(r, k) the leading axes of centred rows, from the smaller of their two products."""
    wide = seen.shape[1] > len(seen)
    product = seen @ seen.T if wide else seen.T @ seen
    size = len(product)
    if 2 * limit < size:
        last = (size - limit, size - 1)
        values, vectors = eigh(product, subset_by_index=last, check_finite=False)
    else:
        values, vectors = np.linalg.eigh(product)
    keep = np.flatnonzero(values > max(values[-1], 0.0) * _NEGLIGIBLE)[::-1][:limit]
    axes: Floats = vectors[:, keep]
    if wide:
        axes = seen.T @ (axes / np.sqrt(values[keep]))
    return axes
