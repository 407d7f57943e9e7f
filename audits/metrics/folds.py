"""Folds, and the principal components of each one's training part, from one matrix of products."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from audits.metrics.refusals import Bools, Floats, Ints

_NEGLIGIBLE = 1e-10  # of the largest eigenvalue


def stratified_folds(
    *, members: Bools, strata: Ints, folds: int, rng: np.random.Generator
) -> Iterator[tuple[Ints, Ints]]:
    """(train, test) places; each fold gets its share of every stratum and side."""
    order = np.lexsort((rng.random(len(members)), strata, members))
    fold = np.empty(len(members), dtype=np.int64)
    fold[order] = np.arange(len(members)) % folds
    for number in range(folds):
        yield np.flatnonzero(fold != number), np.flatnonzero(fold == number)


def products(features: Floats) -> Floats:
    """(n, n) inner products of all viewers' rows: everything the folds need of the features."""
    centred = features - features.mean(axis=0)  # for accuracy only; each fold centres again
    gram: Floats = centred @ centred.T
    return gram


def components(*, gram: Floats, train: Ints, test: Ints, limit: int) -> tuple[Floats, Floats]:
    """Scores (n, r) and (m, r) on the leading components of the training rows alone.

    The training mean is subtracted in the space of products, so that test rows enter neither the
    centre nor the axes.  Columns are orthogonal, in falling order of variance, r ≤ `limit`.
    """
    inner = gram[np.ix_(train, train)]
    means = inner.mean(axis=0)
    inner = inner - means[:, None] - means[None, :] + means.mean()
    across = gram[np.ix_(test, train)]
    across = across - across.mean(axis=1, keepdims=True) - means[None, :] + means.mean()
    values, vectors = np.linalg.eigh(inner)
    keep = np.flatnonzero(values > max(values[-1], 0.0) * _NEGLIGIBLE)[::-1][:limit]
    roots = np.sqrt(values[keep])
    return vectors[:, keep] * roots, across @ (vectors[:, keep] / roots)
