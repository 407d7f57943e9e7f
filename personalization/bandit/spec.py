"""What a model is made for: its widths and how it explores."""

from dataclasses import dataclass

from personalization.bandit.errors import BadInput

FLOOR = 0.005  # see docs/arena.md
OPTIMISM = 1.5  # chosen in the arena, on seeds that it does not report; see docs/arena.md
# What an artwork alone adds, in log-odds, before anything is known of it: its standard deviation.
ALONE = 0.35


@dataclass(frozen=True, slots=True)
class Spec:
    """The shape and the policy of a model; validates itself.

    Attributes:
        context: length d of the viewer vector x_v.
        artwork_features: length F of an artwork's features f_a, the constant not counted.
        controls: numbers that enter the fit and never the choice (page position).
        gamma: how sharply inverse-gap weighting prefers the best; 0 is uniform.
        floor: the least probability of an eligible artwork; where a title has so many
            that the floors would pass one half, the floor is half of an even share.
        odds: whether effects are log-odds. In models of before they are shares of plays.
        optimism: how many standard deviations more than expected are hoped of an artwork; see
            `Model.hopes`.
    """

    context: int
    artwork_features: int
    controls: int = 1
    gamma: float = 2000.0
    floor: float = FLOOR
    odds: bool = True
    optimism: float = OPTIMISM

    def __post_init__(self) -> None:
        for name in ("context", "artwork_features", "controls"):
            if getattr(self, name) < 0:
                raise BadInput(f"{name} must not be negative")
        for name in ("gamma", "optimism"):
            if not 0.0 <= getattr(self, name) < float("inf"):
                raise BadInput(f"{name} must be a number from 0")
        if not 0.0 < self.floor <= 0.5:
            raise BadInput("floor must lie in (0, 0.5]")

    @property
    def width(self) -> int:
        """Length of z = [1, x_v, match]."""
        return self.context + 2

    @property
    def fit_width(self) -> int:
        """Length of a row of the fit: z and then the controls."""
        return self.width + self.controls
