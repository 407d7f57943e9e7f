import pytest
import schemathesis
from django.conf import settings
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.urls import reverse
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.factories import make_artwork, make_credit, make_title, make_watch_event

APP = get_wsgi_application()
TOKEN = "a" * 32
CHECKS = [
    not_a_server_error,
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
]


def test_the_schema_has_no_warning(tmp_path):
    call_command(
        "spectacular", "--validate", "--fail-on-warn", "--file", str(tmp_path / "schema.yml")
    )


@pytest.fixture
def _connections_stay_open():
    """As Django's own test client has it: the test's transaction outlives its requests."""
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    yield
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)


@pytest.fixture
def cookies(api, viewer):
    title = make_title(slug="known")
    make_credit(title)
    make_artwork(title)
    make_watch_event(viewer, title)
    session = api.cookies[settings.SESSION_COOKIE_NAME].value
    return {settings.SESSION_COOKIE_NAME: session, settings.CSRF_COOKIE_NAME: TOKEN}


@pytest.mark.usefixtures("_connections_stay_open")
def test_it_answers_anything_as_its_schema_says(cookies):
    """Made-up requests of a signed-in session: no server error, no answer undescribed."""
    schema = schemathesis.openapi.from_wsgi("/api/v1/schema/?format=json", APP)
    tried = [try_anything(found.ok(), cookies) for found in schema.get_all_operations()]
    assert len(tried) >= 10


def try_anything(operation, cookies):
    @hypothesis_settings(
        max_examples=15,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def check(case):
        case.cookies = cookies
        sent = {"X-CSRFToken": TOKEN, "Accept-Encoding": "identity"}  # it reads no compressed body
        case.headers = {**(case.headers or {}), **sent}
        case.validate_response(case.call(), checks=CHECKS)

    check()


class TestDocs:
    def test_it_shows_every_operation_without_anything_from_elsewhere(self, client, db):
        page = client.get(reverse("docs"))
        text = page.content.decode()
        for path in ("/api/v1/titles/", "/api/v1/home/", "/api/v1/history/{play_id}/"):
            assert path in text
        assert "style=" not in text
        assert "https://" not in text.split("<main", 1)[1]
        assert "unsafe" not in page["Content-Security-Policy"]
