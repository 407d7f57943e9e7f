"""`python -m benchmarks night`: what one new day of a million costs, after many or few others.

Timed is the night's own stage, over real sealed days: it finds the kept sum, reads the one new
day, adds it, keeps the new sum, fits a candidate and stores it. Three nights follow each history,
and the fastest counts. Past days share a few files; a night reads none of them.
"""

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from time import perf_counter, process_time

from benchmarks.own import measured, peak_memory
from benchmarks.results import BenchmarkReport, Figure

ROWS, DISTINCT = 1_000_000, 6
PAST = (10, 50, 100)  # sealed days that earlier nights learnt from
NIGHTS = 3
SECONDS = 5.0
FLAT = 1.25  # times the seconds after the shortest history; machines do not repeat better


def run() -> BenchmarkReport:
    found = measured(__name__, ROWS, DISTINCT, *PAST)
    first = found["fit"][0]
    timed = [
        Figure(
            f"fit with one new day of a million, after {past} days",
            seconds,
            "s",
            peer=None if seconds is first else first,
            target=SECONDS,
        )
        for past, seconds in zip(PAST, found["fit"], strict=True)
    ]
    return BenchmarkReport(
        "night",
        [
            *timed,
            Figure("the longest history against the shortest", found["fit"][-1], "s",
                   peer=first, of_peer=FLAT),
            Figure("evaluating the candidate, two unseen days, processor", found["evaluate"], "s"),
            Figure("peak memory", found["peak"] / 2**30, "GiB"),
        ],
    )  # fmt: skip


def measure(rows: int, distinct: int, *past: int) -> dict[str, object]:
    """Run the fits of nights after so many past days, and time the last three of each history."""
    from django.conf import settings

    from benchmarks import history
    from personalization.models import Night
    from personalization.night import stages

    def night_after(count: int) -> Night:
        """Begin the night that learns from `count` days and evaluates on the days after them."""
        newest = history.FIRST + timedelta(days=count + settings.EVALUATION_DAYS - 1)
        return Night.objects.create(
            date=newest + timedelta(days=2), stage=Night.Stage.FIT, started_at=datetime.now(UTC)
        )

    def seconds(night: Night, clock: Callable[[], float] = perf_counter) -> float:
        begun = clock()
        stages.STAGES[Night.Stage(night.stage)](night, datetime.now(UTC), stages.silent)
        return clock() - begun

    history.write(max(past) + NIGHTS + settings.EVALUATION_DAYS, rows=rows, distinct=distinct)
    os.sync()  # so that a night does not wait for what was written just now
    fits = []
    for count in past:
        seconds(night_after(count))
        nights = [night_after(count + 1 + number) for number in range(NIGHTS)]
        fits.append(min(map(seconds, nights)))
    judged = Night.objects.get(pk=nights[-1].pk)
    return {"fit": fits, "evaluate": seconds(judged, process_time), "peak": peak_memory()}
