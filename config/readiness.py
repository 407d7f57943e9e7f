"""Whether this copy is ready for visitors: its database, its tables, its broker, its model.

`/healthz` says that a process can serve, and `/readyz` that what it needs is there.
"""

import os
import threading
import time
from collections.abc import Callable
from functools import cache

from celery import Celery
from django.conf import settings
from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from config import paths
from config.celery import app
from personalization.models import ModelVersion
from personalization.serving.models import UNUSABLE, opened

BROKER_SECONDS = 3.0  # after which a broker counts as unreachable
KEPT_SECONDS = 5.0  # anybody may ask, so an answer serves everybody for as long


class Readiness:
    """Looks at what this copy needs, and keeps the result for a moment."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._problems: list[str] = []
        self._looked_at = -KEPT_SECONDS

    def problems(self) -> list[str]:
        """Return what is wrong, in words for operators; nothing if this copy is ready."""
        with self._lock:
            if time.monotonic() - self._looked_at >= KEPT_SECONDS:
                self._problems = look()
                self._looked_at = time.monotonic()
            return self._problems


def look() -> list[str]:
    """Look at everything and return what is wrong, each problem as a sentence."""
    problem = _database()
    rest = [_broker()] if problem else [_tables(), _broker(), _model()]
    return [words for words in (problem, *rest) if words]


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error as error:
        return f"The database does not answer: {error}"
    return ""


def _tables() -> str:
    waiting = _migrations() - set(MigrationRecorder(connection).applied_migrations())
    if not waiting:
        return ""
    first = ".".join(min(waiting))
    return (
        f"{len(waiting)} migrations are not applied, the first is {first}: run `manage.py setup`."
    )


@cache
def _migrations() -> frozenset[tuple[str, str]]:
    """Return the newest migration of each app; the code does not change while a process runs."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    return frozenset(loader.graph.leaf_nodes())


def _broker() -> str:
    if settings.CELERY_BROKER_URL == "filesystem://":
        queue = paths.BROKER / "queue"
        return "" if os.access(queue, os.W_OK) else f"The broker's folder {queue} is not there."
    return _within(BROKER_SECONDS, lambda: _connect(app))


def _connect(celery: Celery) -> str:
    with celery.connection_for_write(connect_timeout=BROKER_SECONDS) as broker:
        try:
            broker.ensure_connection(max_retries=1, interval_start=0, timeout=BROKER_SECONDS)
            broker.default_channel.close()  # Redis connects only here
        except Exception as error:  # each transport raises its own
            return f"The broker {broker.as_uri()} cannot be reached: {error}"
    return ""


def _within(seconds: float, check: Callable[[], str]) -> str:
    """Return what the check returns, or that it took too long; it may hang and harms nobody."""
    results: list[str] = []
    thread = threading.Thread(target=lambda: results.append(check()), daemon=True)
    thread.start()
    thread.join(seconds)
    return results[0] if results else f"The broker does not answer within {seconds:.0f} seconds."


def _model() -> str:
    """Say why the serving model's file cannot be opened. Without a model, defaults are shown."""
    version = ModelVersion.objects.serving()
    if version is None:
        return ""
    try:
        opened(version)
    except (*UNUSABLE, OSError) as error:
        return f"Model {version.pk} serves and cannot be used: {error}"
    return ""
