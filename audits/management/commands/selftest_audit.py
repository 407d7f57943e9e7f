"""`manage.py selftest_audit`: audit worlds with planted differences, and say how often it errs."""

import json
import os
from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from time import monotonic
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from audits.actions.selftest import EFFORT, EVERY, WORLDS, SelftestSeries, work
from audits.management.walled import WalledCommand
from audits.protected import store
from audits.selftest.curves import out_of_range
from audits.selftest.tables import markdown

SHARES = "{:<34} {:>12} {:>12} {:>12} {:>12} {:>12}"
HEADS = ("measure", "false alarm", "coverage", "within at 0", "false within", "false outside")


class Command(WalledCommand):
    help = (
        "Audits worlds in which a difference of known size is planted, or none, and says how often "
        "each verdict is right. It reads no declarations. It can be stopped: the next call goes on "
        "with the worlds that are left."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--worlds", type=int, default=WORLDS, help=f"default: {WORLDS}")
        parser.add_argument(
            "--series",
            default="",
            help="which worlds: the same name gives the same ones (default: this month's)",
        )
        parser.add_argument(
            "--processes", type=int, default=os.cpu_count() or 1, help="default: one a core"
        )
        parser.add_argument("--json", metavar="PATH", help="write all rates to this file")
        parser.add_argument(
            "--markdown", metavar="PATH", help="write the tables of docs/verdicts.md to this file"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not store.holds_audit_role():
            raise CommandError("This process does not hold the audit role (AUDIT_DATABASE_URL).")
        worlds, processes = options["worlds"], options["processes"]
        if worlds < 1 or processes < 1:
            raise CommandError("--worlds and --processes count from 1.")
        if len(options["series"]) > 40:
            raise CommandError("A series has a name of 40 characters at most.")
        name = options["series"]
        series = SelftestSeries.of(name) if name else SelftestSeries.of_month(timezone.now())
        self._work(series, worlds, processes)
        summed = series.keep_curves()
        self._say(summed)
        if options["json"]:
            _write(options["json"], json.dumps(summed, indent=1) + "\n")
        if options["markdown"]:
            _write(options["markdown"], markdown(summed))

    def _work(self, series: SelftestSeries, worlds: int, processes: int) -> None:
        left, begun = len(series.missing(worlds)), monotonic()
        if left < worlds:
            self.stdout.write(f"{worlds - left:,} of {worlds:,} worlds are there already.")
        step = max(1, min(EVERY, left // 20))
        for done, _ in enumerate(work(series, worlds, processes=processes), start=1):
            if done % step == 0:
                minutes = (monotonic() - begun) / done * (left - done) / 60
                self.stdout.write(f"{done:,} of {left:,} worlds; about {minutes:.0f} min left")
                self.stdout.flush()

    def _say(self, summed: Mapping[str, Any]) -> None:
        said = f"\n{summed['worlds']:,} worlds, {summed['seconds'] / 3600:.2f} core hours"
        self.stdout.write(f"{said}, effort {EFFORT}. ± is one standard error.\n")
        self.stdout.write(SHARES.format(*HEADS))
        for name, one in summed["measures"].items():
            columns = (
                one["false_alarms"], one["coverage"], one["within"], one["false_within"],
                one["false_outside"],
            )  # fmt: skip
            label = f"{name} *" if one["headline"] else name
            self.stdout.write(SHARES.format(label, *map(_share, columns)))
        self.stdout.write(f"any headline, after Holm: {_share(summed['family'])}   (* headline)\n")
        for part, words in (
            ("false_alarms_by_size", "False alarms"),
            ("within_by_size", "Within margin where nothing differs"),
            ("power_by_size", "Power"),
        ):
            self.stdout.write(f"\n{words}")
            for name, one in summed["measures"].items():
                cells = [f"{cell} {_share(found)}" for cell, found in one[part].items()]
                if one["headline"] and cells:
                    self.stdout.write("\n  ".join([f" {name}", *cells]))
        beyond = out_of_range(summed)
        if beyond:
            self.stdout.write("\n  ".join(["\nOut of range by more than two errors:", *beyond]))


def _write(path: str, text: str) -> None:
    try:
        Path(path).write_text(text)
    except OSError as problem:
        raise CommandError(f"{path} cannot be written: {problem.strerror}.") from problem


def _share(found: Mapping[str, float] | None) -> str:
    return "–" if found is None else f"{found['rate']:.1%} ±{found['error']:.1%}"
