"""Commands that need this copy's tables."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connections, router
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor

from catalog.counting import counted


class PreparedCommand(BaseCommand):
    """A command that stops with a clear message if its tables are missing or out of date.

    `databases` are the aliases whose tables it needs. One that this process may not use is skipped.
    """

    databases: tuple[str, ...] = ("default",)

    def execute(self, *args: Any, **options: Any) -> str | None:
        waiting = [
            migration
            for alias in self.databases
            if alias in connections
            for migration, _ in _plan(alias)
        ]
        if waiting:
            raise CommandError(
                f"The database is not ready. It lacks {counted(len(waiting), 'migration')}, the "
                f"first of them {waiting[0]}. Run `manage.py setup` and try again."
            )
        return super().execute(*args, **options)


def _plan(alias: str) -> list[tuple[Migration, bool]]:
    executor = MigrationExecutor(connections[alias])
    newest = executor.loader.graph.leaf_nodes()
    return executor.migration_plan(
        [leaf for leaf in newest if router.allow_migrate(alias, leaf[0])]
    )
