"""`manage.py prepare_database`: create roles and database on a PostgreSQL server of your own."""

from argparse import ArgumentParser
from typing import Any

import psycopg
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from psycopg import sql

from audits.routers import VAULT

ALIASES = ("default", "protected", VAULT)


class Command(BaseCommand):
    help = (
        "Creates the three roles and the database that DATABASE_URL, AUDIT_DATABASE_URL and "
        "VAULT_DATABASE_URL name, on a PostgreSQL server of your own. Existing ones are left "
        "alone. Run it once, then `manage.py setup`."
    )
    requires_system_checks: list[str] = []  # there is no database to check yet

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--admin-url",
            required=True,
            help="the URL of a role that may create roles and databases; it is not stored",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = _wanted()
        try:
            with psycopg.connect(options["admin_url"], autocommit=True) as connection:
                for role, password in wanted["roles"].items():
                    self._role(connection, role, password)
                self._database(connection, wanted["database"], wanted["owner"])
        except psycopg.Error as problem:
            raise CommandError(f"PostgreSQL refused: {problem}") from problem

    def _role(self, connection: psycopg.Connection[Any], role: str, password: str) -> None:
        found = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
        if found.fetchone():
            self.stdout.write(f"The role {role} exists already and was left alone.")
            return
        connection.execute(
            sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(
                sql.Identifier(role), sql.Literal(password)
            )
        )
        self.stdout.write(f"Created the role {role}.")

    def _database(self, connection: psycopg.Connection[Any], name: str, owner: str) -> None:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if found.fetchone():
            self.stdout.write(f"The database {name} exists already and was left alone.")
            return
        # An administrator that is no superuser must be a member of the role to give it away.
        statement = sql.SQL("CREATE DATABASE {} OWNER {}")
        connection.execute(statement.format(sql.Identifier(name), sql.Identifier(owner)))
        self.stdout.write(f"Created the database {name}.")


def _wanted() -> dict[str, Any]:
    """Return the roles, their passwords and the database from the settings."""
    missing = [alias for alias in ALIASES if alias not in settings.DATABASES]
    if missing:
        raise CommandError(
            "Set DATABASE_URL, AUDIT_DATABASE_URL and VAULT_DATABASE_URL. The roles, their "
            "passwords and the database's name are read from them."
        )
    urls = [settings.DATABASES[alias] for alias in ALIASES]
    roles = {str(url["USER"]): str(url["PASSWORD"]) for url in urls}
    if len(roles) != len(ALIASES):
        raise CommandError("The three URLs must name three different roles.")
    if len({url["NAME"] for url in urls}) != 1:
        raise CommandError("The three URLs must name the same database.")
    return {"roles": roles, "database": str(urls[0]["NAME"]), "owner": str(urls[0]["USER"])}
