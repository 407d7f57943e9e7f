"""The benchmark times what Marquee serves: both ways choose the same, and it would notice."""

import numpy as np
import pytest

from benchmarks import choose
from benchmarks.pages import Pages, made


@pytest.mark.parametrize("ragged", [False, True])
def test_both_ways_choose_the_same_to_the_bit(ragged):
    pages = made(70, catalogue=50, titles=8, artworks=6, ragged=ragged)
    assert pages.decisions == 560
    assert [len(drawn) for _, drawn in pages.one_by_one()] == [8] * 70
    choose.check(pages)


def test_one_bit_between_the_ways_stops_it(monkeypatch):
    pages = made(3, catalogue=50, titles=8, artworks=6)
    together = pages.together()
    together[0][0][0] = np.nextafter(together[0][0][0], 1.0)
    monkeypatch.setattr(Pages, "together", lambda self: together)
    with pytest.raises(AssertionError, match="other chances"):
        choose.check(pages)
