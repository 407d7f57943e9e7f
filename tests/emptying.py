"""Emptying the tests' database after a test that committed.

Django truncates every table, and makes every content type and permission again: a tenth of a
second and more, which 500 tests would pay. Deleting rows from tables that are mostly empty takes
some milliseconds. Only a superuser may do it without the triggers, which keep the record and the
journal whole; the tests' own cluster has one.
"""

from typing import Any

import psycopg
from django.db import connections
from django.test import TransactionTestCase
from psycopg import sql

from config.embedded import database
from config.embedded.cluster import SUPERUSER

# What `migrate` makes. They name no other tables, so they may stay while all else goes.
MADE_BY_MIGRATE = {"django_content_type", "auth_permission"}
# Not among Django's tables, or beyond the reach of its flush.
RECORD = (
    "documents", "replays", "findings", "statistics", "runs", "leaves", "events", "tiles", "heads",
    "account_keys", "selftest_worlds", "selftest_curves",
)  # fmt: skip
DECLARED = ("arrivals", "declarations")
# A connection that a test left open may hold rows: then an error is better than to wait for ever.
WITHOUT_TRIGGERS = "-c session_replication_role=replica -c lock_timeout=60s"


class Emptier:
    """A superuser's connection to the tests' database, which empties it by one statement."""

    def __init__(self) -> None:
        default = connections["default"]
        self._connection = psycopg.connect(
            database.cluster().dsn(SUPERUSER, default.settings_dict["NAME"]),
            options=WITHOUT_TRIGGERS,
            autocommit=True,
        )
        names = default.introspection.django_table_names(only_existing=True, include_views=False)
        tables = [
            *(sql.Identifier("public", name) for name in sorted({*names} - MADE_BY_MIGRATE)),
            *(sql.Identifier("protected", name) for name in DECLARED),
            *(sql.Identifier("record", name) for name in RECORD),
        ]
        deletes = [sql.SQL("DELETE FROM {}").format(table) for table in tables]
        deletes += [self._newer(name) for name in sorted(MADE_BY_MIGRATE, reverse=True)]
        self._statement = sql.SQL("; ").join(
            [
                *deletes,
                # The ids of the record are places in its log, and begin again with it.
                sql.SQL(
                    "SELECT setval(format('%I.%I', schemaname, sequencename), 1, false)"
                    " FROM pg_sequences WHERE schemaname = 'record'"
                ),
            ]
        )

    def _newer(self, table: str) -> sql.Composed:
        """Delete what a test added to a table that `migrate` filled."""
        name = sql.Identifier("public", table)
        newest = self._connection.execute(sql.SQL("SELECT max(id) FROM {}").format(name))
        return sql.SQL("DELETE FROM {} WHERE id > {}").format(name, newest.fetchone()[0])

    def empty(self) -> None:
        with self._connection.transaction():
            self._connection.execute(self._statement)

    def replace_flush(self, monkeypatch: Any) -> None:
        monkeypatch.setattr(TransactionTestCase, "_fixture_teardown", lambda _: self.empty())

    def close(self) -> None:
        self._connection.close()
