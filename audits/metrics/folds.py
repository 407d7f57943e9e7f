"""Folds, and the principal components of each one's training part, from one matrix of products."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from audits.metrics.refusals import Bools, CannotMeasure, Floats, Ints, floats, integers, whole

_NEGLIGIBLE = 1e-10  # of the largest eigenvalue


def stratified_folds(
    *, members: Bools, strata: Ints, folds: int, rng: np.random.Generator
) -> Iterator[tuple[Ints, Ints]]:
    """Split viewers into folds; each fold gets its share of every stratum and side.

    Args:
        members: (n,) True for the group.
        strata: (n,) the stratum of each viewer.
        folds: how many, at least 2.
        rng: the source of the order within a stratum.

    Yields:
        For each fold the places of the training viewers, and of the test viewers.

    Raises:
        CannotMeasure: `folds` is below 2, or there are fewer viewers than folds.
    """
    if len(members) < whole("folds", folds, least=2):
        raise CannotMeasure("folds", "must not outnumber the viewers")
    order = np.lexsort((rng.random(len(members)), strata, members))
    fold = np.empty(len(members), dtype=np.int64)
    fold[order] = np.arange(len(members)) % folds
    for number in range(folds):
        yield np.flatnonzero(fold != number), np.flatnonzero(fold == number)


def products(features: Floats) -> Floats:
    """Multiply every viewer's row with every other's: all that the folds need of the features.

    Args:
        features: (n, P) finite numbers.

    Returns:
        (n, n) inner products of the rows around their mean, in units of a power of two near the
        largest number, so that squares neither overflow nor vanish.

    Raises:
        CannotMeasure: `features` is no such matrix.
    """
    rows = floats("features", features, shape=(None, None))
    largest = float(np.abs(rows).max(initial=0.0))
    rows = np.ldexp(rows, -int(np.frexp(largest)[1]))
    centred = rows - rows.mean(axis=0)  # for accuracy only; each fold centres again
    gram: Floats = centred @ centred.T
    return gram


def components(*, gram: Floats, train: Ints, test: Ints, limit: int) -> tuple[Floats, Floats]:
    """Find all rows' scores on the leading components of the training rows alone.

    The training mean is subtracted in the space of products, so that test rows enter neither the
    centre nor the axes.

    Args:
        gram: (N, N) inner products, as of `products`.
        train: (n,) places of the training rows, at least one.
        test: (m,) places of the test rows.
        limit: how many components at most, at least 1.

    Returns:
        Scores (n, r) and (m, r); columns are orthogonal, in falling order of variance, r ≤ `limit`.

    Raises:
        CannotMeasure: by the argument's name.

    Source: kernel principal components, Schölkopf, Smola & Müller 1998.
    """
    limit = whole("limit", limit, least=1)
    if not len(train):
        raise CannotMeasure("train", "needs at least one row")
    for field, places in (("train", train), ("test", test)):
        rows = integers(field, places, shape=(None,))
        if ((rows < 0) | (rows >= len(gram))).any():
            raise CannotMeasure(field, f"must hold places, 0 to {len(gram) - 1}")
    inner = gram[np.ix_(train, train)]
    means = inner.mean(axis=0)
    inner = inner - means[:, None] - means[None, :] + means.mean()
    across = gram[np.ix_(test, train)]
    across = across - across.mean(axis=1, keepdims=True) - means[None, :] + means.mean()
    values, vectors = np.linalg.eigh(inner)
    keep = np.flatnonzero(values > max(values[-1], 0.0) * _NEGLIGIBLE)[::-1][:limit]
    roots = np.sqrt(values[keep])
    return vectors[:, keep] * roots, across @ (vectors[:, keep] / roots)
