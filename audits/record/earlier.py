"""The move of rows from before the record: the web role owned their tables, in `public`."""

from django.db import connections
from psycopg import sql

from audits.routers import VAULT

EARLIER = ("audits_finding", "audits_statistic", "audits_auditrun")


def open_to_vault() -> None:
    """Let the vault's role read the tables from before, which its first migration copies."""
    reader = sql.Identifier(str(connections[VAULT].settings_dict["USER"]))
    with connections["default"].cursor() as cursor:
        for table in _left(cursor):
            statement = sql.SQL("GRANT SELECT ON public.{} TO {}")
            cursor.execute(statement.format(sql.Identifier(table), reader))


def drop() -> None:
    """Remove the tables from before. The vault's migrations have copied them."""
    with connections["default"].cursor() as cursor:
        for table in _left(cursor):
            cursor.execute(sql.SQL("DROP TABLE public.{}").format(sql.Identifier(table)))


def _left(cursor: object) -> list[str]:
    """Return which of the tables are still there, in the order in which they can be dropped."""
    cursor.execute(  # type: ignore[attr-defined]
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        " AND relkind = 'r' AND relname = ANY(%s)",
        [list(EARLIER)],
    )
    names = {name for (name,) in cursor.fetchall()}  # type: ignore[attr-defined]
    return [table for table in EARLIER if table in names]
