"""`manage.py nightly`: run a night here and now, by the same code as the schedule's."""

import argparse
import time
from datetime import date
from typing import IO, Any, cast

from django.core.management.base import CommandError
from django.utils import timezone
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from catalog.counting import counted
from catalog.management.prepared import PreparedCommand
from personalization.evaluation.report import Evaluation
from personalization.models import ModelVersion, Night
from personalization.night import running, spreading
from personalization.night.claim import NightBusy
from personalization.release.conditions import Condition, ConditionState
from personalization.release.policy import release_policy

MARKS = {
    ConditionState.KEPT: "[green]kept[/]   ",
    ConditionState.BROKEN: "[red]broken[/] ",
    ConditionState.UNKNOWN: "[yellow]unknown[/]",
}
POLL = 0.5  # seconds between looks for the audit's verdict
# Exit codes, for whoever runs this from a script.
FAILED, WAITING, BUSY = 1, 2, 3


class Command(PreparedCommand):
    help = (
        "Seals the closed days, fits a candidate, evaluates it on unseen days, has it audited, "
        "and promotes or holds it. After an interruption it continues where it stopped. "
        f"Exit codes: 0 done, {FAILED} failed, {WAITING} still waiting for the workers or the "
        f"audit, {BUSY} another worker is at it."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--date",
            type=date.fromisoformat,
            help="The night that begins this day (YYYY-MM-DD, UTC); today by default.",
        )
        parser.add_argument(
            "--audit-wait",
            type=float,
            default=900.0,
            metavar="SECONDS",
            help="How long to wait for the workers or the audit before leaving the rest to the "
            "schedule.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.ending = ""  # rich ends its own lines
        console = Console(file=cast(IO[str], self.stdout))
        now = timezone.now()
        try:
            running.check_clock(now)
            night = running.begin(options["date"] or now.date(), now=now)
            night = self._run(console, night, patience=options["audit_wait"])
        except running.CannotRun as error:
            raise CommandError(str(error)) from error
        except NightBusy as error:
            raise CommandError(str(error), returncode=BUSY) from error
        if night.stage != Night.Stage.DONE:
            raise CommandError(_waits(night), returncode=WAITING)
        _summarise(console, night)

    def _run(self, console: Console, night: Night, *, patience: float) -> Night:
        deadline = time.monotonic() + patience
        columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
        with Progress(*columns, console=console, transient=True) as bar:
            shown = bar.add_task(f"The {night}", total=None)

            def progress(words: str, done: int, of: int) -> None:
                bar.update(shown, description=words, completed=done, total=max(of, 1))

            while True:
                night = running.run(night, clock=timezone.now, progress=progress)
                if night.stage == Night.Stage.DONE or time.monotonic() > deadline:
                    return night
                time.sleep(POLL)


def _waits(night: Night) -> str:
    if night.stage == Night.Stage.REDUCE:
        return (
            f"The {night} waits for the workers: {spreading.shard_progress()}. "
            "The schedule continues when they are done. You can also run this again."
        )
    return (
        f"The {night} waits for the audit of model {night.candidate.pk}. "
        "The schedule continues when there is a verdict. You can also run this again."
    )


def _summarise(console: Console, night: Night) -> None:
    console.print(f"[bold]{str(night).capitalize()}: {night.get_outcome_display().lower()}.[/]")
    sealed = night.report.get("sealed", [])
    if sealed:
        rows = sum(day["rows"] for day in sealed)
        ends = dict.fromkeys([sealed[0]["day"], sealed[-1]["day"]])
        console.print(
            f"Sealed {counted(len(sealed), 'day')}, {' to '.join(ends)}: "
            f"{counted(rows, 'decision')}.",
            highlight=False,
        )
    candidate = ModelVersion.objects.filter(night=night).first()
    if candidate is None:
        console.print(night.reason, highlight=False)
        return
    console.print(_policies(candidate))
    for stored in candidate.gate:
        condition = Condition.from_json(stored)
        console.print(f"{MARKS[condition.state]} {condition.words}", highlight=False)
    console.print(release_policy().words, highlight=False)


def _policies(candidate: ModelVersion) -> Table:
    table = Table(title=f"Value per decision of {candidate}, on days it has not seen")
    for heading in ("policy", "DR", "95 % interval", "SNIPS", "sample size"):
        table.add_column(heading, justify="left" if heading == "policy" else "right")
    for name, value in Evaluation.from_json(candidate.evaluation).policies.items():
        table.add_row(
            name.replace("_", "-"),
            _share(value.dr.value),
            f"{_share(value.dr.low)} – {_share(value.dr.high)}",
            _share(value.snips.value),
            f"{value.ess:,.0f}" + (" (too small)" if value.refused else ""),
        )
    return table


def _share(value: float | None) -> str:
    """Show a value per decision; nothing where it is refused for too little evidence."""
    return "" if value is None else f"{value:.4f}"
