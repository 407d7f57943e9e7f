"""Each attack on the wall is named by `check_wall`, and repaired where the project can repair it.

An attack is made by the role that could make it: the web role, the vault's (a leaked secret), or a
superuser of the server.
"""

from contextlib import closing
from dataclasses import replace

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections

from audits.protected import proofs, repair, store, wall
from config.embedded import database as embedded
from personalization import inspection
from tests.audits.protected.attacks import ATTACKS
from tests.audits.worlds import ALL

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=ALL),
    pytest.mark.usefixtures("roles_alone"),
]


def test_it_stands(capsys):
    call_command("check_wall")
    said = capsys.readouterr().out
    assert "The wall stands." in said and "FAILS" not in said


@pytest.mark.parametrize("name", ATTACKS)
def test_each_attack_is_named_and_repaired_where_it_is_ours(name):
    store.read("viewer", "gender", purpose="a reading to lose")
    attack = ATTACKS[name]
    act(attack.by, attack.does)
    try:
        assert any(attack.named in found for found in broken()), broken()
        mend()
        if attack.undo and not attack.harmless:
            assert broken(), "setup must not hide what it does not undo"
    finally:
        if attack.undo:
            act(attack.by, attack.undo)
        mend()
    assert broken() == []


def act(by, statements):
    """Run statements as somebody; only a superuser needs a connection of its own."""
    database = connection.settings_dict["NAME"]
    statements = statements.format(database=database)
    if by != "superuser":
        with connections[by].cursor() as cursor:
            cursor.execute(statements)
        return
    dsn = embedded.cluster().dsn("postgres", database)
    with closing(psycopg.connect(dsn, autocommit=True)) as superuser:
        for statement in statements.split(";;"):  # some cannot run in a transaction with others
            superuser.execute(statement)


def broken():
    return [proof.found for proof in proofs.prove() if not proof.holds]


def mend():
    wall.take_back_create()
    repair.repair(web=wall.role("default"), audit=wall.role("protected"))


def test_the_command_fails_and_a_whole_setup_repairs(capsys):
    act("vault", "GRANT SELECT ON declarations TO marquee")
    with pytest.raises(CommandError, match="The wall is broken"):
        call_command("check_wall")
    assert "FAILS" in capsys.readouterr().out
    call_command("prepare_wall", verbosity=0)
    call_command("check_wall")


@pytest.fixture
def hosted():
    """A server whose host has a superuser."""
    act("superuser", "CREATE ROLE wall_test_host SUPERUSER")
    yield "wall_test_host is a superuser"
    act("superuser", "DROP ROLE wall_test_host")


# No class: its tests would run beside the others, and a role is the whole server's.
def test_what_is_accepted_is_printed_each_time(hosted, settings, capsys):
    with pytest.raises(CommandError, match="The wall is broken"):
        call_command("check_wall")
    settings.WALL_ACCEPTED = [hosted]
    call_command("check_wall")
    said = capsys.readouterr().out
    assert f"accepted: {hosted}" in said
    assert "The wall stands, but for 1 accepted" in said


def test_what_is_not_named_to_the_word_still_fails(hosted, settings):
    settings.WALL_ACCEPTED = [hosted.upper(), "wall_test_host", f"{hosted} too"]
    assert any(hosted in found for found in broken())


def test_another_difference_beside_it_still_fails(hosted, settings):
    settings.WALL_ACCEPTED = [hosted]
    act("superuser", "CREATE ROLE wall_test_second SUPERUSER")
    try:
        assert broken() == ["found wall_test_second is a superuser"]
    finally:
        act("superuser", "DROP ROLE wall_test_second")


@pytest.mark.parametrize(
    ("by", "does", "undo"),
    [
        ("superuser", "ALTER ROLE marquee CREATEROLE", "ALTER ROLE marquee NOCREATEROLE"),
        ("superuser", "GRANT pg_monitor TO marquee", "REVOKE pg_monitor FROM marquee"),
        ("vault", "GRANT SELECT ON declarations TO PUBLIC",
         "REVOKE SELECT ON declarations FROM PUBLIC"),
    ],
)  # fmt: skip
def test_nothing_of_the_three_roles_or_the_schema_is_accepted(settings, by, does, undo):
    act(by, does)
    try:
        named = broken()
        parts = [part.removeprefix("found ") for found in named for part in found.split("; ")]
        settings.WALL_ACCEPTED = parts
        assert named and broken() == named
    finally:
        act(by, undo)


def test_an_exception_that_accepts_nothing_is_named(settings, capsys):
    settings.WALL_ACCEPTED = ["nobody is a superuser"]
    call_command("check_wall")
    said = capsys.readouterr().out
    assert "accepts nothing: nobody is a superuser" in said and "The wall stands." in said


def test_it_notices_a_foreign_key_through_the_wall():
    act("vault", "GRANT REFERENCES, SELECT ON declarations TO marquee")
    act("default", "CREATE TABLE through (id bigint REFERENCES protected.declarations)")
    try:
        assert any("through" in found for found in broken())
    finally:
        act("default", "DROP TABLE through")
        mend()
    assert broken() == []


def test_it_notices_a_protected_attribute_in_the_manifest(monkeypatch):
    manifest = inspection.feature_manifest()
    wider = replace(manifest, context=(*manifest.context, "gender"))
    monkeypatch.setattr(proofs, "feature_manifest", lambda: wider)
    assert broken() == ["it lists ['gender']"]


def test_it_notices_that_statements_are_logged_now():
    """A setting of the running server, not kept for anybody."""
    act("superuser", "ALTER SYSTEM SET log_min_duration_statement = '1h';; SELECT pg_reload_conf()")
    try:
        for alias in ("default", "protected", "vault"):
            connections[alias].close()
        assert any("log_min_duration_statement=" in found for found in broken())
    finally:
        act("superuser", "ALTER SYSTEM RESET log_min_duration_statement;; SELECT pg_reload_conf()")
        for alias in ("default", "protected", "vault"):
            connections[alias].close()
