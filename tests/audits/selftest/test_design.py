from collections import Counter

from audits.selftest import design


def worlds(count):
    return [design.world(number, seed=5) for number in range(count)]


def test_half_of_the_worlds_have_nothing_planted():
    assert sum(one.planted == design.NOTHING for one in worlds(100)) == 50


def test_every_difference_meets_every_size_equally_often():
    cells = 2 * len(design.DIFFERENCES) * len(design.SIZES)
    met = Counter((one.planted, one.viewers, one.share) for one in worlds(cells))
    assert set(met) == {(planted, *size) for planted in design.ALL for size in design.SIZES}
    assert {count for (planted, *_), count in met.items() if planted != design.NOTHING} == {1}


def test_no_two_worlds_share_a_seed():
    assert len({one.seed for one in worlds(50)}) == 50
    assert design.world(3, seed=5).seed != design.world(3, seed=6).seed
