"""The wall on a PostgreSQL server of your own, from nothing: roles, database, setup, proofs."""

import os
import secrets
import subprocess
import sys
from contextlib import contextmanager
from types import SimpleNamespace

import psycopg
import pytest
from django.core.management import CommandError, call_command
from psycopg import sql

from config import paths

ROOT = paths.BASE
ADMIN = os.environ.get("TEST_ADMIN_URL", "postgresql://postgres@127.0.0.1:5432/postgres")
# What a copy with a database of its own must be given besides.
KEYS = {
    "SECRET_KEY": secrets.token_urlsafe(48),
    "DRAW_KEY": secrets.token_urlsafe(48),
    "SECOND_FACTOR_KEY": secrets.token_urlsafe(48),
    "EMAIL_URL": "console:",
}


@pytest.fixture
def place():
    with a_place() as urls:
        yield urls


@contextmanager
def a_place():
    """Yield the settings of roles and a database with unused names, and remove both afterwards."""
    mark = f"marquee_test_{secrets.token_hex(4)}"
    roles = {
        "DATABASE_URL": f"{mark}_web",
        "AUDIT_DATABASE_URL": f"{mark}_audit",
        "VAULT_DATABASE_URL": f"{mark}_vault",
    }
    yield {
        name: f"postgresql://{role}:{secrets.token_hex(8)}@127.0.0.1:5432/{mark}"
        for name, role in roles.items()
    }
    with psycopg.connect(ADMIN, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(mark)))
        for role in roles.values():
            connection.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(role)))


def manage(place, data, *command):
    environment = os.environ | place | {
        **KEYS, "MARQUEE_DATA": str(data), "HTTPS": "false",
        "MARQUEE_PROCESS": "operator",
    }  # fmt: skip
    return subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=ROOT, env=environment, capture_output=True, text=True,
    )  # fmt: skip


@pytest.mark.services
def test_it_builds_a_wall_that_stands(place, tmp_path):
    for _ in range(2):  # safe to run again
        made = manage(place, tmp_path, "prepare_database", "--admin-url", ADMIN)
        assert made.returncode == 0, made.stderr
    assert "left alone" in made.stdout
    ready = manage(place, tmp_path, "setup", "-v0")
    assert ready.returncode == 0, ready.stderr
    assert_the_wall_stands(place, tmp_path)


def assert_the_wall_stands(place, tmp_path):
    proved = manage(place, tmp_path, "check_wall")
    failed = [
        line.split("FAILS")[1].strip() for line in proved.stdout.splitlines() if "FAILS" in line
    ]
    # A server may have superusers of its own: then that is all that is named.
    expected = ["There is no superuser but the one that the server was made with."]
    assert failed == (expected if other_superusers() else []), proved.stdout + proved.stderr
    assert (proved.returncode == 0) is ("The wall stands." in proved.stdout) is (not failed)


def other_superusers():
    """Return the server's superusers besides the one that it was made with."""
    with psycopg.connect(ADMIN) as connection:
        return connection.execute(
            "SELECT rolname FROM pg_roles WHERE rolsuper AND oid <> 10"
        ).fetchall()


def test_it_says_that_the_server_refused():
    with pytest.raises(CommandError, match="PostgreSQL refused"):
        call_command("prepare_database", admin_url="postgresql://nobody@127.0.0.1:1/none")


@pytest.mark.parametrize(
    ("aliases", "words"),
    [(["default", "protected", "vault"], "three different roles"), (["default"], "AUDIT_DATABASE")],
)
def test_it_needs_three_roles(monkeypatch, aliases, words):
    one = {"USER": "marquee", "PASSWORD": "x", "NAME": "marquee"}
    settings = SimpleNamespace(DATABASES=dict.fromkeys(aliases, one))
    monkeypatch.setattr("audits.management.commands.prepare_database.settings", settings)
    with pytest.raises(CommandError, match=words):
        call_command("prepare_database", admin_url="postgresql://nobody@127.0.0.1:1/none")
