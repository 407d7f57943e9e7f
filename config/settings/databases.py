"""The database under three roles, and the cache.

`default` serves pages, jobs and training; it has no right on the schema of protected
attributes. `protected` is the audit worker's. `vault` owns that schema and exists only to
migrate it.
"""

import dj_database_url

from config.embedded import database as embedded_database
from config.environment import checked, env, from_one, optional, postgresql_url, url, wrong
from config.settings.site import EMBEDDED, PROCESS

DATABASE_POOL = env.int("DATABASE_POOL", 8, validate=from_one)
VARIABLES = {
    "default": "DATABASE_URL",
    "protected": "AUDIT_DATABASE_URL",
    "vault": "VAULT_DATABASE_URL",
}


def _urls() -> dict[str, str]:
    """Return the URL of each alias that this process may use."""
    if not EMBEDDED:
        others = {alias: env.str(VARIABLES[alias], "") for alias in ("protected", "vault")}
        return {"default": env.str("DATABASE_URL")} | {
            alias: address for alias, address in others.items() if address
        }
    server = embedded_database.cluster()
    urls = {"default": server.url("marquee")}
    if PROCESS in {"audit", "operator"}:
        urls["protected"] = server.url("marquee_audit")
    if PROCESS == "operator":
        urls["vault"] = server.url("marquee_vault")
    return urls


def _database(alias: str, address: str) -> dict[str, object]:
    """Return Django's settings of one alias.

    Raises:
        EnvError: names the variable if its URL is not a PostgreSQL database's.
    """
    name = VARIABLES[alias]
    checked(name, address, postgresql_url)
    try:
        parsed: dict[str, object] = dict(dj_database_url.parse(address))
    except (ValueError, KeyError) as error:
        raise wrong(name, f"Is no URL of a database: {error}.") from error
    if not parsed["NAME"] or not parsed["USER"]:
        raise wrong(name, "Must name a user and a database: postgresql://user:password@host/name.")
    options: dict[str, object] = dict(parsed.get("OPTIONS") or {})  # type: ignore[call-overload]
    if alias == "default":
        options["pool"] = {"min_size": 0, "max_size": DATABASE_POOL, "timeout": 10}
    else:
        options["options"] = "-c search_path=protected"
    return parsed | {"OPTIONS": options, "CONN_HEALTH_CHECKS": True}


DATABASES = {alias: _database(alias, address) for alias, address in _urls().items()}
DATABASE_ROUTERS = ["audits.routers.WallRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

_cache = env.str("CACHE_URL", "", validate=optional(url("redis", "rediss")))
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": _cache}
    if _cache
    else {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"},
    # Of one server process, for what costs nothing if it is forgotten.
    "process": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    },
}
