"""How many titles' artworks are chosen a second on one core: 40 titles × 6 artworks a page.

The whole choice: scores, inverse-gap probabilities, keyed draw, pick; page by page, as the
site does, and many pages at once, as a simulation does, to the same bits. The floor is the bare
matrix product that a page needs, without which no linear policy does. Rivals answer a part
of the same decisions, one at a time, as a page asks for them; MABWiser also all of a title's
viewers at once, which no page can. All take turns on the machine.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from threadpoolctl import threadpool_limits

from benchmarks import rivals
from benchmarks.pages import TOGETHER, Pages, made
from benchmarks.results import Figure, Report, best_in_turn

TITLES, ARTWORKS, PAGES, CATALOGUE = 40, 6, 8 * TOGETHER, 5000 // 6
SAMPLE = 20  # pages of which rivals are asked; Vowpal Wabbit's examples take 8 MB for each
REPEATS = 30
TARGET = 1.2e6  # picks a second
PAGEWISE, BULK = "page by page", f"{TOGETHER} pages at once"
RAGGED, FLOOR = "ragged pages", "bare matrix product"
VOWPAL, CROSSED = "Vowpal Wabbit", "Vowpal Wabbit, crossed as in the arena"
LINUCB, BY_TITLE = "LinUCB", "LinUCB on all of a title's viewers"
TIMES = {VOWPAL: 40.0, CROSSED: 40.0, LINUCB: 100.0}  # as fast as these


@dataclass(frozen=True)
class Contender:
    """What makes so many decisions."""

    decisions: int
    work: Callable[[], object]


def run() -> Report:
    with threadpool_limits(1):
        contenders = dict(_contenders())
        seconds = best_in_turn(
            {name: each.work for name, each in contenders.items()}, repeats=REPEATS
        )
    return Report(
        "choose", rows({name: each.decisions / seconds[name] for name, each in contenders.items()})
    )


def _contenders() -> Iterator[tuple[str, Contender]]:
    pages = made(PAGES, catalogue=CATALOGUE, titles=TITLES, artworks=ARTWORKS)
    ragged = made(PAGES, catalogue=CATALOGUE, titles=TITLES, artworks=ARTWORKS, ragged=True)
    for each in (pages, ragged):
        check(each)
    yield PAGEWISE, Contender(pages.decisions, pages.one_by_one)
    yield BULK, Contender(pages.decisions, pages.together)
    yield FLOOR, Contender(pages.decisions, pages.multiplied)
    yield f"{RAGGED}, {PAGEWISE}", Contender(ragged.decisions, ragged.one_by_one)
    yield f"{RAGGED}, {BULK}", Contender(ragged.decisions, ragged.together)
    if rivals.installed("vowpalwabbit", "Vowpal Wabbit"):
        for name, crossings in ((VOWPAL, rivals.OWN), (CROSSED, rivals.CROSSED)):
            predict = rivals.vowpal_wabbit(pages, crossings, sample=SAMPLE)
            yield name, Contender(SAMPLE * TITLES, predict)
    if rivals.installed("mabwiser", "MABWiser"):
        bandits = rivals.LinUCB(pages)
        yield LINUCB, Contender(SAMPLE * TITLES, bandits.one_by_one(sample=SAMPLE))
        yield BY_TITLE, Contender(pages.decisions, bandits.by_title())


def rows(rates: dict[str, float]) -> list[Figure]:
    """Return what was measured; a rival that did not play has no row."""

    def result(way: str, peer: str, words: str = "", **target: float) -> Figure:
        return Figure(way + words, rates[way], "picks/s", peer=rates[peer], **target)

    found = [result(way, FLOOR, target=TARGET) for way in (PAGEWISE, BULK)]
    found += [result(f"{RAGGED}, {way}", way) for way in (PAGEWISE, BULK)]
    for rival, times in TIMES.items():
        if rival in rates:
            words = f", against {rival}"
            found += [result(way, rival, words, times=times) for way in (PAGEWISE, BULK)]
    if BY_TITLE in rates:
        found.append(result(BULK, BY_TITLE, f", against {BY_TITLE}"))
    return found


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
