"""Somebody signed in with a profile, and the catalogue's own chooser."""

import pytest

from catalog.choosing import chooser
from tests.factories import make_viewer


@pytest.fixture(autouse=True)
def _default_chooser(settings):
    settings.ARTWORK_CHOOSER = "catalog.choosing.DefaultChooser"
    chooser.cache_clear()
    yield
    chooser.cache_clear()


@pytest.fixture
def viewer(db):
    return make_viewer(name="Robin")


@pytest.fixture
def child(viewer):
    return make_viewer(account=viewer.account, name="Kit", is_child=True)


@pytest.fixture
def as_viewer(client):
    """Sign a client in as a viewer: `as_viewer(viewer).get(…)`."""

    def sign_in(viewer):
        client.force_login(viewer.account)
        session = client.session
        session["viewer"] = viewer.pk
        session.save()
        return client

    return sign_in
