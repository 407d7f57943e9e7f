"""`manage.py import_movielens DIR`: real histories, from the files of a MovieLens data set."""

import argparse
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone
from rich.console import Console

from audits.actions import declare_many
from audits.protected.importers import movielens_attributes
from catalog.importers import movielens, pictures, plays, rows
from catalog.importers.lines import Malformed
from catalog.importers.records import EARLIEST, DataSet
from catalog.management.prepared import PreparedCommand
from personalization.simulation.running import USUAL_DAYS, usual_start

PUBLISHED, SIMULATION = "published", "simulation"
SITE_OPENED = datetime.fromtimestamp(EARLIEST, UTC)


class Command(PreparedCommand):
    help = (
        "Imports a MovieLens data set from a folder: 100K (u.data, u.item, u.user), 1M "
        "(ratings.dat, movies.dat, users.dat), 10M (ratings.dat, movies.dat), or 20M, 25M, 32M, "
        "ml-latest and ml-latest-small (ratings.csv, movies.csv); with credits.csv if it is there. "
        "Safe to interrupt and to run again."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="The folder with the data set's files.")
        parser.add_argument(
            "--newest",
            metavar="DATE|now|published",
            type=_end_of_plays,
            default=SIMULATION,
            help=(
                "Where the newest play ends; all times move by the same amount. A date or moment "
                "(2026-11-27 or 2026-11-27T18:00+00:00; UTC where no offset is given), now, or "
                "published, which moves nothing. By default it ends where `simulate` begins when "
                f"it is run on the same day: {USUAL_DAYS} days before the newest day that can be "
                "sealed. A model forgets old plays: plays of 2000 count for nothing beside "
                "simulated ones of today."
            ),
        )

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        console = Console(quiet=options["verbosity"] == 0, highlight=False, soft_wrap=True)
        asked = options["newest"]
        newest = _possible(asked)
        imported_before = plays.newest_play()
        console.print("Reading and checking every line …")
        try:
            data = movielens.read(folder)
            _remark(console, data)
            declared = _declared(data)
            console.print("Writing films, people and what they watched …")
            written = rows.write(data, newest=newest)
        except Malformed as error:
            raise CommandError(f"{error}. Nothing was imported.") from error
        except (movielens.NoDataSet, plays.AnotherDataSet) as error:
            raise CommandError(f"{error} Nothing was imported.") from error
        except OSError as error:
            raise CommandError(f"{error}. Nothing was imported.") from error
        except KeyboardInterrupt as interrupt:
            raise CommandError(
                "Interrupted: nothing was imported. Run the command again."
            ) from interrupt
        console.print(", ".join(f"{number:,} {what}" for what, number in written.items()) + " new.")
        _say_times(console, newest, imported_before, asked)
        try:
            _complete(console, declared)
        except KeyboardInterrupt as interrupt:
            raise CommandError(
                "Interrupted: films, people and plays are imported, and some pictures or "
                "declarations are missing. Run the command again to complete it."
            ) from interrupt


def _end_of_plays(text: str) -> datetime | str:
    """Read a date, a moment or "now"; return PUBLISHED and SIMULATION as they are.

    Raises ArgumentTypeError with words for anything else.
    """
    if text in (PUBLISHED, SIMULATION):
        return text
    if text == "now":
        return timezone.now()
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(
            f"{text[:40]!r} is neither a date, nor a moment, nor now, nor {PUBLISHED}"
        ) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _possible(newest: datetime | str | None) -> datetime | None:
    """Return the moment at which the newest play may end; None where times stay as published.

    Raises CommandError for a moment at which none can end.
    """
    # A call from a program hands over a string as it is.
    moment = _end_of_plays(newest) if isinstance(newest, str) else newest
    if moment is None or moment == PUBLISHED:
        return None
    if isinstance(moment, str):
        return usual_start(timezone.now().date())
    if moment > timezone.now():
        raise CommandError("--newest is in the future: a play cannot end there.")
    if moment < SITE_OPENED:
        raise CommandError(f"--newest is before {SITE_OPENED:%Y}, when MovieLens did not exist.")
    return moment


def _remark(console: Console, data: DataSet) -> None:
    for remark in data.remarks:
        console.print(f"  {remark}", markup=False)
    if not data.demographics:
        console.print(
            "This data set says nothing of its people: no gender and no age group is declared, "
            "so audits by them have nobody to count."
        )


def _say_times(
    console: Console, newest: datetime | None, before: datetime | None, asked: object
) -> None:
    ended = plays.newest_play()
    if ended is None:
        return
    kept = ""
    if newest and before and abs((ended - newest).total_seconds()) > 1:
        kept = " Times stay as they were first imported"
        kept += "." if asked == SIMULATION else ", and --newest changed nothing."
    elif newest and asked == SIMULATION:
        kept = f" A simulation of {USUAL_DAYS} days that is run today begins there."
    console.print(f"The newest play ends at {ended:%Y-%m-%d %H:%M} UTC.{kept}")


def _complete(console: Console, declared: dict[int, dict[str, str]]) -> None:
    public_ids = rows.public_ids()
    declare_many(
        (
            (public_ids[number], attribute, value)
            for number, attributes in declared.items()
            for attribute, value in attributes.items()
        ),
        synthetic=False,
    )
    with console.status("Planning pictures …"):
        films = pictures.make_pictures(lambda done, of: None)
    console.print(
        f"Pictures of {films:,} films planned. Each is drawn when it is first asked for; "
        "`manage.py draw_pictures` draws all of them now. The import is complete."
    )


def _declared(data: DataSet) -> dict[int, dict[str, str]]:
    """Return what the people said of themselves; this project has no attribute for occupation."""
    return {
        person.id: movielens_attributes(gender=person.gender, age=person.age)
        for person in data.people.values()
        if person.gender is not None and person.age is not None
    }
