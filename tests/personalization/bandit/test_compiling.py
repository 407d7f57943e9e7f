import subprocess
import sys

import numpy as np

from config import paths
from personalization.bandit import compiling, kernels

ROOT = paths.BASE


def test_code_is_compiled_without_a_folder_to_keep_it_in(monkeypatch):
    def refuse(*, cache=False, **options):
        if cache:
            raise RuntimeError("cannot cache function: no locator available")
        return njit(**options)

    njit = compiling.njit
    monkeypatch.setattr(compiling, "njit", refuse)
    assert compiling.compiled(lambda number: number + 1)(1) == 2


def test_kept_code_gives_the_same_bits_in_the_next_process(tmp_path):
    """The first process fills the folder with compiled code, and the second reads it."""
    ask = f"from {__name__} import scored; print(scored().tobytes().hex())"
    environment = {"NUMBA_CACHE_DIR": str(tmp_path), "PATH": ""}
    found = [
        subprocess.run(
            [sys.executable, "-c", ask], cwd=ROOT, env=environment, capture_output=True, check=True
        ).stdout.decode()
        for _ in range(2)
    ]
    assert any(tmp_path.rglob("*.nbc"))
    assert found == [scored().tobytes().hex() + "\n"] * 2


def scored():
    """Return the scores of a slate of numbers that are not round."""
    artworks, width = 7, 19
    weights = np.sin(np.arange(artworks * width, dtype=np.float64)).reshape(artworks, width)
    scores = np.empty(artworks)
    rows = np.arange(artworks)
    slate = weights[:, 0].copy(), weights, weights[:, 1].copy(), np.cos(np.arange(width) * 1.0)
    assert kernels.score_slate(*slate, np.sqrt(rows), rows, scores)
    return scores
