"""`manage.py declare_cast FILE`: import what credited people declared about themselves."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from audits.actions import declare_cast
from audits.management.walled import WalledCommand
from audits.protected.cast_file import BadFile
from catalog.counting import counted


class Command(WalledCommand):
    help = (
        "Imports what credited people declared about themselves, from a CSV file with the columns "
        "person (a slug or public id), attribute and value. Only audits read it. A newer value "
        "replaces an older one. If a line is wrong, nothing is imported."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            count = declare_cast(file)
        except BadFile as problem:
            raise CommandError(f"{problem}. Nothing was imported.") from problem
        except OSError as problem:
            raise CommandError(f"{file}: {problem.strerror}. Nothing was imported.") from problem
        self.stdout.write(f"Imported {counted(count, 'declaration')} of credited people.")
