"""Settings, read strictly from the environment: a wrong value stops the start and names itself.

Secrets may come from files: NAME_FILE is read where NAME is not set.
docs/settings.md lists every variable; a test keeps the two equal.
"""

from datetime import timedelta
from urllib.parse import urlsplit

import dj_database_url
from csp.constants import NONCE, NONE, SELF
from environs import validate

from config import logs, paths
from config.embedded import database as embedded_database
from config.embedded.secrets import secret
from config.environment import env, from_one
from config.learning import *  # noqa: F403

BASE_DIR = paths.BASE

# --- What this copy is -------------------------------------------------------

DEBUG = env.bool("DEBUG", False)
SITE_NAME = env.str("SITE_NAME", "Marquee")
# Which process this is. It decides who holds the audit role's secret in the
# embedded database; with DATABASE_URL set, holding AUDIT_DATABASE_URL decides.
PROCESS = env.str(
    "MARQUEE_PROCESS",
    "operator",
    validate=validate.OneOf(["web", "worker", "audit", "operator"]),
)
EMBEDDED = embedded_database.embedded()


def _own_secret(name: str, file: str) -> str:
    """Read a secret; only the embedded database's copy, alone on its machine, makes its own."""
    return env.str(name, "") or secret(file) if EMBEDDED else env.str(name)


SECRET_KEY = _own_secret("SECRET_KEY", "django")
# Keys the draws of artwork. Changing it changes every picture, so it is apart from SECRET_KEY.
DRAW_KEY = _own_secret("DRAW_KEY", "draw")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])
# Plain http only where a person runs the demo on their own machine.
HTTPS = env.bool("HTTPS", not (EMBEDDED or DEBUG))

# --- Applications ------------------------------------------------------------

INSTALLED_APPS = [
    "config.apps.MarqueeAdminConfig",
    "config.apps.ProjectConfig",
    "catalog",
    "personalization",
    "audits",
    "audits.protected",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rest_framework",
    "drf_spectacular",
    "csp",
    "pgtrigger",
    "pghistory",
    "django_structlog",
    "django_prometheus",
    "django_celery_beat",
    "django_celery_results",
]

MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "pghistory.middleware.HistoryMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "catalog.middleware.CurrentViewerMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "catalog.context_processors.site",
            ],
        },
    },
]

# --- Databases ---------------------------------------------------------------
# Three roles, three aliases. `default` serves pages, jobs and training; it has
# no right on the schema of protected attributes. `protected` is the audit
# worker's. `vault` owns that schema and exists only to migrate it.


def _database(url: str, *, pool: bool = False, schema: str = "") -> dict[str, object]:
    parsed: dict[str, object] = dict(dj_database_url.parse(url))
    if parsed["ENGINE"] != "django.db.backends.postgresql":
        raise ValueError("DATABASE_URL must name a PostgreSQL database (postgresql://…).")
    options: dict[str, object] = dict(parsed.get("OPTIONS") or {})  # type: ignore[call-overload]
    if pool:
        options["pool"] = {
            "min_size": 0,
            "max_size": env.int("DATABASE_POOL", 8, validate=from_one),
            "timeout": 10,
        }
    if schema:
        options["options"] = f"-c search_path={schema}"
    return parsed | {"OPTIONS": options, "CONN_HEALTH_CHECKS": True}


def _databases() -> dict[str, dict[str, object]]:
    if EMBEDDED:
        server = embedded_database.cluster()
        urls = {"default": server.url("marquee")}
        if PROCESS in {"audit", "operator"}:
            urls["protected"] = server.url("marquee_audit")
        if PROCESS == "operator":
            urls["vault"] = server.url("marquee_vault")
    else:
        urls = {
            "default": env.str("DATABASE_URL"),
            "protected": env.str("AUDIT_DATABASE_URL", ""),
            "vault": env.str("VAULT_DATABASE_URL", ""),
        }
    return {
        alias: _database(
            url, pool=alias == "default", schema="" if alias == "default" else "protected"
        )
        for alias, url in urls.items()
        if url
    }


DATABASES = _databases()
DATABASE_ROUTERS = ["audits.routers.WallRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": env.str("CACHE_URL"),
    }
    if env.str("CACHE_URL", "")
    else {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
    }
}

# Who changed what is asked only of requests that may change something.
PGHISTORY_MIDDLEWARE_METHODS = ("POST", "PUT", "PATCH", "DELETE")

# --- Accounts ----------------------------------------------------------------

AUTH_USER_MODEL = "catalog.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = env.str("EMAIL_VERIFICATION", "optional" if EMBEDDED else "mandatory")
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
# Browsers allow passkeys over plain http only on this very machine, where the demo runs.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
LOGIN_REDIRECT_URL = "catalog:profiles"
LOGIN_URL = "account_login"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
vars().update(env.dj_email_url("EMAIL_URL", "console:"))
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "marquee@localhost")

# --- Language, time ----------------------------------------------------------

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
FORMAT_MODULE_PATH = ["config.formats"]

# --- Files -------------------------------------------------------------------

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = paths.STATIC
MEDIA_URL = "media/"
MEDIA_ROOT = paths.MEDIA
STORAGES = {
    # Renditions: content-addressed, public.
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(paths.MEDIA / "public"), "base_url": f"/{MEDIA_URL}"},
    },
    # Uploaded originals: never served as they came.
    "originals": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(paths.MEDIA / "originals"), "base_url": None},
    },
    "staticfiles": {"BACKEND": "config.staticfiles.ModuleManifestStorage"},
}
# Sealed days, statistics, models: a folder (file://…) or an S3 bucket (s3://…).
STORAGE_URL = env.str("STORAGE_URL", paths.STORAGE.as_uri())
# Where a machine keeps its copies of files that lie in a bucket.
STORAGE_CACHE = env.str("STORAGE_CACHE", str(paths.DATA / "cache"))
MAX_UPLOAD_BYTES = env.int("MAX_UPLOAD_BYTES", 20 * 1024 * 1024, validate=from_one)
MAX_UPLOAD_PIXELS = env.int("MAX_UPLOAD_PIXELS", 50_000_000, validate=from_one)

# --- Jobs --------------------------------------------------------------------

CELERY_BROKER_URL = env.str("BROKER_URL", "filesystem://")
if urlsplit(CELERY_BROKER_URL).scheme == "filesystem":
    for _folder in ("queue", "processed", "control"):
        (paths.BROKER / _folder).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        # The same folder both ways: every process here is both producer and consumer.
        "data_folder_in": str(paths.BROKER / "queue"),
        "data_folder_out": str(paths.BROKER / "queue"),
        "processed_folder": str(paths.BROKER / "processed"),
        "control_folder": str(paths.BROKER / "control"),
        "store_processed": False,
    }
CELERY_RESULT_BACKEND = "django-db"
CELERY_RESULT_EXTENDED = True
CELERY_TASK_TRACK_STARTED = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_TASK_DEFAULT_QUEUE = "marquee"
# What reads protected attributes runs only where the audit role's secret is.
CELERY_TASK_ROUTES = {"audits.*": {"queue": "audit"}}

# --- API ---------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.CursorPagination",
    "PAGE_SIZE": 24,
    "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.ScopedRateThrottle"],
    "DEFAULT_THROTTLE_RATES": {
        "beacon": "240/min",
        "plays": "600/min",
        "search": "120/min",
        "catalogue": "600/min",
    },
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Marquee API",
    "DESCRIPTION": "The catalogue, the current profile's home with its chosen artwork, "
    "what was seen, and what was watched.",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    # Two fields called "kind": the rows of home have kinds too.
    "ENUM_NAME_OVERRIDES": {
        "TitleKindEnum": "catalog.models.Title.Kind",
        "RowKindEnum": "catalog.api.serializers.ROW_KINDS",
    },
}

# --- Security ----------------------------------------------------------------

SECURE_SSL_REDIRECT = HTTPS
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds()) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
if env.bool("BEHIND_PROXY", False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SAMESITE = "Lax"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}

# --- Logs --------------------------------------------------------------------

LOGGING = logs.configure(
    level=env.str("LOG_LEVEL", "INFO"), as_json=env.bool("LOG_JSON", not EMBEDDED)
)
# A scraper shows this as its bearer token; without one, only operators see /metrics.
METRICS_TOKEN = env.str("METRICS_TOKEN", "")
