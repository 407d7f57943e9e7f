"""One worker at a time, by a lock that dies with its holder.

A session-level advisory lock on a connection of its own: PostgreSQL drops it
the moment the holder's process ends, however it ends, so nothing has to expire
or be cleaned up. It needs a connection to the server itself or a session-level
pool; a pool that shares connections between transactions would lose it.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.db import connection

LOCK = 0x4D_52_51_02  # "MRQ", 2: the night


class NightBusy(Exception):
    """Another worker is at it."""


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
    # A machine that loses power sends no goodbye: find that out within a minute.
    own.execute("SET tcp_keepalives_idle = 20")
    own.execute("SET tcp_keepalives_interval = 10")
    own.execute("SET tcp_keepalives_count = 3")
    return own
