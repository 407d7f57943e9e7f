"""Vowpal Wabbit and MABWiser on the decisions of pages, each called in its fastest way.

Both have what Marquee's served model has: the viewer vector, and the viewer's affinity to each
artwork's cast.
"""

import sys
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from typing import Any

import numpy as np

from benchmarks.pages import Pages
from benchmarks.worlds import FEATURES
from personalization.bandit.arrays import Floats, Ints

Work = Callable[[], list[Any]]

# It explores as ours does. Terms that a title's artworks have in common are left out, because they
# would cost time and change no choice.
VOWPAL_WABBIT = (
    "--cb_explore_adf --squarecb --gamma_scale 1000 --cb_min_cost -1 --cb_max_cost 0 "
    "--ignore_linear x --noconstant --cb_type mtr -b 20 --quiet"
)
# A served model of ours crosses the viewer with the artwork alone: what it learnt about features
# and titles is already in each artwork's weights. To know as much, Vowpal Wabbit has to cross the
# viewer with the features and the title in every prediction, which it does in the arena.
OWN, CROSSED = "-q xa", "-q xa -q xf -q xt"
TAUGHT = 300  # decisions; its speed does not depend on what it learnt
SHOWN = 4  # times that a bandit of MABWiser has seen each arm


def installed(package: str, name: str) -> bool:
    """Say whether a rival is installed; print to stderr if it is not."""
    found = find_spec(package) is not None
    if not found:
        print(f"{name} left out: pip install -r requirements-bench.txt", file=sys.stderr)
    return found


def vowpal_wabbit(pages: Pages, crossings: str, *, sample: int) -> Work:
    """Return a call that predicts the first pages' decisions, which are parsed beforehand."""
    from vowpalwabbit import Workspace

    workspace = Workspace(f"{VOWPAL_WABBIT} {crossings}")
    names = _named(pages.model.title_ids, with_features=crossings == CROSSED)
    decisions = [lines for page in range(sample) for lines in lines_of(pages, page, names)]
    for number, lines in enumerate(decisions[:TAUGHT]):
        shown = 1 + number % (len(lines) - 1)
        cost = -(number % 3 == 0)
        taught = [*lines[:shown], f"0:{cost}:0.2 {lines[shown]}", *lines[shown + 1 :]]
        workspace.learn(taught)
    parsed = [workspace.parse(lines) for lines in decisions]
    kind = workspace.get_prediction_type()  # so that it is not looked up with every call
    return lambda: [workspace.predict(examples, kind) for examples in parsed]


def _named(titles: Ints, *, with_features: bool) -> list[str]:
    """Return each artwork's text: its number, and its features and title if they are crossed."""
    if not with_features:
        return [f"|a {row}" for row in range(len(titles))]
    random = np.random.default_rng(4)
    features = [np.flatnonzero(random.integers(0, 2, FEATURES)).tolist() for _ in titles]
    return [
        f"|a {row} |f {' '.join(map(str, mine))} |t {title}"
        for row, (mine, title) in enumerate(zip(features, titles.tolist(), strict=True))
    ]


def lines_of(pages: Pages, page: int, names: Sequence[str]) -> list[list[str]]:
    """Return a page's decisions as text: the viewer, and then the artworks with their match."""
    numbers = " ".join(f"{at}:{value:.4f}" for at, value in enumerate(pages.vectors[page]))
    artworks = [
        f"{names[row]} |m {row}:{match:.4f}"
        for row, match in zip(pages.rows[page], pages.match[page], strict=True)
    ]
    ends = [*pages.starts[page][1:], len(artworks)]
    return [
        [f"shared |x c:1 {numbers}", *artworks[start:end]]
        for start, end in zip(pages.starts[page], ends, strict=True)
    ]


class LinUCB:
    """MABWiser's LinUCB, as in the arena: one bandit per title, whose arms are its artworks.

    Its arms share one context, so the context has one match for each artwork. All titles must have
    the same number of artworks.
    """

    def __init__(self, pages: Pages) -> None:
        from mabwiser.mab import MAB, LearningPolicy

        random = np.random.default_rng(3)
        self.pages = pages
        self.bandits: dict[int, Any] = {}
        arms = np.arange(len(pages.rows[0]) // pages.titles.shape[1])
        shown = np.tile(arms, SHOWN)
        for title in np.unique(pages.titles).tolist():
            bandit = MAB(arms.tolist(), LearningPolicy.LinUCB(alpha=0.1), seed=1)
            contexts = random.random((len(shown), 1 + pages.vectors.shape[1] + len(arms)))
            bandit.fit(shown, random.integers(0, 2, len(shown)).astype(np.float64), contexts)
            self.bandits[title] = bandit

    def one_by_one(self, *, sample: int) -> Work:
        """Return a call that predicts each decision of the first pages, one at a time."""
        contexts = self._contexts()
        titles = self.pages.titles[:sample].reshape(-1)
        asked = [
            (self.bandits[title], contexts[at : at + 1]) for at, title in enumerate(titles.tolist())
        ]
        return lambda: [bandit.predict(context) for bandit, context in asked]

    def by_title(self) -> Work:
        """Return a call that predicts all viewers of each title at once."""
        contexts, titles = self._contexts(), self.pages.titles.reshape(-1)
        asked = [(bandit, contexts[titles == title]) for title, bandit in self.bandits.items()]
        return lambda: [bandit.predict(several) for bandit, several in asked]

    def _contexts(self) -> Floats:
        """Return one context for each decision, page after page: 1, the vector, the matches."""
        titles = self.pages.titles.shape[1]
        match = np.stack(self.pages.match).reshape(self.pages.titles.size, -1)
        vectors = self.pages.vectors.repeat(titles, axis=0)
        return np.column_stack([np.ones(len(vectors)), vectors, match])
