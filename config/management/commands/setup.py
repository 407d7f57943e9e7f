"""`manage.py setup`: prepare the database, on both sides of the wall."""

from typing import Any

from django.core.checks import Tags
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connections

from audits.tasks import audit_tick, selftest_tick
from config.encryption import encrypt_what_is_readable
from config.roles import grant_roles
from personalization.actions.schedule import Job, make_schedule

AUDITS = Job(
    name="Audit: continue",
    task=audit_tick.name,
    description="Carries out each audit run that waits, or whose worker was killed.",
)
SELFTEST = Job(
    name="Audit: self-test",
    task=selftest_tick.name,
    description="Audits one world of this month's self-test, until all of them are done.",
)


class Command(BaseCommand):
    help = (
        "Migrates all tables and the walled schema, makes the cache table, the staff groups and "
        "the schedule, and encrypts second factors. Safe to run again; run it after every update."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        quiet = {"verbosity": options["verbosity"], "interactive": False}
        # Migrating would fail at the same place, in PostgreSQL's words.
        self.check(tags=[Tags.database], databases=["default"])
        call_command("migrate", **quiet)
        if "vault" in connections.databases:
            call_command("prepare_wall", verbosity=options["verbosity"])
        else:
            self.stderr.write(
                "The walled schema was left alone: this process holds no VAULT_DATABASE_URL."
            )
        call_command("createcachetable", verbosity=0)
        grant_roles()
        encrypt_what_is_readable()
        make_schedule([AUDITS, SELFTEST])
