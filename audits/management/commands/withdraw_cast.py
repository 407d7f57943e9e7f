"""`manage.py withdraw_cast PERSON`: delete what a credited person declared."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from audits.actions import UnknownPerson, withdraw_cast
from audits.management.walled import WalledCommand
from audits.protected.attributes import ATTRIBUTES


class Command(WalledCommand):
    help = (
        "Deletes what a credited person declared about themselves: one attribute, or everything. "
        "It does not say whether there was anything. Earlier audit runs keep their aggregates."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "person",
            help="a slug, or a public id; the person need not be in the catalogue any more",
        )
        parser.add_argument(
            "--attribute", choices=sorted(ATTRIBUTES), help="delete only this attribute"
        )

    def handle(self, *args: Any, person: str, attribute: str | None = None, **options: Any) -> None:
        try:
            name = withdraw_cast(person, attribute)
        except UnknownPerson as problem:
            raise CommandError(f"{problem}. Nothing was deleted.") from problem
        what = f"any declared {attribute.replace('_', ' ')}" if attribute else "any declarations"
        self.stdout.write(f"Deleted {what} of {name}.")
