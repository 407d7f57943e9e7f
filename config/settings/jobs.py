"""Celery: the broker, the results, the queues."""

from config import paths
from config.environment import checked, env, url
from config.settings.languages import TIME_ZONE

CELERY_BROKER_URL = env.str("BROKER_URL", "filesystem://")
SERVERS = url("redis", "rediss", "amqp", "amqps")
if CELERY_BROKER_URL == "filesystem://":
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        # The same folder both ways: every process here is both producer and consumer.
        "data_folder_in": str(paths.BROKER / "queue"),
        "data_folder_out": str(paths.BROKER / "queue"),
        "processed_folder": str(paths.BROKER / "processed"),
        "control_folder": str(paths.BROKER / "control"),
        "store_processed": False,
    }
else:
    # Several, separated by semicolons, are brokers that stand in for each other.
    for _broker in CELERY_BROKER_URL.split(";"):
        checked("BROKER_URL", _broker, SERVERS)
    CELERY_BROKER_TRANSPORT_OPTIONS = {}
CELERY_RESULT_BACKEND = "django-db"
CELERY_RESULT_EXTENDED = True
CELERY_TASK_TRACK_STARTED = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULER = "config.beat:Schedule"
CELERY_TASK_DEFAULT_QUEUE = "marquee"
# Tasks that read protected attributes run only where the audit role's secret is.
CELERY_TASK_ROUTES = {"audits.*": {"queue": "audit"}}
