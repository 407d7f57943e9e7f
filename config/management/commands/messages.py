"""`manage.py messages`: bring the catalogues of all languages up to date with the sources."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config import paths
from config.translations import catalogue, extracting

ROOMS = ("audits", "catalog", "config", "personalization", "templates")
STAFF = ("templates/admin", "templates/studio")  # in English alone
FILE = "LC_MESSAGES/django"


class Command(BaseCommand):
    help = (
        "Adds the sources' new messages to each language's django.po, drops what no source uses, "
        "and writes django.mo. Needs no GNU gettext."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="Change nothing; fail if anything would change."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        sources = extracting.messages(paths.BASE, ROOMS, without=STAFF)
        stale = []
        for language in languages():
            po, mo = files(language)
            old = catalogue.read(po) if po.exists() else []
            merged = catalogue.merge(old, sources)
            binary = catalogue.compiled(merged)
            if known(merged) != known(old) or not mo.exists() or mo.read_bytes() != binary:
                stale.append(language)
            missing = sum(not message.is_translated for message in merged[1:])
            self.stdout.write(f"{language}: {len(merged) - 1} messages, {missing} not translated")
            if not options["check"]:
                po.parent.mkdir(parents=True, exist_ok=True)
                catalogue.write(po, merged)
                mo.write_bytes(binary)
        if options["check"] and stale:
            raise CommandError(f"Not up to date: {', '.join(stale)}. Run manage.py messages.")


def known(messages: list[catalogue.Message]) -> set[tuple[str, str, str]]:
    """Return what the messages are, wherever they are used."""
    return {(each.context, each.text, each.plural) for each in messages}


def languages() -> list[str]:
    """Return the languages that have a catalogue: all but the sources' own."""
    return [code for code, _ in settings.LANGUAGES if code != settings.LANGUAGE_CODE]


def files(language: str) -> tuple[Path, Path]:
    """Return a language's PO and MO file."""
    folder = Path(settings.LOCALE_PATHS[0]) / language
    return folder / f"{FILE}.po", folder / f"{FILE}.mo"
