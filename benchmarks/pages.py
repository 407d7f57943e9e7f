"""Pages to choose for, and Marquee's two ways of choosing: page by page, and many at once."""

from dataclasses import dataclass

import numpy as np

from benchmarks.worlds import CONTEXT, model
from personalization.bandit import draw
from personalization.bandit.arrays import Floats, Ints
from personalization.bandit.choosing import choose
from personalization.bandit.model import Model

KEY, WINDOW = b"benchmark", "1.0"
TOGETHER = 64  # pages, as a simulation chooses them


@dataclass(frozen=True)
class Pages:
    """P pages of P viewers, with T titles each, which have W artworks on average.

    Attributes:
        model: its artworks are numbered title by title.
        vectors: (P, d); viewers: public ids, one a page.
        titles: (P, T) distinct within a page.
        rows, match: for each page (K,), flat over its titles.
        starts: for each page (T,).
    """

    model: Model
    vectors: Floats
    viewers: list[bytes]
    titles: Ints
    rows: list[Ints]
    match: list[Floats]
    starts: list[Ints]

    @property
    def decisions(self) -> int:
        return self.titles.size

    def one_by_one(self) -> list[tuple[Floats, Ints]]:
        """Return each page's probabilities and the places drawn."""
        found = []
        for page, viewer in enumerate(self.viewers):
            scores = self.model.slate_scores(self.vectors[page], self.match[page], self.rows[page])
            u = draw.uniforms(KEY, viewer, WINDOW, self.titles[page])
            chosen = choose(self.model, scores, self.rows[page], self.starts[page], u)
            found.append(chosen)
        return found

    def together(self) -> list[tuple[Floats, Ints]]:
        """Return the probabilities and places of TOGETHER pages at a time, page after page."""
        found = []
        for first in range(0, len(self.viewers), TOGETHER):
            part = slice(first, first + TOGETHER)
            sizes = np.array([len(rows) for rows in self.rows[part]])
            viewers, titles = self.viewers[part], self.titles[part]
            rows = np.concatenate(self.rows[part])
            scores = self.model.page_scores(
                self.vectors[part], np.concatenate(self.match[part]), rows, sizes
            )
            counts = np.full(len(viewers), titles.shape[1])
            u = draw.page_uniforms(
                KEY, viewers, [WINDOW] * len(viewers), titles.reshape(-1), counts
            )
            starts = np.concatenate(self.starts[part]) + (sizes.cumsum() - sizes).repeat(counts)
            found.append(choose(self.model, scores, rows, starts, u))
        return found

    def multiplied(self) -> None:
        """Do only what every linear policy needs: multiply each page's matrix with its vector."""
        weights = np.ascontiguousarray(self.model.weights[: len(self.rows[0]), 1:-1])
        for vector in self.vectors:
            weights @ vector


def made(pages: int, *, catalogue: int, titles: int, artworks: int, ragged: bool = False) -> Pages:
    """Draw pages.

    Args:
        pages: P, how many.
        catalogue: how many titles there are.
        titles: T, how many of them a page has.
        artworks: W, how many artworks a title has, on average.
        ragged: whether titles differ, from a third of W to five thirds; else all have W.
    """
    random = np.random.default_rng(1)
    spread = 2 * artworks // 3 if ragged else 0
    counts = random.integers(artworks - spread, artworks + spread + 1, catalogue)
    begins = counts.cumsum() - counts
    shown = np.stack([random.choice(catalogue, titles, replace=False) for _ in range(pages)])
    rows = [
        np.concatenate([np.arange(begins[title], begins[title] + counts[title]) for title in page])
        for page in shown
    ]
    return Pages(
        model=model(int(counts.sum()), per_title=artworks, seed=2),
        vectors=random.random((pages, CONTEXT)),
        viewers=[random.bytes(16) for _ in range(pages)],
        titles=shown,
        rows=rows,
        match=[random.random(len(page)) * 0.1 for page in rows],
        starts=[counts[page].cumsum() - counts[page] for page in shown],
    )
