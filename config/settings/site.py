"""What this copy is: its name, its process, its keys, and where people reach it."""

from pathlib import Path

from config import paths
from config.embedded import database as embedded_database
from config.embedded.secrets import kept
from config.environment import (
    checked,
    each,
    env,
    evidence_key,
    given,
    host,
    key,
    one_of,
    optional,
    origin,
    postgresql_url,
    proxy,
    words,
    wrong,
)

BASE_DIR: Path = paths.BASE

DEBUG = env.bool("DEBUG", False)
SITE_NAME = env.str("SITE_NAME", "Marquee", validate=words)
# The process's role. It decides who holds the audit role's secret in the embedded database;
# with DATABASE_URL set, holding AUDIT_DATABASE_URL decides.
PROCESS = env.str(
    "MARQUEE_PROCESS", "operator", validate=one_of(["web", "worker", "audit", "operator"])
)
EMBEDDED = embedded_database.embedded()
if not EMBEDDED:  # before the other variables that a database of one's own requires
    checked("DATABASE_URL", env.str("DATABASE_URL"), postgresql_url)


def _key(name: str, file: str) -> str:
    """Read a secret. Only the embedded copy, alone on its machine, has one of its own."""
    if EMBEDDED and not given(name):
        return kept(file)
    return env.str(name, validate=key)


SECRET_KEY = _key("SECRET_KEY", "django")
# Keys the draws of artwork. Changing it changes every picture, so it is not SECRET_KEY.
DRAW_KEY = _key("DRAW_KEY", "draw")
# Encrypts the secrets of second factors, which lie in the database; see config/encryption.py.
# Only processes in which people sign in take it, and the one that sets up.
SECOND_FACTOR_KEY = ""
if PROCESS in {"web", "operator"}:
    SECOND_FACTOR_KEY = _key("SECOND_FACTOR_KEY", "second-factor")
# Signs audit documents. Only the process that measures takes it.
EVIDENCE_KEY = env.str("EVIDENCE_KEY", "", validate=optional(evidence_key))
if EMBEDDED and not EVIDENCE_KEY and PROCESS in {"audit", "operator"}:
    EVIDENCE_KEY = kept("evidence", default="")

# Plain http only where a person runs the demo on their own machine.
HTTPS = env.bool("HTTPS", not (EMBEDDED or DEBUG))
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
if not ALLOWED_HOSTS:
    raise wrong("ALLOWED_HOSTS", "Must name at least one host.")
if "*" in ALLOWED_HOSTS and not EMBEDDED:
    # The links in mails are built from the request's host.
    raise wrong(
        "ALLOWED_HOSTS",
        "Must name the hosts: with “*”, anybody could send a mail whose links lead to their host.",
    )
each("ALLOWED_HOSTS", [name for name in ALLOWED_HOSTS if name != "*"], host)
CSRF_TRUSTED_ORIGINS: list[str] = each(
    "CSRF_TRUSTED_ORIGINS", env.list("CSRF_TRUSTED_ORIGINS", []), origin
)
# Lets visitors of the demo sign in by one click: only from this machine. See config/demo/tour.py.
DEMO_TOUR = env.bool("DEMO_TOUR", False)
# Proxies whose X-Forwarded-For and X-Forwarded-Proto are believed; see config/proxies.py.
TRUSTED_PROXIES: list[str] = each("TRUSTED_PROXIES", env.list("TRUSTED_PROXIES", []), proxy)
