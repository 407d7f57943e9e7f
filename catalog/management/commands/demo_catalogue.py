"""`manage.py demo_catalogue`: the fictional titles, their people, and their artwork."""

from typing import Any

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from catalog.demo.build import build, counts
from catalog.management.prepared import PreparedCommand

WORDS = {"titles": "Inventing titles", "pictures": "Drawing artwork"}


class Command(PreparedCommand):
    help = "Builds the fictional demo catalogue. Safe to run again."

    def handle(self, *args: Any, **options: Any) -> None:
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
        )
        with Progress(*columns, disable=options["verbosity"] == 0) as display:
            expected = counts()
            tasks = {
                what: display.add_task(words, total=expected[what]) for what, words in WORDS.items()
            }
            build(lambda what, done, of: display.update(tasks[what], completed=done, total=of))
