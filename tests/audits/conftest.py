import fcntl
from dataclasses import replace

import pytest

from audits.metrics import leakage
from audits.runs import steps
from config import paths
from personalization.features import artworks
from personalization.serving import models


@pytest.fixture(autouse=True)
def _nothing_in_memory(monkeypatch):
    """Clear what is kept in memory: ids start again with each flushed database."""
    models.forget()
    monkeypatch.setattr(artworks, "_newest", None)


@pytest.fixture(autouse=True)
def _attackers_that_hurry(monkeypatch):
    """Use quick attackers: how well they do is tested with the metrics."""
    hurried = replace(leakage.QUICK, shuffles=199, boosted_shuffles=199, rounds=10, draws=200)
    for effort in ("quick", "full"):
        monkeypatch.setitem(steps.EFFORTS, effort, hurried)


@pytest.fixture
def roles_alone():
    """Let one test at a time change the server's roles or check them: all workers share them."""
    with (paths.DATA / "roles.lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
