"""Pages that belong to no app: health, readiness and metrics."""

import socket
import time

import pytest
from celery import Celery
from django.contrib.auth.models import Group
from django.db import OperationalError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from config import views
from config.readiness import Readiness
from config.roles import grant_roles
from personalization.models import ModelVersion
from tests.factories import make_account
from tests.personalization.factories import make_model


def test_health_answers_anybody(client, db):
    assert client.get("/healthz").json() == {"status": "ok"}


@pytest.mark.parametrize("page", ["/healthz", "/readyz"])
def test_probes_are_answered_over_plain_http_too(client, db, settings, page):
    settings.SECURE_SSL_REDIRECT = True
    assert client.get(page).status_code == 200
    assert client.get("/account/login/").status_code == 301


def test_health_says_that_the_database_does_not_answer(client, monkeypatch):
    monkeypatch.setattr("config.views.connection", Broken())
    response = client.get("/healthz")
    assert response.status_code == 503
    assert "no-store" in response.headers["Cache-Control"]


class Broken:
    """A connection that cannot be made."""

    def cursor(self):
        raise OperationalError("connection refused: password=secret")


@pytest.fixture
def ready(client, settings, monkeypatch):
    """Look at this copy's readiness anew; return the status and what an operator reads."""
    settings.METRICS_TOKEN = "s3cret"

    def look(bearer=True):
        monkeypatch.setattr(views, "readiness", Readiness())
        headers = {"Authorization": "Bearer s3cret"} if bearer else {}
        response = client.get("/readyz", headers=headers)
        return response.status_code, response.json()

    return look


def test_a_copy_that_has_all_it_needs_is_ready(ready, db):
    assert ready() == (200, {"status": "ready", "problems": []})


def test_anybody_reads_the_status_alone(ready, db, monkeypatch):
    assert ready(bearer=False) == (200, {"status": "ready"})
    monkeypatch.setattr("config.readiness.connection", Broken())
    assert ready(bearer=False) == (503, {"status": "not ready"})


def test_a_database_that_does_not_answer_is_named(ready, monkeypatch):
    monkeypatch.setattr("config.readiness.connection", Broken())
    status, answer = ready()
    assert status == 503
    assert "The database does not answer" in answer["problems"][0]


def test_a_migration_that_is_missing_is_named(ready, db):
    newest = MigrationLoader(connection).graph.leaf_nodes("personalization")[0]
    MigrationRecorder(connection).record_unapplied(*newest)
    status, answer = ready()
    assert status == 503
    assert "personalization.0" in answer["problems"][0]
    assert "manage.py setup" in answer["problems"][0]


@pytest.mark.parametrize("scheme", ["redis", "amqp"])
@pytest.mark.parametrize("listens", [True, False], ids=["black hole", "refuses"])
def test_a_broker_that_does_not_answer_is_named_in_time(
    ready, db, settings, monkeypatch, scheme, listens
):
    with socket.socket() as hole:
        hole.bind(("127.0.0.1", 0))
        if listens:
            hole.listen()
        url = f"{scheme}://user:secret@127.0.0.1:{hole.getsockname()[1]}"
        settings.CELERY_BROKER_URL = url
        monkeypatch.setattr("config.readiness.app", Celery(broker=url))
        monkeypatch.setattr("config.readiness.BROKER_SECONDS", 0.5)
        began = time.monotonic()
        status, answer = ready()
    assert status == 503
    assert "broker" in answer["problems"][0]
    assert "secret" not in answer["problems"][0]
    assert time.monotonic() - began < 10


def test_a_serving_model_whose_file_is_no_model_is_named(ready, db):
    make_model(state=ModelVersion.State.SERVING)
    assert ready()[0] == 503


def test_a_serving_model_whose_file_is_gone_is_named(ready, db):
    assert ready()[0] == 200
    make_model(state=ModelVersion.State.SERVING, path="models/ab/none.bin")
    status, answer = ready()
    assert status == 503
    assert "cannot be used" in answer["problems"][0]


def test_what_anybody_may_ask_is_looked_at_once_in_a_while(client, db, monkeypatch):
    looks = []
    monkeypatch.setattr("config.readiness.look", lambda: looks.append(1) or [])
    monkeypatch.setattr(views, "readiness", Readiness())
    for _ in range(5):
        client.get("/readyz")
    assert len(looks) == 1


def test_metrics_refuse_anybody_and_every_other_group(client, db):
    assert client.get("/metrics").status_code == 403
    grant_roles()
    account = make_account()
    account.groups.add(Group.objects.get(name="Editors"))
    client.force_login(account)
    assert client.get("/metrics").status_code == 403


def test_metrics_answer_an_operator(client, db):
    grant_roles()
    account = make_account()
    account.groups.add(Group.objects.get(name="Operators"))
    client.force_login(account)
    assert b"django_http_requests" in client.get("/metrics").content


@pytest.mark.parametrize(
    ("token", "given", "status"),
    [("s3cret", "s3cret", 200), ("s3cret", "wrong", 403), ("", "", 403)],
)
def test_metrics_answer_the_bearer_of_the_token(client, db, settings, token, given, status):
    settings.METRICS_TOKEN = token
    response = client.get("/metrics", headers={"Authorization": f"Bearer {given}"})
    assert response.status_code == status
