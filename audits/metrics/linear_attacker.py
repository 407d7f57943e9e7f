"""The linear attacker: ridge regression on the labels (equal to penalised discriminant analysis).

In the axes of the training components every penalty is a division, so all label vectors, each
with its own penalty chosen by generalised cross-validation (Golub, Heath & Wahba 1979) inside the
training fold, cost one matrix product.
"""

from __future__ import annotations

import numpy as np

from audits.metrics.refusals import Bools, CannotMeasure, Floats, booleans, floats

# Penalties as multiples of the mean eigenvalue, from hardly any to nearest centroid.
PENALTIES = np.logspace(-2, 4, 13)
_LEAST_FREEDOM = 1e-6  # with fewer degrees of freedom left, a penalty fits the labels exactly


def linear_scores(*, train: Floats, test: Floats, labels: Bools) -> Floats:
    """Fit k ridge regressions on the training rows, and score the test rows.

    Args:
        train: (n, r) components of the training rows; orthogonal columns, n at least 2.
        test: (m, r) components of the test rows.
        labels: (n, k) True for the group, under each of k label vectors.

    Returns:
        (m, k) the scores; higher means likelier of the group.

    Raises:
        CannotMeasure: by the argument's name.

    Source: Hoerl & Kennard 1970 (ridge); Golub, Heath & Wahba 1979 (choice of the penalty).
    """
    train = floats("train", train, shape=(None, None))
    test = floats("test", test, shape=(None, train.shape[1]))
    booleans("labels", labels, shape=(len(train), None))
    if len(train) < 2:
        raise CannotMeasure("train", "needs at least two rows")
    eigenvalues = np.einsum("nr,nr->r", train, train)
    varies = eigenvalues > np.finfo(np.float64).tiny
    train, test, eigenvalues = train[:, varies], test[:, varies], eigenvalues[varies]
    if not eigenvalues.size:
        return np.zeros((len(test), labels.shape[1]))
    targets = labels - labels.mean(axis=0)
    along = (train / np.sqrt(eigenvalues)).T @ targets
    penalties = PENALTIES * eigenvalues.sum() / len(train)
    shrinkage = eigenvalues / (eigenvalues + penalties[:, None])
    residual = np.einsum("nk,nk->k", targets, targets) - (2 * shrinkage - shrinkage**2) @ along**2
    freedom = np.maximum(len(train) - 1 - shrinkage.sum(axis=1), _LEAST_FREEDOM)
    chosen = penalties[np.argmin(residual / freedom[:, None] ** 2, axis=0)]
    roots = np.sqrt(eigenvalues)[:, None]
    scores: Floats = test @ (along * roots / (eigenvalues[:, None] + chosen))
    return scores
