"""`python -m benchmarks NAME --json PATH`: run one benchmark, or all, and print a table.

The exit code is 1 if a target was missed, and 2 if the data that the named benchmark needs are
missing. With `all`, a benchmark without its data is left out.
"""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks import (
    audit,
    choose,
    coverage,
    evidence,
    gate,
    home,
    night,
    open_bandit,
    scaling,
    seal,
    search,
    train,
    units,
    weight,
)
from benchmarks.arena import command as arena
from benchmarks.obd import NoData
from benchmarks.results import BenchmarkReport, Figure

BENCHMARKS: dict[str, Callable[..., BenchmarkReport]] = {
    "arena": arena.run,
    "audit": audit.run,
    "choose": choose.run,
    "coverage": coverage.run,
    "evidence": evidence.run,
    "gate": gate.run,
    "home": home.run,
    "night": night.run,
    "open-bandit": open_bandit.run,
    "scaling": scaling.run,
    "seal": seal.run,
    "search": search.run,
    "train": train.run,
    "units": units.run,
    "weight": weight.run,
}
PLAIN_WIDTH = 140
# These take arguments of their own, and --help.
WITH_OPTIONS = {"arena", "coverage", "gate", "home", "train", "weight"}


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("name", choices=[*BENCHMARKS, "all"])
    parser.add_argument("--json", type=Path, metavar="PATH", help="Write the results there.")
    options, others = parser.parse_known_args(arguments)
    if others and options.name not in WITH_OPTIONS:
        parser.error(f"unrecognized arguments: {' '.join(others)}")
    names = list(BENCHMARKS) if options.name == "all" else [options.name]
    reports: list[BenchmarkReport] = []
    for name in names:
        try:
            reports.append(BENCHMARKS[name](*([others] if others else [])))
        except NoData as error:
            print(f"{name}: {error}", file=sys.stderr)
            if options.name != "all":
                return 2
    # In a file or a pipe, the lines need not fit a terminal.
    console = Console(width=None if sys.stdout.isatty() else PLAIN_WIDTH)
    for report in reports:
        console.print(_table(report))
    if options.json:
        written = [report.as_dict() for report in reports]
        content = written if options.name == "all" else written[0]
        options.json.write_text(json.dumps(content, indent=2) + "\n")
    missed = any(result.met is False for report in reports for result in report.results)
    return 1 if missed else 0


def _table(report: BenchmarkReport) -> Table:
    table = Table(title=f"{report.benchmark} on {report.machine}")
    for heading in ("what", "value", "unit", "peer", "ratio", "target", "met"):
        table.add_column(heading, justify="left" if heading in {"what", "unit"} else "right")
    for each in report.results:
        table.add_row(
            each.name,
            f"{each.value:,.4g}",
            each.unit,
            "" if each.peer is None else f"{each.peer:,.4g}",
            "" if each.ratio is None else f"{each.ratio:.3g}",
            _target(each),
            {True: "yes", False: "no", None: ""}[each.met],
        )
    return table


def _target(result: Figure) -> str:
    if result.of_peer is not None:
        return f"{result.of_peer:g} × peer"
    return "" if result.target is None else f"{result.target:,.4g}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
