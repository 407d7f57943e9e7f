"""`manage.py simulate`: traffic of synthetic or imported viewers, with a known truth."""

import argparse
import json
import math
from datetime import date
from pathlib import Path
from typing import IO, Any, cast

from django.core.management.base import CommandError
from django.utils import timezone
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from catalog.counting import counted
from catalog.management.prepared import PreparedCommand
from personalization.simulation.crowds import CannotSimulate
from personalization.simulation.running import (
    USUAL_DAYS,
    SimulationPlan,
    SimulationResult,
    run,
    usual_last,
)
from personalization.simulation.worth import Worth

NOT_MEASURABLE = "not measurable here"


class Command(PreparedCommand):
    help = (
        "Simulates days of traffic through the real choices, journal and watch events, and says "
        "what each policy was truly worth. Days that are simulated already are left as they are."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--days", type=int, default=USUAL_DAYS)
        parser.add_argument("--seed", type=int, default=2018)
        parser.add_argument(
            "--viewers",
            default="",
            help="demo:N for N synthetic viewers, or the source of an import (movielens).",
        )
        parser.add_argument(
            "--until",
            type=date.fromisoformat,
            metavar="DATE",
            help="The last simulated day; by default the newest that tonight's night can seal.",
        )
        parser.add_argument("--slate", type=int, default=20, help="Titles on a viewer's page.")
        parser.add_argument(
            "--proxy-strength",
            type=float,
            metavar="P",
            help="Plant a group whose tastes lie P standard deviations apart; 0 is none.",
        )
        parser.add_argument("--nightly", action="store_true", help="Run the night after each day.")
        parser.add_argument("--json", type=Path, metavar="PATH", help="Write what was true there.")

    def handle(self, *args: Any, **options: Any) -> None:
        plan = _plan(options)
        self.stdout.ending = ""  # rich ends its own lines
        console = Console(file=cast(IO[str], self.stdout))
        columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
        with Progress(*columns, console=console, transient=True) as bar:
            shown = bar.add_task("Simulating", total=plan.days)
            try:
                result = run(
                    plan,
                    lambda words, done, of: bar.update(
                        shown, description=words, completed=done, total=of
                    ),
                )
            except CannotSimulate as error:
                raise CommandError(str(error)) from error
        if result.skipped:
            days = counted(len(result.skipped), "day")
            console.print(f"Left as they are: {days} simulated already.")
        if options["json"] and not result.days:
            raise CommandError("All of these days are simulated already: nothing was measured.")
        if result.days:
            console.print(_table(result))
        if options["json"]:
            options["json"].write_text(json.dumps(_facts(plan, result), indent=2) + "\n")


def _plan(options: dict[str, Any]) -> SimulationPlan:
    for name, least in (("days", 1), ("slate", 1), ("seed", 0)):
        if options[name] < least:
            raise CommandError(f"--{name} must be at least {least}.")
    strength = options["proxy_strength"]
    if strength is not None and not (math.isfinite(strength) and strength >= 0):
        raise CommandError("--proxy-strength must be a number from 0.")
    return SimulationPlan(
        days=options["days"],
        last=options["until"] or usual_last(timezone.now().date()),
        seed=options["seed"],
        viewers=options["viewers"],
        slate=options["slate"],
        proxy_strength=strength,
        nightly=options["nightly"],
    )


def _table(result: SimulationResult) -> Table:
    total = result.total
    table = Table(
        title=f"True value over {total.decisions:,} simulated decisions "
        f"({total.with_model:,} under a model), synthetic rewards",
        caption=_caption(total),
    )
    for heading in ("policy", "mean reward", "regret"):
        table.add_column(heading, justify="left" if heading == "policy" else "right")
    regret = total.regret()
    for name, mean in total.means().items():
        lost = regret[name]
        numbers = (
            (NOT_MEASURABLE, "–")
            if mean is None or lost is None
            else (f"{mean:.4f}", f"{lost:,.0f}")
        )
        table.add_row(name.replace("_", "-"), *numbers)
    return table


def _caption(total: Worth) -> str | None:
    """Say what the policies of a model did before there was one."""
    before = total.decisions - total.with_model
    if not before:
        return None
    if not total.with_model:
        return "No model served, so nothing is known of what one would earn."
    return f"On the {before:,} decisions before the first model, a model's policies choose evenly."


def _facts(plan: SimulationPlan, result: SimulationResult) -> dict[str, Any]:
    total = result.total
    return {
        "decisions": total.decisions,
        "decisions_under_a_model": total.with_model,
        "seed": plan.seed,
        "proxy_strength": plan.proxy_strength,
        "policies": total.means(),
        "regret": total.regret(),
        "days": [
            {"day": str(day), "decisions": worth.decisions, "policies": worth.means()}
            for day, worth in result.days
        ],
        "skipped": [str(day) for day in result.skipped],
    }
