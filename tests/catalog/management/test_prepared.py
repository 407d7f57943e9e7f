"""Every command that needs tables says in words that they are not there."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

COMMANDS = {
    "audit": ["--model", "serving"],
    "declare_cast": ["cast.csv"],
    "demo_catalogue": [],
    "evidence": ["status"],
    "draw_pictures": [],
    "import_movielens": ["folder"],
    "make_avif": [],
    "nightly": [],
    "replay": ["1"],
    "rollback": ["--reason", "words"],
    "selftest_audit": [],
    "simulate": [],
    "withdraw_cast": ["somebody"],
}


@pytest.mark.django_db(databases=["default", "vault"])
@pytest.mark.parametrize("command", COMMANDS)
def test_without_its_tables_a_command_says_what_to_do(command):
    newest = MigrationLoader(connection).graph.leaf_nodes("personalization")[0]
    MigrationRecorder(connection).record_unapplied(*newest)
    with pytest.raises(CommandError, match=r"not ready\. .*personalization\.0.*manage\.py setup"):
        call_command(command, *COMMANDS[command])


@pytest.mark.django_db(databases=["default", "vault"])
@pytest.mark.parametrize(
    "command", ["audit", "declare_cast", "evidence", "selftest_audit", "withdraw_cast"]
)
def test_without_the_walled_tables_an_audit_command_says_what_to_do(command):
    newest = MigrationLoader(connections["vault"]).graph.leaf_nodes("record")[0]
    MigrationRecorder(connections["vault"]).record_unapplied(*newest)
    with pytest.raises(CommandError, match=r"not ready\. .*record\.0.*manage\.py setup"):
        call_command(command, *COMMANDS[command])
