"""The applications, the chain of middleware, and the templates."""

from config.settings.site import BASE_DIR

INSTALLED_APPS = [
    "config.apps.MarqueeAdminConfig",
    "config.apps.ProjectConfig",
    "catalog",
    "personalization",
    "audits",
    "audits.protected",
    "audits.record",
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
    "allauth.usersessions",
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
    "config.frames.RoomForFramesMiddleware",  # first: all others are called in its room
    "config.proxies.ForwardedMiddleware",  # first: the others read the client's address
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.compression.CompressTextMiddleware",  # after the static files, compressed already
    "catalog.middleware.NoStoreMiddleware",
    "config.languages.BrowserMiddleware",  # before whatever may answer with a page
    "csp.middleware.CSPMiddleware",
    "catalog.middleware.WellFormedMiddleware",
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
    "config.languages.ProfileMiddleware",
    "catalog.middleware.ParentalMiddleware",
    "catalog.middleware.SeenMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]
# Only requests that may change something are asked who changed what.
PGHISTORY_MIDDLEWARE_METHODS = ("POST", "PUT", "PATCH", "DELETE")

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
                "django.template.context_processors.i18n",
                "csp.context_processors.nonce",
                "catalog.context_processors.site",
                "config.demo.tour.context",
            ],
        },
    },
]
