"""`manage.py check_wall`: prove the wall against the running database."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audits.protected.proofs import prove
from audits.protected.store import holds_audit_role


class Command(BaseCommand):
    help = "Proves who can reach protected attributes, and how. Exits with 1 if a proof fails."

    def handle(self, *args: Any, **options: Any) -> None:
        if not holds_audit_role():
            raise CommandError("The proofs take all three roles; this process holds fewer.")
        failed = 0
        for proof in prove():
            failed += not proof.holds
            sign = self.style.SUCCESS("holds") if proof.holds else self.style.ERROR("FAILS")
            self.stdout.write(f"{sign}  {proof.words}")
            if not proof.holds:
                self.stdout.write(f"       {proof.found}")
        if failed:
            raise CommandError(f"The wall is broken: {failed} of its proofs fail.")
        self.stdout.write(self.style.SUCCESS("\nThe wall stands."))
