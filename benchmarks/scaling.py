"""`python -m benchmarks scaling`: what a night costs by decisions, artworks and viewers.

It measures processor seconds of one core, the least of several runs, over a small design in which
one number varies at a time. Least squares gives the slopes, with standard errors. From these,
docs/scaling.md works out what a large site needs.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from time import process_time

import numpy as np

from benchmarks import worlds
from benchmarks.own import measured
from benchmarks.results import BenchmarkReport, Figure, best_seconds
from personalization.bandit import files
from personalization.bandit.fit import fit
from personalization.bandit.model import Model
from personalization.bandit.reduction import reduce
from personalization.bandit.spec import Spec
from personalization.bandit.statistics import Statistics

# (decisions, titles, windows) of one day; six artworks a title.
PLAIN = (1_000_000, 834, 25_000)
DESIGN = [
    PLAIN,
    (250_000, 834, 25_000),
    (500_000, 834, 25_000),
    (1_000_000, 200, 25_000),
    (1_000_000, 1_667, 25_000),
    (1_000_000, 3_334, 25_000),
    (1_000_000, 834, 6_250),
    (1_000_000, 834, 100_000),
]
FITTED = [200, 417, 834, 1_667, 3_334]  # titles; six artworks each
FITTED_ON = 1_000_000  # decisions
PER_TITLE = 6
UNITS = ("a million decisions", "a thousand artworks", "a thousand windows")


def run() -> BenchmarkReport:
    found = measured(__name__)
    reduce_slopes = line([[1, *row] for row in per_unit(DESIGN)], found["reduce"])
    bytes_slopes = line([[1, *row] for row in per_unit(DESIGN)], found["bytes"])
    fit_slopes = line([[1, titles * PER_TITLE / 1e3] for titles in FITTED], found["fit"])
    results = [
        *_slopes("reduce a day: ", ["fixed", *UNITS], reduce_slopes, "s"),
        *_slopes("its file: ", ["fixed", *UNITS], bytes_slopes, "MB"),
        *_slopes("fit: ", ["fixed", "a thousand artworks"], fit_slopes, "s"),
        Figure("kept sums, a thousand artworks", found["sums"], "MB"),
        Figure("a model, a thousand artworks", found["model"], "MB"),
    ]
    return BenchmarkReport("scaling", results)


def per_unit(design: Sequence[tuple[int, int, int]]) -> list[list[float]]:
    """Return each day's millions of decisions, thousands of artworks, thousands of windows."""
    return [
        [rows / 1e6, titles * PER_TITLE / 1e3, windows / 1e3] for rows, titles, windows in design
    ]


def line(given: Sequence[Sequence[float]], cost: Sequence[float]) -> list[tuple[float, float]]:
    """Return each coefficient of the least-squares line, and its standard error."""
    x, y = np.array(given, float), np.array(cost, float)
    found, *_ = np.linalg.lstsq(x, y, rcond=None)
    spread = float(((y - x @ found) ** 2).sum()) / (len(y) - x.shape[1])
    errors = np.sqrt(np.diag(np.linalg.inv(x.T @ x)) * spread)
    return list(zip(found.tolist(), errors.tolist(), strict=True))


def _slopes(
    what: str, names: Sequence[str], slopes: Sequence[tuple[float, float]], unit: str
) -> list[Figure]:
    return [
        Figure(f"{what}{name} (standard error {error:.2g})", value, unit)
        for name, (value, error) in zip(names, slopes, strict=True)
    ]


def measure() -> dict[str, object]:
    """Measure every day and fit of the design."""
    reduced = [_day(*each) for each in DESIGN]
    fits = [_fit(titles) for titles in FITTED]
    _, sums, model = fits[-1]
    thousands = FITTED[-1] * PER_TITLE / 1e3
    return {
        "reduce": [seconds for seconds, _ in reduced],
        "bytes": [size / 1e6 for _, size in reduced],
        "fit": [seconds for seconds, _, _ in fits],
        "sums": len(files.pack_statistics(sums, meta={})) / 1e6 / thousands,
        "model": len(files.pack_model(model)) / 1e6 / thousands,
    }


def _day(rows: int, titles: int, windows: int) -> tuple[float, int]:
    """Return the processor seconds to check, read and sum up one day, and its file's bytes."""
    from benchmarks import history, sealed
    from personalization import storage
    from personalization.features import manifest
    from personalization.journal import reading
    from personalization.journal.schema import SCHEMA_VERSION
    from personalization.models import SealedDay
    from personalization.training import shards
    from personalization.training.expectations import Choosers

    ids = np.arange(titles)
    artworks = (ids[:, None] * PER_TITLE) + np.arange(PER_TITLE)
    choosers = Choosers({sealed.MODEL: history.chooser(ids, artworks)})
    written = sealed.write(ids, artworks, rows, 1, slate=rows / windows)
    day = SealedDay(
        day=date(2026, 3, 2),
        path=written.stored.path,
        sha256=written.stored.sha256,
        schema_version=SCHEMA_VERSION,
        manifest_digest=manifest.DIGEST,
        sealed_at=datetime.now(UTC),
    )

    def reduce() -> None:
        opened = reading.shards(day)
        for number in range(len(opened)):
            shards.sums_of(opened.read(number), choosers)

    with storage.opened(written.stored.path) as file:
        return best_seconds(reduce, clock=process_time), file.size()


def _fit(titles: int) -> tuple[float, Statistics, Model]:
    """Return the processor seconds of one fit, the sums that it takes and the model it makes."""
    artworks = titles * PER_TITLE
    shown, rows, rewards = worlds.decisions(FITTED_ON, artworks, seed=1)
    sums = reduce(artwork_ids=shown, rows=rows, rewards=rewards)
    table = worlds.table(artworks, per_title=PER_TITLE, seed=2)
    spec = Spec(context=worlds.CONTEXT, artwork_features=worlds.FEATURES)
    fitted: list[Model] = []
    seconds = best_seconds(
        lambda: fitted.append(fit(sums, table, spec)), repeats=2, clock=process_time
    )
    return seconds, sums, fitted[0]
