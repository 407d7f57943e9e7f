"""The kernel attacker: ridge regression on random Fourier features of the leading components.

It reads smooth patterns that neither a linear attacker nor a few trees see, such as a product of
many components.  In the space of its features it is linear again, so all label vectors are one
matrix product.
"""

from __future__ import annotations

import numpy as np

from audits.metrics.folds import compact, components
from audits.metrics.linear_attacker import linear_scores
from audits.metrics.refusals import Bools, CannotMeasure, Floats, booleans, floats

FEATURES = 384
# Widths of the kernel, as multiples of the median distance of two viewers.
WIDTHS = (0.35, 0.7, 1.4)
_PAIRS = 2_000  # whose median distance is taken


def kernel_scores(*, train: Floats, test: Floats, labels: Bools) -> Floats:
    """Fit k ridge regressions in a Gaussian kernel's features, and score the test rows.

    Args:
        train: (n, r) components of the training rows, n at least 2.
        test: (m, r) components of the test rows.
        labels: (n, k) True for the group, under each of k label vectors.

    Returns:
        (m, k) the scores; higher means likelier of the group.

    Raises:
        CannotMeasure: by the argument's name.

    Source: Rahimi & Recht 2007, Random features for large-scale kernel machines.
    """
    train = floats("train", train, shape=(None, None))
    test = floats("test", test, shape=(None, train.shape[1]))
    booleans("labels", labels, shape=(len(train), None))
    if len(train) < 2:
        raise CannotMeasure("train", "needs at least two rows")
    # In units in which squares neither overflow nor vanish.
    scale = np.abs(train).max(initial=0.0)
    if not scale > 0:
        return np.zeros((len(test), labels.shape[1]))
    seen, unseen = train / scale, (test / scale).clip(-1e3, 1e3)
    # The features are the attacker's own: no viewer's random number is in them.
    rng = np.random.default_rng(0)
    first, second = rng.integers(len(seen), size=(2, _PAIRS))
    apart = float(np.median(np.linalg.norm(seen[first] - seen[second], axis=1)))
    if not apart > 0:
        return np.zeros((len(test), labels.shape[1]))
    directions = rng.normal(size=(seen.shape[1], FEATURES)) / apart
    directions /= np.resize(WIDTHS, FEATURES)
    phases = rng.uniform(0, 2 * np.pi, size=FEATURES)
    rows = compact(np.cos(np.vstack([seen, unseen]) @ directions + phases))
    places = np.arange(len(rows))
    ours, theirs = components(
        rows=rows, train=places[: len(seen)], test=places[len(seen) :], limit=FEATURES
    )
    return linear_scores(train=ours, test=theirs, labels=labels)
