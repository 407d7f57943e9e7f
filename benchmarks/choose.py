"""How many titles' artworks one core chooses a second, with 40 titles × 6 artworks a page.

Seconds are processor seconds, so that other programs on the machine do not count.

Timed is the whole choice: scores, inverse-gap probabilities, keyed draw, pick. It is made page by
page, as the site does it, and for many pages at once, as a simulation does it, with the same bits.

The roof is the bare matrix product of a page, which every linear policy needs. The targets are
shares of it. Rivals answer some of the same decisions one at a time, as a page requests them, and
are reported; MABWiser also answers all viewers of a title at once, which no page can use. All
take turns.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import process_time

import numpy as np
from threadpoolctl import threadpool_limits

from benchmarks import rivals
from benchmarks.pages import TOGETHER, Pages, made
from benchmarks.results import BenchmarkReport, Figure, best_in_turn

TITLES, ARTWORKS, PAGES, CATALOGUE = 40, 6, 8 * TOGETHER, 5000 // 6
SAMPLE = 20  # pages that rivals answer; Vowpal Wabbit's examples take 8 MB for each
REPEATS = 30
PAGEWISE, BULK = "page by page", f"{TOGETHER} pages at once"
RAGGED, ROOF = "ragged pages", "bare matrix product"
SHARES = {PAGEWISE: 0.07, BULK: 0.13}  # of the roof's picks a second
VOWPAL, CROSSED = "Vowpal Wabbit", "Vowpal Wabbit, crossed as in the arena"
LINUCB, BY_TITLE = "LinUCB", "LinUCB on all of a title's viewers"
RIVALS = (VOWPAL, CROSSED, LINUCB)


@dataclass(frozen=True)
class Contender:
    """A work, and how many decisions it makes."""

    decisions: int
    work: Callable[[], object]


def run() -> BenchmarkReport:
    with threadpool_limits(1):
        contenders = dict(_contenders())
        seconds = best_in_turn(
            {name: each.work for name, each in contenders.items()},
            repeats=REPEATS,
            clock=process_time,
        )
    return BenchmarkReport(
        "choose", rows({name: each.decisions / seconds[name] for name, each in contenders.items()})
    )


def _contenders() -> Iterator[tuple[str, Contender]]:
    pages = made(PAGES, catalogue=CATALOGUE, titles=TITLES, artworks=ARTWORKS)
    ragged = made(PAGES, catalogue=CATALOGUE, titles=TITLES, artworks=ARTWORKS, ragged=True)
    for each in (pages, ragged):
        check(each)
    yield PAGEWISE, Contender(pages.decisions, pages.one_by_one)
    yield BULK, Contender(pages.decisions, pages.together)
    yield ROOF, Contender(pages.decisions, pages.multiplied)
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

    def figure(way: str, peer: str, words: str = "", share: float | None = None) -> Figure:
        return Figure(way + words, rates[way], "picks/s", peer=rates[peer], of_peer=share)

    found = [figure(way, ROOF, f", of a {ROOF}", share) for way, share in SHARES.items()]
    found += [figure(f"{RAGGED}, {way}", way) for way in SHARES]
    for rival in RIVALS:
        if rival in rates:
            found += [figure(way, rival, f", against {rival}") for way in SHARES]
    if BY_TITLE in rates:
        found.append(figure(BULK, BY_TITLE, f", against {BY_TITLE}"))
    return found


def check(pages: Pages) -> None:
    """Raise AssertionError unless both ways make the same choices with the same chances."""
    one, many = pages.one_by_one(), pages.together()
    paged, bulk = (np.concatenate([chances for chances, _ in way]) for way in (one, many))
    if not np.array_equal(paged, bulk):
        raise AssertionError("many pages at once have other chances than page by page")
    begins = np.cumsum([0, *(len(rows) for rows in pages.rows[:-1])])
    places = np.concatenate([drawn + begin for (_, drawn), begin in zip(one, begins, strict=True)])
    offsets = np.cumsum([0, *(len(each) for each, _ in many[:-1])])
    together = [drawn + begin for (_, drawn), begin in zip(many, offsets, strict=True)]
    if not np.array_equal(places, np.concatenate(together)):
        raise AssertionError("many pages at once choose otherwise than page by page")
