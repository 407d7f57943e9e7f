import pytest

from catalog.choosing import chooser
from catalog.middleware import SESSION_KEY
from tests.factories import make_viewer


@pytest.fixture(autouse=True)
def _the_editors_artwork(settings):
    """The catalogue's own chooser: what personalization chooses is tested there."""
    settings.ARTWORK_CHOOSER = "tests.catalog.api.choosing.Tokens"
    chooser.cache_clear()
    yield
    chooser.cache_clear()


@pytest.fixture
def viewer(db):
    return make_viewer()


def as_viewer(client, viewer):
    client.force_login(viewer.account)
    session = client.session
    session[SESSION_KEY] = viewer.pk
    session.save()
    return client


@pytest.fixture
def api(client, viewer):
    return as_viewer(client, viewer)
