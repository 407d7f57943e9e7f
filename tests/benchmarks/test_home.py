"""The benchmark of home, on a small catalogue."""

import pytest
from django.conf import settings as configured

from benchmarks import home


@pytest.mark.django_db
def test_it_measures_pages_of_what_it_filled(settings, monkeypatch):
    monkeypatch.setattr(home, "ROUNDS", 1)
    monkeypatch.setattr(home, "PAGES_OF", 2)
    monkeypatch.setattr(home, "settle", lambda: None)  # not within a transaction
    monkeypatch.setattr("django.core.management.call_command", lambda *_, **__: None)
    settings.ALLOWED_HOSTS = [*configured.ALLOWED_HOSTS, "localhost"]
    found = home.measure(40, 400, 20)
    assert {len(seconds) for seconds in found["seconds"].values()} == {2}
    assert found["queries"] > 0
    assert all(found["parts"].values())


def test_it_holds_home_to_both_floors_and_to_its_queries(monkeypatch):
    seconds = {home.PERSONAL: [0.1] * 9, home.STANDARD: [0.09] * 9, home.TEMPLATE: [0.04] * 9}
    found = {
        "seconds": seconds,
        "processor": seconds,
        "queries": 13,
        "parts": {"rendering": [0.04]},
    }
    monkeypatch.setattr(home, "measured", lambda *_: found)
    results = home.run().results
    assert [figure.met for figure in results[:2]] == [True, False]
    [queries] = [figure for figure in results if figure.name.endswith("events: queries")][:1]
    assert queries.met is False
