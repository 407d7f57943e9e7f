"""`manage.py demo`: build the demo once and serve it until Ctrl-C."""

import argparse
import logging
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.table import Table

from config import paths
from config.checks import is_for_this_machine_alone
from config.demo import steps
from config.demo.supervisor import (
    ProcessDied,
    StopRequested,
    Supervisor,
    port_is_free,
    programs,
    stop_signals,
)

HOST = "127.0.0.1"


class Command(BaseCommand):
    help = "Builds the demo on the first run, then serves it on this machine until Ctrl-C."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument(
            "--build-only", action="store_true", help="Build what is missing, and do not serve."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        console = Console()
        port = options["port"]
        serve = not options["build_only"]
        if serve and not port_is_free(HOST, port):
            raise CommandError(
                f"Port {port} is taken by another program. Name a free one: make demo PORT=8123"
            )
        with stop_signals():
            try:
                self._build(console)
                if serve:
                    self._serve(console, port)
            except StopRequested:
                console.print("Stopped.")
            except ProcessDied as error:
                raise CommandError(str(error)) from error

    def _build(self, console: Console) -> None:
        # The commands print what they do; log lines would disturb their progress bars.
        logging.getLogger().setLevel(logging.WARNING)
        console.print("Preparing the database …")
        call_command("setup", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        steps.build(
            lambda number, of, step: console.print(f"[bold]{number}/{of}[/] {step.words} …")
        )

    def _serve(self, console: Console, port: int) -> None:
        supervisor = Supervisor(
            programs(HOST, port, tour=is_for_this_machine_alone()), say=console.print
        )
        try:
            supervisor.start()
            supervisor.wait_until_answers(HOST, port)
            self._welcome(console, port)
            supervisor.watch()
        finally:
            supervisor.stop()

    def _welcome(self, console: Console, port: int) -> None:
        accounts = Table(box=None, padding=(0, 3, 0, 0), show_header=False)
        for email, words in steps.ACCOUNTS.items():
            accounts.add_row(email, words)
        console.print(f"\n[bold]Marquee is open: http://localhost:{port}/[/]\n")
        console.print(accounts)
        console.print(f"\nEvery password is [bold]{steps.PASSWORD}[/].", highlight=False)
        console.print(
            f"The data are synthetic. They are in {paths.DATA}, with the logs.\n"
            "Ctrl-C stops everything.",
            highlight=False,
        )
