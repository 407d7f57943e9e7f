"""How fast Vowpal Wabbit learns decisions of our shape, from its own files and cache, in one pass.

The viewer vector is crossed with the artwork, its features and its title, which are our three
levels. It learns twice: as the contextual bandit that would serve, and as a plain regression on the
artwork that was shown, which is the least that it can learn from a decision.
"""

import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from benchmarks.results import best_seconds
from benchmarks.worlds import CONTEXT, FEATURES

DECISIONS, TITLES, ARTWORKS, WINDOWS = 50_000, 834, 6, 1_250
SHARED = "--quiet --noconstant -q xa -q xf -q xt -b 20"
BANDIT = "--cb_explore_adf --cb_type mtr --squarecb"


def missing() -> str | None:
    """Return a message if Vowpal Wabbit is not installed."""
    if find_spec("vowpalwabbit"):
        return None
    return "Vowpal Wabbit left out: pip install -r requirements-bench.txt"


def learnt_a_second() -> dict[str, float]:
    """Return how many decisions each of the two learns a second, from a cache on disk."""
    with tempfile.TemporaryDirectory() as folder:
        return {
            "bandit": _rate(Path(folder, "bandit.txt"), _bandit(), BANDIT),
            "regression": _rate(Path(folder, "regression.txt"), _regression(), ""),
        }


def _rate(path: Path, examples: Iterator[str], arguments: str) -> float:
    from vowpalwabbit import Workspace

    with path.open("w") as file:
        file.writelines(examples)

    def learn() -> None:
        Workspace(f"{arguments} {SHARED} -d {path} --cache_file {path}.cache").finish()

    learn()  # writes the cache
    return DECISIONS / best_seconds(learn)


def _bandit() -> Iterator[str]:
    for random, viewer, place, title, chosen, reward in _decisions():
        yield f"shared {viewer} {place}\n"
        for at in range(ARTWORKS):
            label = f"0:{-reward}:{1 / ARTWORKS:.6f} " if at == chosen else ""
            yield f"{label}{_artwork(title, at)} |m m:{random.random():.4f}\n"
        yield "\n"


def _regression() -> Iterator[str]:
    for random, viewer, place, title, chosen, reward in _decisions():
        yield (f"{reward} {viewer} {place} {_artwork(title, chosen)} |m m:{random.random():.4f}\n")


def _decisions() -> Iterator[tuple[np.random.Generator, str, str, int, int, int]]:
    random = np.random.default_rng(1)
    viewers = [f"|x c:1 {_numbers(random.random(CONTEXT))}" for _ in range(WINDOWS)]
    for _ in range(DECISIONS):
        yield (
            random,
            viewers[random.integers(WINDOWS)],
            f"|p l:{np.log1p(random.integers(40)):.3f}",
            int(random.integers(TITLES)),
            int(random.integers(ARTWORKS)),
            int(random.random() < 0.1),
        )


def _artwork(title: int, at: int) -> str:
    number = title * ARTWORKS + at
    features = np.random.default_rng(number).integers(0, 2, FEATURES)
    return f"|a a{number} |f {_numbers(features)} |t t{title}"


def _numbers(values: np.ndarray) -> str:
    return " ".join(f"{at}:{value:.4g}" for at, value in enumerate(values) if value)
