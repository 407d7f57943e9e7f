"""`manage.py prepare_wall`: make or repair the walled schema."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audits.protected import wall


class Command(BaseCommand):
    help = (
        "Makes the schema of protected attributes, migrates it, and gives each database role "
        "exactly its rights on it. Safe to run again; repairs rights that were changed."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            wall.build(verbosity=options["verbosity"])
        except wall.WallIncomplete as problem:
            raise CommandError(str(problem)) from problem
