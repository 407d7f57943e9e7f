"""`manage.py check_wall`: prove the wall against the running database."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audits.protected.proofs import prove
from audits.protected.store import holds_audit_role


class Command(BaseCommand):
    help = "Checks who can reach protected attributes, and how. Exits with 1 if a check fails."

    def handle(self, *args: Any, **options: Any) -> None:
        if not holds_audit_role():
            raise CommandError(
                "The checks need all three database roles; this process does not have them."
            )
        failed = 0
        for proof in prove():
            failed += not proof.holds
            sign = self.style.SUCCESS("holds") if proof.holds else self.style.ERROR("FAILS")
            self.stdout.write(f"{sign}  {proof.words}")
            if not proof.holds:
                self.stdout.write(f"       {proof.found}")
        if failed:
            raise CommandError(f"The wall is broken: {failed} of its checks fail.")
        self.stdout.write(self.style.SUCCESS("\nThe wall stands."))
