"""`python -m benchmarks train`: a full re-fit over a hundred million sealed decisions.

Sealed days are in the real tables and files. Timed is what a night calls: check each file's digest,
read it, reduce it, add the sums, find the variances, solve. The roof is the time that the same
processor needs for the multiply-adds and the digests alone.
"""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter, process_time

import numpy as np
from threadpoolctl import threadpool_limits

from benchmarks import vowpal
from benchmarks.own import measured, peak_memory
from benchmarks.results import BenchmarkReport, Figure, best_seconds

DAYS, ROWS = 100, 1_000_000
SECONDS, GIBIBYTES = 30.0, 3.0 * 1e9 / 2**30
SHARE = 0.12  # of the roof's speed, in reading and reducing


def run(arguments: Sequence[str] = ()) -> BenchmarkReport:
    options = _options(arguments)
    found = measured(__name__, options.days, options.rows, options.distinct)
    decisions = options.days * options.rows
    millions = decisions / 1e6
    roof = found["products"] + found["digests"]
    whole = options.days == DAYS and options.rows == ROWS
    return BenchmarkReport(
        "train",
        [
            Figure(
                f"full re-fit over {millions:,.0f} million decisions",
                found["seconds"],
                "s",
                target=SECONDS if whole else None,
            ),
            Figure("its processor time", found["processor"], "s"),
            Figure("of it, reading and reducing", found["reducing"], "s", peer=roof),
            Figure("reduced", decisions / found["reducing"], "decisions/s"),
            Figure(
                "share of the roof",
                roof / found["reducing"],
                "of 1",
                target=SHARE if whole else None,
            ),
            Figure("of it, the fit", found["seconds"] - found["reducing"], "s"),
            Figure("peak memory", found["peak"] / 2**30, "GiB", target=GIBIBYTES),
            Figure("roof: its multiply-adds, all cores", found["products"], "s"),
            Figure("roof: its files' digests, all cores", found["digests"], "s"),
            Figure("multiply-adds", found["multiply_adds"] / found["reducing"] / 1e9, "G/s"),
            Figure("bytes read", found["bytes"] / found["reducing"] / 1e9, "GB/s"),
            *_against_vowpal_wabbit(decisions / found["seconds"]),
        ],
    )


def _against_vowpal_wabbit(rate: float) -> list[Figure]:
    words = vowpal.missing()
    if words:
        print(words, file=sys.stderr)
        return []
    peers = vowpal.learnt_a_second()
    name = "decisions learnt, against Vowpal Wabbit's"
    return [
        Figure(f"{name} bandit", rate, "decisions/s", peer=peers["bandit"]),
        Figure(f"{name} plain regression", rate, "decisions/s", peer=peers["regression"]),
    ]


def measure(days: int, rows: int, distinct: int) -> dict[str, float]:
    """Write the days, then fit a model on all of them, as a first night would."""
    from benchmarks import history
    from personalization import storage
    from personalization.training import fitting, reducing

    made = history.write(days, rows=rows, distinct=distinct)
    os.sync()  # so that the re-fit does not wait for what was written just now
    marks = [(perf_counter(), process_time())]
    fitted = fitting.fit(made, progress=lambda *_: marks.append((perf_counter(), process_time())))
    begun, reduced, done = marks[0], marks[-2], (perf_counter(), process_time())
    assert fitted is not None
    assert fitted.decisions == days * rows
    statistics = reducing.running(made, progress=lambda *_: None)
    assert statistics is not None
    width = statistics.width
    multiply_adds = days * rows * width * (width + 1) / 2
    with storage.opened(made[0].path) as file:
        content = file.read()
    return {
        "seconds": done[0] - begun[0],
        "processor": done[1] - begun[1],
        "reducing": reduced[0] - begun[0],
        "peak": peak_memory(),
        "multiply_adds": multiply_adds,
        "products": multiply_adds / _multiply_adds_a_second(),
        "bytes": float(days * len(content)),
        "digests": days * _seconds_on_all_cores(lambda: storage.digest(content)),
    }


def _multiply_adds_a_second() -> float:
    """Return what all cores reach in one large matrix product, which is their best."""
    side = 2048
    left = np.random.default_rng(1).random((side, side))
    with threadpool_limits(os.cpu_count()):
        return side**3 / best_seconds(lambda: left @ left)


def _seconds_on_all_cores(work: Callable[[], object]) -> float:
    """Return the seconds for each `work` when all cores do one at the same time."""
    cores = os.cpu_count() or 1
    with ThreadPoolExecutor(cores) as pool:
        return best_seconds(lambda: list(pool.map(lambda _: work(), range(cores)))) / cores


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks train", description=__doc__)
    parser.add_argument("--days", type=int, default=DAYS)
    parser.add_argument("--rows", type=int, default=ROWS, help="Decisions of each day.")
    parser.add_argument(
        "--distinct",
        type=int,
        default=DAYS,
        help="Write this many files and let the days share them, which needs less disk.",
    )
    return parser.parse_args(list(arguments))
