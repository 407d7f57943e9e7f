"""`manage.py check_wall`: prove the wall against the running database."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from audits.protected.proofs import prove
from audits.protected.store import holds_audit_role
from catalog.counting import counted


class Command(BaseCommand):
    help = "Checks who can reach protected attributes, and how. Exits with 1 if a check fails."

    def handle(self, *args: Any, **options: Any) -> None:
        if not holds_audit_role():
            raise CommandError(
                "The checks need all three database roles; this process does not have them."
            )
        failed, accepted = 0, set[str]()
        for proof in prove():
            failed += not proof.holds
            sign = self.style.SUCCESS("holds") if proof.holds else self.style.ERROR("FAILS")
            self.stdout.write(f"{sign}  {proof.words}")
            if not proof.holds:
                self.stdout.write(f"       {proof.found}")
            for name in proof.accepted:
                self.stdout.write(self.style.WARNING(f"       accepted: {name}"))
            accepted |= set(proof.accepted)
        for name in settings.WALL_ACCEPTED:
            if name not in accepted:
                self.stdout.write(f"WALL_ACCEPTED names what accepts nothing: {name}")
        if failed:
            raise CommandError(f"The wall is broken: {failed} of its checks fail.")
        but = f", but for {counted(len(accepted), 'accepted exception')}" if accepted else ""
        self.stdout.write(self.style.SUCCESS(f"\nThe wall stands{but}."))
