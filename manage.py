#!/usr/bin/env python
"""Django's command line. Starts the embedded database for commands that need it."""

import os
import sys

from environs import EnvError

from config.embedded import database
from config.embedded.binaries import EmbeddedError
from config.prepare import NotPrepared


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line

    try:
        with database.running_for(sys.argv[1:]):
            execute_from_command_line(sys.argv)
    except (EnvError, NotPrepared, EmbeddedError) as error:
        sys.exit(f"Marquee cannot start. {error}")


if __name__ == "__main__":
    main()
