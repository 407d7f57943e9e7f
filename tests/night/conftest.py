import pytest
from django.contrib.auth.models import Group

from config.roles import grant_roles
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
