"""Lets one worker at a time run the night, by a lock that ends with its process.

It is a session-level advisory lock on its own connection. PostgreSQL releases it when the holder's
process ends, however it ends, so nothing has to expire or be cleaned up. It needs a direct
connection to the server or a session-level pool. A pool that shares connections between
transactions would lose it.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.db import connection

LOCK = 0x4D_52_51_02  # "MRQ", 2: the night


class NightBusy(Exception):
    """Another worker holds the night's lock."""


@contextmanager
def held() -> Iterator[None]:
    """Hold the night for the length of the block. Raises NightBusy if another worker does."""
    with _connect() as own:
        taken = own.execute("SELECT pg_try_advisory_lock(%s)", [LOCK]).fetchone()
        if taken is None or not taken[0]:
            raise NightBusy("Another worker is running the night; its progress is in the admin.")
        yield


def _connect() -> psycopg.Connection[tuple[bool]]:
    parameters = connection.get_connection_params()
    for name in ("pool", "cursor_factory", "context", "server_side_binding"):
        parameters.pop(name, None)
    own: psycopg.Connection[tuple[bool]] = psycopg.connect(**parameters, autocommit=True)
    # A machine that loses power closes no connection. Keepalives notice it within a minute.
    own.execute("SET tcp_keepalives_idle = 20")
    own.execute("SET tcp_keepalives_interval = 10")
    own.execute("SET tcp_keepalives_count = 3")
    return own
