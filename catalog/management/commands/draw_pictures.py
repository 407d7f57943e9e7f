"""`manage.py draw_pictures`: draw ahead what would be drawn when it is first asked for."""

from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from catalog.actions.drawn_cards import draw_missing
from catalog.counting import counted
from catalog.management.prepared import PreparedCommand


class Command(PreparedCommand):
    help = (
        "Draws all pictures of imported films that nobody has asked for yet. Needed where a web "
        "server or a bucket serves /media/ without asking Marquee. Safe to interrupt and run again."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        console = Console(quiet=options["verbosity"] == 0)
        columns = (
            TextColumn("Drawing pictures"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
        )
        with Progress(*columns, console=console, disable=console.quiet) as display:
            task = display.add_task("pictures", total=None)
            drawn = draw_missing(lambda done, of: display.update(task, completed=done, total=of))
        console.print(f"{counted(drawn, 'picture')} drawn.")
