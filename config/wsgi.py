"""The WSGI application, which gunicorn serves; see gunicorn.conf.py."""

import os

from django.core.wsgi import get_wsgi_application

from config.checks import require_seams
from config.embedded import database
from config.prepare import prepare
from personalization.bandit.warming import warm

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
prepare(embedded=database.embedded())
database.hold()
application = get_wsgi_application()
require_seams()
warm()
