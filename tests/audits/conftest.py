import pytest

from personalization.features import artworks
from personalization.serving import models


@pytest.fixture(autouse=True)
def _nothing_in_memory(monkeypatch):
    """Ids and revisions begin anew with each flushed database; what is kept in memory must too."""
    models.forget()
    monkeypatch.setattr(artworks, "_newest", None)
