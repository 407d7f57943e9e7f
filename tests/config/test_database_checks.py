"""The checks of what search needs of PostgreSQL, against the embedded one."""

import psycopg
import pytest
from django.core.checks import Tags, run_checks
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connection

from config import database_checks


def of_search():
    messages = run_checks(tags=[Tags.database], databases=["default"])
    return [message for message in messages if message.id.startswith("marquee.")]


def test_the_embedded_database_can_search(db):
    assert of_search() == []


def test_an_extension_that_the_owner_may_make_is_left_to_setup(db, monkeypatch):
    monkeypatch.setattr(database_checks, "EXTENSION", "citext")  # trusted, and not made here
    assert of_search() == []


@pytest.mark.parametrize(
    ("extension", "id", "way_out"),
    [
        ("no_such_extension", "marquee.E010", "postgresql-contrib"),
        ("file_fdw", "marquee.E011", "CREATE EXTENSION file_fdw"),  # not trusted
    ],
)
def test_setup_says_which_extension_is_missing_and_what_to_do(
    db, monkeypatch, extension, id, way_out
):
    monkeypatch.setattr(database_checks, "EXTENSION", extension)
    (message,) = of_search()
    assert message.id == id
    assert extension in message.msg
    assert way_out in message.hint
    with pytest.raises(SystemCheckError, match=way_out):
        call_command("setup", verbosity=0)


@pytest.mark.parametrize(
    ("options", "id"),
    [("LOCALE 'C'", "marquee.W013"), ("LOCALE 'C' ENCODING 'LATIN1'", "marquee.E012")],
)
def test_it_says_what_a_database_of_another_locale_or_encoding_costs(db, options, id):
    settings = connection.get_connection_params()
    settings = {
        name: settings[name] for name in ("host", "port", "user", "password") if name in settings
    }
    with psycopg.connect(**settings, dbname="postgres", autocommit=True) as server:
        server.execute("DROP DATABASE IF EXISTS of_another_locale")
        server.execute(f"CREATE DATABASE of_another_locale TEMPLATE template0 {options}")
        try:
            with psycopg.connect(**settings, dbname="of_another_locale") as other:
                if "LATIN1" not in options:
                    other.execute("CREATE EXTENSION pg_trgm")
                (message,) = database_checks.needs_of_search(other.cursor())
        finally:
            server.execute("DROP DATABASE of_another_locale")
    assert message.id == id
