"""The rows of the fit: w = [1, x_v, match, controls], from a sealed day's decisions."""

import numpy as np
import numpy.typing as npt

from personalization.bandit.rows import Gathered
from personalization.features import manifest
from personalization.journal.reading import Decisions, Shown

# Page position enters as its logarithm: the second place differs from the first as the
# twentieth does from the tenth.
CONTROLS = 1
WIDTH = manifest.WIDTH + 2 + CONTROLS


def controls(decisions: Decisions | Shown) -> npt.NDArray[np.float64]:
    """Return what the fit corrects for and the choice never sees, (N, CONTROLS)."""
    return np.log1p(decisions.positions)[:, None]


def rows(shown: Shown) -> Gathered:
    """Return the fit's rows for what was shown, of width d + 2 + CONTROLS."""
    return Gathered(shown.windows, shown.vectors, shown.matches, controls(shown))
