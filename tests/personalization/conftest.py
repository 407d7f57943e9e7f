import pytest
from django.contrib.auth.models import Group

from config.roles import grant_roles
from personalization.features import artworks
from personalization.serving import models
from tests.factories import make_account


@pytest.fixture
def signed_in(client):
    """Return a client signed in as staff of the named group ("" for a viewer's account)."""
    grant_roles()

    def sign_in(group):
        account = make_account(is_staff=bool(group))
        if group:
            account.groups.add(Group.objects.get(name=group))
        client.force_login(account)
        return client

    return sign_in


@pytest.fixture(autouse=True)
def _nothing_in_memory(monkeypatch):
    """Each test has new revisions and files, so caches of them are cleared."""
    monkeypatch.setattr(artworks, "_newest", None)
    models.forget()
    yield
    models.forget()
