"""Logs, and who may read the metrics."""

from config import logs
from config.environment import env, one_of, token
from config.settings.site import EMBEDDED

LOGGING = logs.configure(
    level=env.str(
        "LOG_LEVEL", "INFO", validate=one_of(["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"])
    ),
    as_json=env.bool("LOG_JSON", not EMBEDDED),
)
# A scraper shows this as its bearer token; without one, only operators see /metrics.
METRICS_TOKEN = env.str("METRICS_TOKEN", "", validate=token)
# The address in the log is REMOTE_ADDR, which config/proxies.py established, and no header.
IPWARE_META_PRECEDENCE_ORDER = ("REMOTE_ADDR",)
# Log lines name pages, so with the account they would say what a person watched.
DJANGO_STRUCTLOG_USER_ID_FIELD = None
