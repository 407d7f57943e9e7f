"""The benchmark of search, on a small catalogue."""

import pytest

from benchmarks import search
from catalog.models import Credit, Title


@pytest.mark.django_db
def test_it_searches_what_it_filled():
    result = search.measure(50, 20)
    assert Title.objects.count() == 50
    assert Credit.objects.count() == 200
    assert all(seconds > 0 for seconds in result["seconds"].values())
    assert set(result["bytes"]) == {"person_pieces", "person_slips", "title_pieces", "title_slips"}


def test_it_reports_a_time_for_each_text_and_a_size_for_each_index(monkeypatch):
    found = {"seconds": {"a word": 60.0}, "bytes": {"title_pieces": 2**20}}
    monkeypatch.setattr(search, "measured", lambda *_: found)
    slow, size = search.run().results
    assert (slow.met, slow.name) == (False, "search by a word")
    assert (size.value, size.unit, size.met) == (1.0, "MiB", None)
