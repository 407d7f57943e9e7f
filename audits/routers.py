"""Keeps each table on its side of the wall."""

from typing import Any

VAULT = "vault"
WALLED = "protected"  # the app label of the tables behind the wall


class WallRouter:
    """Let the walled app migrate on `vault` only, and nothing else there."""

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        if db in {VAULT, "protected"} or app_label == WALLED:
            return db == VAULT and app_label == WALLED
        return None
