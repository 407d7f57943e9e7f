"""How many titles' artworks are chosen a second on one core: 40 titles × 6 artworks a page.

The whole choice of a page: scores, inverse-gap probabilities, keyed draw, pick. The
floor is the bare matrix product that a page needs, without which no linear policy does.
"""

import numpy as np
from threadpoolctl import threadpool_limits

from benchmarks.results import Report, Result, best_seconds
from benchmarks.worlds import CONTEXT, model
from personalization.bandit import draw, policy

TITLES, ARTWORKS, PAGES, CATALOGUE = 40, 6, 1500, 5000 // 6 * 6
TARGET = 1.2e6  # picks a second


def run() -> Report:
    with threadpool_limits(1):
        pages, floor = _seconds()
    picks = PAGES * TITLES
    return Report(
        "choose",
        [
            Result(
                "picks a second, page by page",
                picks / pages,
                "picks/s",
                peer=picks / floor,
                target=TARGET,
            ),
            Result("milliseconds a page", 1000 * pages / PAGES, "ms", peer=1000 * floor / PAGES),
        ],
    )


def _seconds() -> tuple[float, float]:
    """Return the seconds for all pages, and those of the bare products."""
    random = np.random.default_rng(1)
    scorer = model(CATALOGUE, per_title=ARTWORKS, seed=2)
    vectors = random.random((PAGES, CONTEXT))
    titles = random.integers(0, CATALOGUE // ARTWORKS - TITLES, PAGES)[:, None] + np.arange(TITLES)
    starts = np.arange(0, TITLES * ARTWORKS, ARTWORKS)
    match = random.random(TITLES * ARTWORKS) * 0.1
    viewers = [random.bytes(16) for _ in range(PAGES)]
    rows = (titles[:, :, None] * ARTWORKS + np.arange(ARTWORKS)).reshape(PAGES, -1)
    spec = scorer.spec

    def choose() -> None:
        for page in range(PAGES):
            scores = scorer.slate_scores(vectors[page], match, rows[page])
            chances = policy.inverse_gap(scores, starts, gamma=spec.gamma, floor=spec.floor)
            u = draw.uniforms(b"benchmark", viewers[page], "1.0", titles[page])
            draw.pick(chances, starts, u)

    weights = np.ascontiguousarray(scorer.weights[: TITLES * ARTWORKS, 1:-1])

    def multiply() -> None:
        for page in range(PAGES):
            weights @ vectors[page]

    return best_seconds(choose), best_seconds(multiply)
