"""Keeps each table on its side of the wall."""

from typing import Any

VAULT = "vault"
AUDIT = "protected"  # the alias of the audit worker's role
WALLED = {"protected", "record"}  # the app labels of the tables that the vault's role owns


class WallRouter:
    """Let the walled apps migrate on `vault` only, and nothing else there."""

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        if db in {VAULT, AUDIT} or app_label in WALLED:
            return db == VAULT and app_label in WALLED
        return None
