"""`manage.py withdraw_cast PERSON`: forget what a credited person declared."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from audits.actions import UnknownPerson, withdraw_cast
from audits.protected.attributes import ATTRIBUTES
from catalog.management.prepared import PreparedCommand


class Command(PreparedCommand):
    help = (
        "Deletes what a credited person has declared of themselves: one attribute, or everything. "
        "Says nothing of what was there. Audit runs of before keep the aggregates that they hold."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "person",
            help="slug, or public id: that also of somebody who is not in the catalogue any more",
        )
        parser.add_argument("--attribute", choices=sorted(ATTRIBUTES), help="this one alone")

    def handle(self, *args: Any, person: str, attribute: str | None = None, **options: Any) -> None:
        try:
            name = withdraw_cast(person, attribute)
        except UnknownPerson as problem:
            raise CommandError(f"{problem}. Nothing was withdrawn.") from problem
        what = attribute.replace("_", " ") if attribute else "Everything"
        self.stdout.write(
            f"{what.capitalize()} that {name} may have declared is gone from the walled store."
        )
