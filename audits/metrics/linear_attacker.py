"""The linear attacker: ridge regression on the labels (equal to penalised discriminant analysis).

In the axes of the training components every penalty is a division, so all label vectors, each
with its own penalty chosen by generalised cross-validation (Golub, Heath & Wahba 1979) inside the
training fold, cost one matrix product.
"""

from __future__ import annotations

import numpy as np

from audits.metrics.refusals import Bools, Floats

# Penalties as multiples of the mean eigenvalue, from hardly any to nearest centroid.
PENALTIES = np.logspace(-2, 4, 13)


def linear_scores(*, train: Floats, test: Floats, labels: Bools) -> Floats:
    """(m, k) scores of the test rows, for training components (n, r) and labels (n, k)."""
    eigenvalues = np.einsum("nr,nr->r", train, train)
    if not eigenvalues.size:
        return np.zeros((len(test), labels.shape[1]))
    targets = labels - labels.mean(axis=0)
    along = (train / np.sqrt(eigenvalues)).T @ targets
    penalties = PENALTIES * eigenvalues.sum() / len(train)
    shrinkage = eigenvalues / (eigenvalues + penalties[:, None])
    residual = np.einsum("nk,nk->k", targets, targets) - (2 * shrinkage - shrinkage**2) @ along**2
    freedom = len(train) - 1 - shrinkage.sum(axis=1)
    chosen = penalties[np.argmin(residual / freedom[:, None] ** 2, axis=0)]
    roots = np.sqrt(eigenvalues)[:, None]
    scores: Floats = test @ (along * roots / (eigenvalues[:, None] + chosen))
    return scores
