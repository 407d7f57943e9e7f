"""`manage.py prepare_wall`: create or repair the walled schema."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audits.protected import wall


class Command(BaseCommand):
    help = (
        "Creates the schema of protected attributes, migrates it, and gives each database role "
        "exactly its rights on it. It is safe to run again, and repairs rights that were changed."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            wall.build(verbosity=options["verbosity"])
        except wall.WallIncomplete as problem:
            raise CommandError(str(problem)) from problem
