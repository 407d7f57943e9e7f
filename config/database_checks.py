"""System checks: what search needs of PostgreSQL must be there.

`manage.py setup` runs them, and so does `manage.py check --database default`.
"""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import connections

EXTENSION = "pg_trgm"


@register(Tags.database)
def the_database_can_search(
    app_configs: Any, databases: Sequence[str] | None = None, **options: Any
) -> list[CheckMessage]:
    """marquee.E010 to E012, W013: what search needs of PostgreSQL is missing."""
    if "default" not in (databases or ()):
        return []
    with connections["default"].cursor() as cursor:
        return needs_of_search(cursor)


def needs_of_search(cursor: Any) -> list[CheckMessage]:
    """Return what the database of this cursor (Django's or psycopg's) lacks for search."""
    cursor.execute(
        """
        SELECT current_database(), current_user, current_setting('server_encoding'),
            EXISTS (SELECT FROM pg_extension WHERE extname = %(name)s),
            EXISTS (SELECT FROM pg_available_extensions WHERE name = %(name)s),
            EXISTS (
                SELECT FROM pg_available_extension_versions
                WHERE name = %(name)s AND trusted
                    AND has_database_privilege(current_database(), 'CREATE')
            ) OR (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
        """,
        {"name": EXTENSION},
    )
    database, role, encoding, made, available, may_make = cursor.fetchone()
    if encoding != "UTF8":
        return [
            Error(
                f"The database {database} stores text as {encoding}; Marquee needs UTF8.",
                hint="Make the database with ENCODING 'UTF8' and TEMPLATE template0.",
                id="marquee.E012",
            )
        ]
    if not available:
        return [
            Error(
                f"The PostgreSQL server does not have the extension {EXTENSION}; search needs it.",
                hint="Install the package postgresql-contrib of the server's version on the "
                "server's machine, then run `manage.py setup`.",
                id="marquee.E010",
            )
        ]
    if not made and not may_make:
        return [
            Error(
                f"The database {database} lacks the extension {EXTENSION}, which search needs, and "
                f"the role {role} may not make it.",
                hint=f"Let an administrator run `CREATE EXTENSION {EXTENSION}` in {database}, "
                "then run `manage.py setup`.",
                id="marquee.E011",
            )
        ]
    return _letters_beyond_ascii(cursor, database) if made else []


def _letters_beyond_ascii(cursor: Any, database: str) -> list[CheckMessage]:
    # pg_trgm asks the database's locale what a letter is.
    cursor.execute("SELECT show_trgm('\u0448\u0448\u0448') = '{}'")
    if not cursor.fetchone()[0]:
        return []
    return [
        Warning(
            f"The locale of the database {database} knows no letters beyond ASCII. Search finds "
            "names in other scripts, but reads every name to find them.",
            hint="Make the database with a UTF-8 locale, such as LOCALE 'C.UTF-8'.",
            id="marquee.W013",
        )
    ]
