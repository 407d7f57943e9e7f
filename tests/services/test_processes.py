"""On a PostgreSQL server, a process passes the wall only with the secret that it was given."""

import pytest

from tests.audits.management.test_prepare_database import ADMIN, assert_the_wall_stands, manage

pytestmark = pytest.mark.services
READ = """
from django.db import DatabaseError, connections
assert set(connections.databases) == {"default"}
with connections["default"].cursor() as cursor:
    try:
        cursor.execute("SELECT 1 FROM protected.declarations")
    except DatabaseError as refused:
        assert "permission denied" in str(refused), refused
    else:
        raise SystemExit("The web process read protected attributes.")
"""


def test_a_web_process_cannot_read_after_setup_ran_twice(place, tmp_path):
    commands = [("prepare_database", "--admin-url", ADMIN), ("setup", "-v0"), ("setup", "-v0")]
    for command in commands:
        done = manage(place, tmp_path, *command)
        assert done.returncode == 0, done.stdout + done.stderr
    assert_the_wall_stands(place, tmp_path)
    web = {"DATABASE_URL": place["DATABASE_URL"]}
    tried = manage(web, tmp_path, "shell", "-c", READ)
    assert tried.returncode == 0, tried.stdout + tried.stderr
