"""The artworks that a model knows: ids, titles, features."""

from dataclasses import dataclass

import numpy as np

from personalization.bandit.arrays import Floats, Ints, floats, increasing, ints


@dataclass(frozen=True)
class ArtworkTable:
    """Artworks in the order of their ids; validates itself.

    Attributes:
        artwork_ids: (A,) int64, strictly increasing.
        title_ids: (A,) int64, the title of each.
        features: (A, F) float64, as annotated by editors.

    Raises:
        BadInput: naming the array that is wrong.
    """

    artwork_ids: Ints
    title_ids: Ints
    features: Floats

    def __post_init__(self) -> None:
        ids = ints("artwork_ids", self.artwork_ids, (None,))
        object.__setattr__(self, "artwork_ids", ids)
        object.__setattr__(self, "title_ids", ints("title_ids", self.title_ids, ids.shape))
        object.__setattr__(self, "features", floats("features", self.features, (len(ids), None)))
        increasing("artwork_ids", ids)

    def __len__(self) -> int:
        return len(self.artwork_ids)

    def titles(self) -> tuple[Ints, Ints]:
        """Return the distinct title ids, (T,), and each artwork's place among them, (A,)."""
        distinct, index = np.unique(self.title_ids, return_inverse=True)
        return distinct, index.astype(np.int64)
