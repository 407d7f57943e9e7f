"""`manage.py import_movielens DIR`: real histories, from the MovieLens 100K or 1M files."""

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from audits.actions import declare_many
from audits.protected.importers import movielens_attributes
from catalog.importers import movielens, pictures, rows
from catalog.importers.lines import Malformed
from catalog.management.prepared import PreparedCommand


class Command(PreparedCommand):
    help = (
        "Imports MovieLens 100K (u.data, u.item, u.user) or 1M (ratings.dat, movies.dat, "
        "users.dat) from a folder, with credits.csv if there. Safe to run again."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="where the data set's files lie")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        console = Console(quiet=options["verbosity"] == 0)
        console.print("Reading and checking every line …")
        try:
            data = movielens.read(folder)
            declared = _declared(data)
            console.print("Writing films, people and what they watched …")
            written = rows.write(data)
        except Malformed as error:
            raise CommandError(f"{error}. Nothing was imported.") from error
        except (FileNotFoundError, rows.AnotherDataSet) as error:
            raise CommandError(str(error)) from error
        _declare(declared)
        console.print(", ".join(f"{number:,} {what}" for what, number in written.items()) + " new.")
        drawn = _make_pictures(console)
        console.print(f"Pictures of {drawn:,} films drawn. The import is complete.")


def _declared(data: movielens.DataSet) -> dict[int, dict[str, str]]:
    """What the people said of themselves; occupation is no attribute of ours and is left out."""
    return {
        person.id: movielens_attributes(gender=person.gender, age=person.age)
        for person in data.people.values()
    }


def _declare(declared: dict[int, dict[str, str]]) -> None:
    public_ids = rows.public_ids()
    declare_many(
        (
            (public_ids[number], attribute, value)
            for number, attributes in declared.items()
            for attribute, value in attributes.items()
        ),
        synthetic=False,
    )


def _make_pictures(console: Console) -> int:
    columns = (
        TextColumn("Drawing pictures"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("films"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, disable=console.quiet) as display:
        task = display.add_task("pictures", total=None)
        return pictures.make_pictures(
            lambda done, of: display.update(task, completed=done, total=of)
        )
