"""Commands that need the tables behind the wall too."""

from audits.routers import VAULT
from catalog.management.prepared import PreparedCommand


class WalledCommand(PreparedCommand):
    """A command that also needs the protected and the recorded tables.

    `manage.py migrate` alone does not make them: it notes their migrations as applied, and the
    router makes no table. `manage.py setup` does.
    """

    databases: tuple[str, ...] = ("default", VAULT)
