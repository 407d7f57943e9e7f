"""Keeps each table on its side of the wall."""

from typing import Any

VAULT = "vault"
WALLED = "protected"  # the app label of the tables behind the wall


class WallRouter:
    """The walled app migrates on `vault` alone, and nothing else migrates there."""

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        if db in {VAULT, "protected"} or app_label == WALLED:
            return db == VAULT and app_label == WALLED
        return None
