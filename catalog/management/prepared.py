"""Commands that need this copy's tables."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


class PreparedCommand(BaseCommand):
    """A command that stops with a clear message if its tables are missing or out of date."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if waiting:
            first, _ = waiting[0]
            raise CommandError(
                f"The database is not ready: {len(waiting)} migrations wait, the first is {first}. "
                "Run `manage.py setup` and try again."
            )
        return super().execute(*args, **options)
