"""`manage.py make_avif`: give older artwork the AVIF files that newer artwork has."""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from catalog.actions.avif import make_missing
from catalog.counting import counted
from catalog.management.prepared import PreparedCommand


class Command(PreparedCommand):
    help = (
        "Makes the AVIF files of artwork that was uploaded before AVIF came. Safe to interrupt and "
        "run again: it goes on where it was. Artwork that fails keeps its WebP files and is named."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--at-most", type=int, help="Stop after this many artworks; the next run goes on."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["at_most"] is not None and options["at_most"] < 1:
            raise CommandError("--at-most must be 1 or more.")
        console = Console(quiet=options["verbosity"] == 0)
        columns = (
            TextColumn("Making AVIF files"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
        )
        with Progress(*columns, console=console, disable=console.quiet) as display:
            task = display.add_task("artworks", total=None)
            made = make_missing(
                at_most=options["at_most"],
                report=lambda done, of: display.update(task, completed=done, total=of),
            )
        console.print(f"Made AVIF files of {counted(made.artworks, 'artwork')}.")
        if made.failed:
            lines = [f"artwork {number}: {why}" for number, why in made.failed.items()]
            raise CommandError("\n".join([f"{len(lines)} failed and keep WebP:", *lines]))
