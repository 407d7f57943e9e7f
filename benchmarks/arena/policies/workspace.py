"""Vowpal Wabbit's contextual bandits (`cb_explore_adf`), with all the input that ours has.

The viewer vector is crossed with the artwork, with its features and with its title: the three
levels of our model. The position is a plain feature of the decision.
"""

from typing import Any

import numpy as np

from benchmarks.arena.world import ArenaWorld, Batch, NightLog
from personalization.bandit.arrays import Floats

# Costs are −1 or 0, so that with rare rewards most costs are 0; this was the best for such data.
COMMON = "--cb_explore_adf --quiet -q xa -q xf -q xt --noconstant --cb_type mtr -b 20"


class VowpalWabbit:
    """One workspace that learns from each night's own choices, in order and once.

    Args:
        exploration: the arguments of the exploration, such as "--squarecb --gamma_scale 100".
        rate: the learning rate.
    """

    def __init__(self, world: ArenaWorld, *, seed: int, exploration: str, rate: float) -> None:
        from vowpalwabbit import Workspace

        self.workspace: Any = Workspace(
            f"{COMMON} {exploration} -l {rate} --random_seed {seed % 9999 + 1}"
        )
        self.viewers = ["shared |x c:1 " + _numbers(vector) for vector in world.vectors]
        self.artworks = [
            f"|a a{artwork} |f {_numbers(features)} |t t{title}"
            for artwork, (features, title) in enumerate(
                zip(world.table.features, world.table.title_ids, strict=True)
            )
        ]
        self.match = world.match

    def choose(self, batch: Batch) -> Floats:
        found = np.zeros(batch.there.shape)
        for row, lines in enumerate(self._lines(batch)):
            given = np.maximum(self.workspace.predict(lines), 0.0)
            found[row, batch.there[row]] = given / given.sum()
        return found

    def learn(self, log: NightLog) -> None:
        batch = log.batch
        costs = -log.rewards
        for row, lines in enumerate(self._lines(batch)):
            at = 1 + int(batch.there[row, : log.chosen[row]].sum())
            lines[at] = f"0:{costs[row]:.0f}:{log.propensities[row]:.6f} {lines[at]}"
            self.workspace.learn(lines)

    def _lines(self, batch: Batch) -> Any:
        for row in range(len(batch)):
            viewer = batch.viewers[row]
            there = batch.artworks[row, batch.there[row]]
            yield [
                f"{self.viewers[viewer]} |p l:{np.log1p(batch.places[row]):.3f}",
                *(
                    f"{self.artworks[artwork]} |m m:{match:.4f}"
                    for artwork, match in zip(there, self.match[viewer, there], strict=True)
                ),
            ]


def _numbers(values: Floats) -> str:
    return " ".join(f"{at}:{value:.4f}" for at, value in enumerate(values) if value)
