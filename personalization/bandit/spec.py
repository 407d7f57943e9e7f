"""What a model is made for: its widths, and how it explores."""

from dataclasses import dataclass

from personalization.bandit.arrays import number, whole
from personalization.bandit.errors import BadInput

FLOOR = 0.005  # see docs/arena.md
MOST_FLOOR = 0.5  # a title of two artworks cannot keep a greater one
OPTIMISM = 1.5  # chosen in the arena, on seeds that it does not report; see docs/arena.md
# The prior standard deviation, in log-odds, of what an artwork adds beyond its title and features.
ALONE = 0.35


@dataclass(frozen=True, slots=True)
class Spec:
    """The widths of a model and how it explores; validates itself.

    Attributes:
        context: length d of the viewer vector x_v.
        artwork_features: length F of an artwork's features f_a, the constant not counted.
        controls: C, how many numbers enter the fit and never the choice (page position).
        gamma: how sharply inverse-gap weighting prefers the best artwork; 0 is uniform.
        floor: the least probability of an eligible artwork, in (0, 0.5]. Where a title has so
            many artworks that their floors would add up to more than one half, the floor is
            half of the even share.
        optimism: how many standard deviations are added to what is expected of an artwork; see
            `Model.bonuses`.

    Raises:
        BadInput: naming the attribute that makes no sense.
    """

    context: int
    artwork_features: int
    controls: int = 1
    gamma: float = 2000.0
    floor: float = FLOOR
    optimism: float = OPTIMISM

    def __post_init__(self) -> None:
        for name in ("context", "artwork_features", "controls"):
            whole(name, getattr(self, name), least=0)
        for name in ("gamma", "optimism"):
            number(name, getattr(self, name), least=0.0)
        if number("floor", self.floor, least=0.0, most=MOST_FLOOR) == 0.0:
            raise BadInput("floor must be more than 0: a model gives every artwork a chance")

    @property
    def width(self) -> int:
        """Length D of z = [1, x_v, match]."""
        return self.context + 2

    @property
    def fit_width(self) -> int:
        """Length W of a row of the fit: z, and then the controls."""
        return self.width + self.controls
