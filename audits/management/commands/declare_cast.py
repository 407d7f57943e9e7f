"""`manage.py declare_cast FILE`: what credited people have declared of themselves."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from audits.actions import declare_cast
from audits.protected.cast_file import BadFile
from catalog.management.prepared import PreparedCommand


class Command(PreparedCommand):
    help = (
        "Takes in what credited people have declared of themselves, from a CSV file with the "
        "columns person (a slug or public id), attribute and value. Only audits ever read it. "
        "All lines are taken or none; a newer value replaces an older one."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            taken = declare_cast(file)
        except BadFile as problem:
            raise CommandError(f"{problem}. Nothing was taken in.") from problem
        except OSError as problem:
            raise CommandError(f"{file}: {problem.strerror}. Nothing was taken in.") from problem
        self.stdout.write(f"{taken:,} declarations of credited people are in the walled store.")
