"""How many titles' artworks are chosen a second on one core: 40 titles × 6 artworks a page.

The whole choice: scores, inverse-gap probabilities, keyed draw, pick; page by page, as the
site does, and 64 pages at once, as a simulation does. The floor is the bare matrix product
that a page needs, without which no linear policy does. Rivals answer a part of the same
decisions, one at a time as a page asks them; MABWiser also all of a title's viewers at
once, which no page can. All take turns.
"""

from collections.abc import Mapping

import numpy as np
from threadpoolctl import threadpool_limits

from benchmarks.pages import Pages, made
from benchmarks.results import Report, Result, best_in_turn
from benchmarks.rivals import Contender, installed, linucb, vowpal_wabbit

TITLES, ARTWORKS, PAGES, CATALOGUE = 40, 6, 512, 5000 // 6
SAMPLE = 20  # pages of which rivals are asked: parsed, one takes Vowpal Wabbit 8 MB
TARGET = 1.2e6  # picks a second
AGAINST = {"Vowpal Wabbit": 40.0, "MABWiser LinUCB": 100.0}  # times as fast
PAGEWISE, BULK, RAGGED = "page by page", "64 pages at once", "64 ragged pages at once"
FLOOR, BY_TITLE = "the bare products", "MABWiser LinUCB, all of a title's viewers at once"


def run() -> Report:
    pages = made(PAGES, catalogue=CATALOGUE, titles=TITLES, artworks=ARTWORKS)
    ragged = made(PAGES, catalogue=CATALOGUE, titles=TITLES, artworks=ARTWORKS, ragged=True)
    for each in (pages, ragged):
        check(each)
    with threadpool_limits(1):
        rates = _rates({
            PAGEWISE: Contender(pages.decisions, pages.one_by_one),
            BULK: Contender(pages.decisions, pages.together),
            RAGGED: Contender(ragged.decisions, ragged.together),
            FLOOR: Contender(pages.decisions, pages.multiplied),
            **_rivals(pages),
        })  # fmt: skip
    return Report("choose", [
        *(Result(f"picks, {way}", rates[way], "picks/s", peer=rates[FLOOR], target=TARGET)
          for way in (PAGEWISE, BULK, RAGGED)),
        *(Result(f"picks, {way}, against {rival}", rates[way], "picks/s",
                 peer=rates[rival], times=times)
          for rival, times in AGAINST.items() if rival in rates
          for way in (PAGEWISE, BULK)),
        *(Result(f"picks, {BULK}, against {rival}", rates[BULK], "picks/s", peer=rates[rival])
          for rival in (BY_TITLE,) if rival in rates),
    ])  # fmt: skip


def check(pages: Pages) -> None:
    """Stop unless both ways make the same choices with the same chances, to the bit."""
    one, many = pages.one_by_one(), pages.together()
    paged, bulk = (np.concatenate([each for each, _ in found]) for found in (one, many))
    if not np.array_equal(paged, bulk):
        raise AssertionError("many pages at once have other chances than page by page")
    begins = np.cumsum([0, *(len(rows) for rows in pages.rows[:-1])])
    places = np.concatenate([drawn + begin for (_, drawn), begin in zip(one, begins, strict=True)])
    offsets = np.cumsum([0, *(len(each) for each, _ in many[:-1])])
    together = [drawn + begin for (_, drawn), begin in zip(many, offsets, strict=True)]
    if not np.array_equal(places, np.concatenate(together)):
        raise AssertionError("many pages at once choose otherwise than page by page")


def _rivals(pages: Pages) -> dict[str, Contender]:
    found = {}
    if installed("vowpalwabbit", "Vowpal Wabbit"):
        found["Vowpal Wabbit"] = vowpal_wabbit(pages, sample=SAMPLE)
    if installed("mabwiser", "MABWiser"):
        bandits = linucb(pages)
        found["MABWiser LinUCB"] = bandits.one_by_one(sample=SAMPLE)
        found[BY_TITLE] = bandits.title_by_title()
    return found


def _rates(contenders: Mapping[str, Contender]) -> dict[str, float]:
    """Return the decisions a second of each."""
    seconds = best_in_turn({name: each.work for name, each in contenders.items()})
    return {name: each.decisions / seconds[name] for name, each in contenders.items()}
