"""`manage.py rollback`: hold the serving model at once."""

import argparse
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from catalog.management.prepared import PreparedCommand
from personalization.release import registry
from personalization.storage import StorageAltered, StorageMissing


class Command(PreparedCommand):
    help = (
        "Holds the serving model, lets the previous one serve, and releases its windows, so that "
        "the next page of every viewer is chosen anew."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--to", type=int, metavar="ID", help="The model to go back to.")
        parser.add_argument(
            "--reason", required=True, help="The reason. It is shown on the model's page."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = registry.roll_back(
                reason=options["reason"], to=options["to"], now=timezone.now()
            )
        except (registry.CannotPromote, StorageAltered, StorageMissing) as error:
            raise CommandError(str(error)) from error
        now_serves = str(done.serving).capitalize() if done.serving else "No model"
        self.stdout.write(
            f"{str(done.left).capitalize()} is held. {now_serves} serves; "
            f"{done.windows:,} windows were released."
        )
