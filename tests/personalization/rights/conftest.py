import pytest

from catalog.middleware import SESSION_KEY
from tests.personalization.serving.worlds import make_catalogue, make_model, make_watcher


@pytest.fixture
def as_viewer(client):
    """Return a function that signs the client in as a viewer's account and chooses the viewer."""

    def sign_in(viewer, browser=client):
        browser.force_login(viewer.account)
        session = browser.session
        session[SESSION_KEY] = viewer.pk
        session.save()
        return browser

    return sign_in


@pytest.fixture
def world(db):
    """Titles with four pictures each, somebody who watched them, and a model that serves."""
    titles = make_catalogue(titles=3)
    make_model()
    return titles, make_watcher(*titles)
