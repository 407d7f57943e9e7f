import pytest
from django.contrib.auth.models import Permission

from tests.factories import make_account


@pytest.fixture
def editor(db):
    account = make_account()
    account.user_permissions.set(
        Permission.objects.filter(codename__in=["add_artwork", "change_artwork", "view_artwork"])
    )
    return account


@pytest.fixture
def studio(client, editor):
    client.force_login(editor)
    return client
