"""The rows of the fit: w = [1, x_v, match, controls], from a sealed day's decisions."""

import numpy as np
import numpy.typing as npt

from personalization.bandit.rows import Gathered
from personalization.features import manifest
from personalization.journal.reading import Decisions, Shown

# The page position enters as its logarithm: the step from place 1 to 2 counts as much as that from
# 10 to 20.
CONTROLS = 1
WIDTH = manifest.WIDTH + 2 + CONTROLS


def controls(decisions: Decisions | Shown) -> npt.NDArray[np.float64]:
    """Return the controls: what the fit corrects for and no choice depends on, (N, CONTROLS)."""
    return np.log1p(decisions.positions)[:, None]


def rows(shown: Shown) -> Gathered:
    """Return the fit's rows for what was shown, of width d + 2 + CONTROLS."""
    return Gathered(shown.windows, shown.vectors, shown.matches, controls(shown))
