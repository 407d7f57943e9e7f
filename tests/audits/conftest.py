from dataclasses import replace

import pytest

from audits.metrics import leakage
from audits.runs import steps
from personalization.features import artworks
from personalization.serving import models


@pytest.fixture(autouse=True)
def _nothing_in_memory(monkeypatch):
    """Ids and revisions begin anew with each flushed database; what is kept in memory must too."""
    models.forget()
    monkeypatch.setattr(artworks, "_newest", None)


@pytest.fixture(autouse=True)
def _attackers_that_hurry(monkeypatch):
    """How well attackers do is tested with the metrics; here they only have to attack."""
    hurried = replace(leakage.QUICK, shuffles=99, boosted_shuffles=19, rounds=10, draws=200)
    monkeypatch.setitem(steps.EFFORTS, "quick", hurried)
