"""How fast a day is sealed: a million decisions from PostgreSQL to a checked Parquet file.

The roof is a bare `COPY … TO` of the same rows whose output is discarded: every reader of
PostgreSQL needs that. It runs in its own process, over its own embedded database.
"""

from time import process_time

from benchmarks.own import measured, peak_memory
from benchmarks.results import BenchmarkReport, Figure, best_seconds

DECISIONS = 1_000_000
SHARE = 0.25  # of the speed of the bare COPY


def run() -> BenchmarkReport:
    found = measured(__name__, DECISIONS)
    sealing, copying = found["sealing"], found["copying"]
    peer = DECISIONS / copying
    return BenchmarkReport(
        "seal",
        [
            Figure("sealed", DECISIONS / sealing, "decisions/s", peer=peer, of_peer=SHARE),
            Figure("a million decisions sealed", sealing, "s", peer=copying),
            Figure("its processor time", found["processor"], "s"),
            Figure("of the file, a decision", found["bytes"] / DECISIONS, "bytes"),
            Figure("of the journal, a decision", found["journal"] / DECISIONS, "bytes"),
            Figure("peak memory", found["peak"] / 2**30, "GiB"),
        ],
    )


def measure(decisions: int) -> dict[str, float]:
    """Fill a day, then time sealing it and copying it, in seconds each."""
    from benchmarks import days
    from personalization.journal import sealing

    day = days.fill(decisions)
    copying = best_seconds(lambda: days.copy(day))
    size = len(sealing.build(day).content)
    return {
        "processor": best_seconds(lambda: sealing.build(day), repeats=1, clock=process_time),
        "journal": days.size(day),
        "copying": copying,
        "sealing": best_seconds(lambda: sealing.build(day)),
        "bytes": size,
        "peak": peak_memory(),
    }
