"""Pages that belong to no app: health and metrics."""

import pytest
from django.contrib.auth.models import Group

from config.roles import grant_roles
from tests.factories import make_account


def test_health_answers_anybody(client, db):
    assert client.get("/healthz").json() == {"status": "ok"}


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
