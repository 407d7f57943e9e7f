"""A process of its own that appends leaves and kills itself before it commits.

python -m tests.audits.record.killed DATABASE
"""

import os
import signal
import sys


def main(database):
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    from django.conf import settings

    for alias in settings.DATABASES.values():
        alias["NAME"] = database
    import django

    django.setup()
    from audits.record import ledger

    append = ledger.append

    def killed(*arguments):
        append(*arguments)
        os.kill(os.getpid(), signal.SIGKILL)

    ledger.append = killed
    ledger.append_all()


if __name__ == "__main__":
    main(*sys.argv[1:])
