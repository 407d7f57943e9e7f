"""Vowpal Wabbit and MABWiser on the decisions of pages, each called in its fastest way.

Both are given what Marquee's served model knows: the viewer vector, and how well the
viewer knows each artwork's cast; both keep a weight for each of them and each artwork.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import numpy as np

from benchmarks.pages import Pages
from personalization.bandit.errors import Floats

# As in the arena (see benchmarks/arena), less the crossings with an artwork's features and its
# title: a served model has folded these into the artwork's own weights. What is the same for
# all of a title's artworks is left out too.
VOWPAL_WABBIT = (
    "--cb_explore_adf --squarecb --gamma_scale 1000 --cb_min_cost -1 --cb_max_cost 0 "
    "-q xa --ignore_linear x --noconstant --cb_type mtr -b 20 --quiet"
)
TAUGHT = 300  # decisions; how fast it answers does not depend on what it learnt


@dataclass(frozen=True)
class Contender:
    """So many decisions, and what makes them."""

    decisions: int
    work: Callable[[], object]


def installed(package: str, name: str) -> bool:
    """Say whether a rival can play, in words on stderr if it cannot."""
    found = find_spec(package) is not None
    if not found:
        print(
            f"{name} left out: {package} is not installed (pip install -r requirements-bench.txt)",
            file=sys.stderr,
        )
    return found


def vowpal_wabbit(pages: Pages, *, sample: int) -> Contender:
    """Return its predict on the first pages' decisions, parsed before; it draws nothing."""
    from vowpalwabbit import Workspace

    workspace = Workspace(VOWPAL_WABBIT)
    every = [lines for page in range(sample) for lines in _lines(pages, page)]
    for number, lines in enumerate(every[:TAUGHT]):
        shown = 1 + number % (len(lines) - 1)
        cost = -(number % 3 == 0)
        lines = [*lines[:shown], f"0:{cost}:0.2 {lines[shown]}", *lines[shown + 1 :]]
        workspace.learn(lines)
    parsed = [workspace.parse(lines) for lines in every]
    kind = workspace.get_prediction_type()  # else it is looked up with every call

    def predict() -> None:
        for examples in parsed:
            workspace.predict(examples, kind)

    return Contender(len(parsed), predict)


def _lines(pages: Pages, page: int) -> list[list[str]]:
    """Return a page's decisions as text: the viewer, and then the artworks with their match."""
    numbers = " ".join(f"{at}:{value:.4f}" for at, value in enumerate(pages.vectors[page]))
    actions = [
        f"|a {row} |m {row}:{match:.4f}"
        for row, match in zip(pages.rows[page], pages.match[page], strict=True)
    ]
    ends = [*pages.starts[page][1:], len(actions)]
    return [
        [f"shared |x c:1 {numbers}", *actions[start:end]]
        for start, end in zip(pages.starts[page], ends, strict=True)
    ]


@dataclass(frozen=True)
class LinUCB:
    """MABWiser's LinUCB: one bandit a title, its artworks the arms (see the arena).

    Attributes:
        bandits: by title, of pages whose titles have as many artworks each.
    """

    pages: Pages
    bandits: dict[int, Any]

    def one_by_one(self, *, sample: int) -> Contender:
        """Return its predict for each decision of the first pages, as a page needs them."""
        asked = [
            (self.bandits[title], contexts[at : at + 1])
            for page in range(sample)
            for contexts in [self._contexts(page)]
            for at, title in enumerate(self.pages.titles[page].tolist())
        ]

        def predict() -> None:
            for bandit, context in asked:
                bandit.predict(context)

        return Contender(len(asked), predict)

    def title_by_title(self) -> Contender:
        """Return its predict for each title's viewers of all the pages at once."""
        every = np.concatenate([self._contexts(page) for page in range(len(self.pages.viewers))])
        titles = self.pages.titles.reshape(-1)
        asked = [(bandit, every[titles == title]) for title, bandit in self.bandits.items()]

        def predict() -> None:
            for bandit, contexts in asked:
                bandit.predict(contexts)

        return Contender(len(every), predict)

    def _contexts(self, page: int) -> Floats:
        """Return one context for each of a page's titles: 1, the vector, each artwork's match."""
        match = self.pages.match[page].reshape(self.pages.titles.shape[1], -1)
        viewer = np.append(1.0, self.pages.vectors[page])
        return np.column_stack([np.tile(viewer, (len(match), 1)), match])


def linucb(pages: Pages) -> LinUCB:
    """Fit a bandit for each title that is on a page."""
    from mabwiser.mab import MAB, LearningPolicy

    random = np.random.default_rng(3)
    width = pages.vectors.shape[1] + 1
    arms = np.arange(len(pages.rows[0]) // pages.titles.shape[1])
    bandits = {}
    for title in np.unique(pages.titles).tolist():
        bandit = MAB(arms.tolist(), LearningPolicy.LinUCB(alpha=0.1), seed=1)
        shown = np.tile(arms, 4)
        contexts = random.random((len(shown), width + len(arms)))
        bandit.fit(shown, random.integers(0, 2, len(shown)).astype(np.float64), contexts)
        bandits[title] = bandit
    return LinUCB(pages, bandits)
