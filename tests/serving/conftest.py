import pytest

from personalization.features import artworks
from personalization.serving import models


@pytest.fixture(autouse=True)
def _nothing_in_memory(monkeypatch):
    """Revisions and files begin anew with each test; so must what is kept of them."""
    monkeypatch.setattr(artworks, "_newest", None)
    models.forget()
    yield
    models.forget()
