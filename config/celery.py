"""The Celery application: `celery -A config worker`."""

import os

from celery import Celery
from celery.signals import beat_init, worker_init

from config.embedded.database import embedded
from config.prepare import prepare

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("marquee")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


def _prepare(**_: object) -> None:
    """Make the folders that this process writes to, closed to other users."""
    prepare(embedded=embedded())


worker_init.connect(_prepare)
beat_init.connect(_prepare)
