"""Who attacks, and how hard: a run's effort is full or quick."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Attacker(StrEnum):
    """What tries to tell the group: ridge regression, boosted trees, or ridge in a kernel."""

    LINEAR = "linear"
    BOOSTED = "boosted"
    KERNEL = "kernel"


@dataclass(frozen=True)
class Effort:
    """How hard an attack tries.  Estimate and null always use the same effort.

    Attributes:
        repeats, boosted_repeats: how often the viewers are split into folds anew.
        shuffles, boosted_shuffles: how often the labels are shuffled; the strongest of several
            attackers has what all of them have.
        viewers: how many viewers are attacked at most.  Of more, a seeded sample is attacked: an
            eigendecomposition grows with their cube, and the interval hardly narrows any more.
        folds: how many folds.
        components, boosted_components, kernel_components: how many leading components an attacker
            sees at most.
        rounds: how many trees the boosted attacker grows.
        draws: how often the viewers are drawn anew, for the interval.
    """

    repeats: int
    shuffles: int
    boosted_repeats: int
    boosted_shuffles: int
    viewers: int
    folds: int = 5
    components: int = 512
    boosted_components: int = 16
    kernel_components: int = 24
    rounds: int = 40
    draws: int = 2_000

    def of(self, attacker: Attacker) -> tuple[int, int, int]:
        """Return (repeats, shuffles, components) of one attacker."""
        if attacker is Attacker.LINEAR:
            return self.repeats, self.shuffles, self.components
        if attacker is Attacker.KERNEL:
            return self.repeats, self.shuffles, self.kernel_components
        return self.boosted_repeats, self.boosted_shuffles, self.boosted_components


FULL = Effort(repeats=2, shuffles=999, boosted_repeats=2, boosted_shuffles=999, viewers=2_500)
QUICK = Effort(repeats=1, shuffles=999, boosted_repeats=1, boosted_shuffles=199, viewers=1_000)
