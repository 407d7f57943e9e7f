"""How gunicorn serves Marquee: `gunicorn config.wsgi` reads this file. See docs/operations.md."""

import os
from typing import Any

from config import paths
from config.embedded import database
from config.environment import env, from_one
from config.prepare import prepare
from config.server import metrics

wsgi_app = "config.wsgi"
workers = env.int("WEB_CONCURRENCY", 2, validate=from_one)
# A thread works on a request that is whole, so a few threads serve many slow clients.
worker_class = "config.server.worker.BufferingWorker"
threads = 8  # no more than DATABASE_POOL, or they wait for connections to the database
worker_connections = 512  # open connections of one worker, kept and slow ones included
keepalive = 15  # seconds; a proxy keeps its connections this long too
timeout = 120  # seconds for a worker to start: the first one may have to compile
graceful_timeout = 30

limit_request_line = 4094
limit_request_fields = 64
limit_request_field_size = 8190

# TRUSTED_PROXIES says whose headers are believed, and config/proxies.py reads them.
forwarded_allow_ips = ""
control_socket_disable = True
# Each worker shows that it is alive by touching a file, which should not wait for a disk.
if os.access("/dev/shm", os.W_OK):  # noqa: S108
    worker_tmp_dir = "/dev/shm"  # noqa: S108

# Before the application, and so Prometheus' client, is imported.
prepare(embedded=database.embedded())
metrics.begin(paths.METRICS)


def child_exit(server: Any, worker: Any) -> None:
    metrics.forget_process(worker.pid)


def on_exit(server: Any) -> None:
    metrics.end()
