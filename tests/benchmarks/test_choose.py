"""The ways of choosing that are timed make the same choices, and rivals answer all decisions."""

import numpy as np
import pytest

from benchmarks import choose, pages, rivals
from personalization.serving import bulk


def few(**options):
    return pages.made(5, catalogue=12, titles=4, artworks=6, **options)


@pytest.mark.parametrize("ragged", [False, True])
def test_both_ways_choose_with_the_same_bits(ragged):
    asked = pages.made(70, catalogue=50, titles=8, artworks=6, ragged=ragged)
    assert asked.decisions == 560
    assert [len(drawn) for _, drawn in asked.one_by_one()] == [8] * 70
    choose.check(asked)


@pytest.mark.parametrize(("part", "named"), [(0, "other chances"), (1, "choose otherwise")])
def test_a_difference_of_one_bit_stops_the_benchmark(monkeypatch, part, named):
    asked = few()
    together = asked.together()
    together[0][part][0] = np.nextafter(together[0][0][0], 1.0) if part == 0 else -1
    monkeypatch.setattr(pages.Pages, "together", lambda self: together)
    with pytest.raises(AssertionError, match=named):
        choose.check(asked)


def test_ragged_pages_differ_in_length():
    assert len({len(rows) for rows in few(ragged=True).rows}) > 1
    assert {len(rows) for rows in few().rows} == {24}


def test_a_batch_has_the_size_of_a_simulation_s():
    assert pages.TOGETHER == bulk.TOGETHER


def test_targets_are_shares_of_the_roof_and_rivals_are_only_reported():
    names = [choose.PAGEWISE, choose.BULK, choose.ROOF]
    names += [f"{choose.RAGGED}, {way}" for way in (choose.PAGEWISE, choose.BULK)]
    alone = choose.rows(dict.fromkeys(names, 1e6))
    assert [each.target for each in alone if each.target] == [0.07e6, 0.13e6]
    slow = choose.rows(dict.fromkeys(names, 1e5) | {choose.ROOF: 1e6})
    assert [each.met for each in slow] == [True, False, None, None]
    rates = {choose.VOWPAL: 1e5, choose.CROSSED: 1e4, choose.LINUCB: 1e3, choose.BY_TITLE: 1e5}
    among = choose.rows(dict.fromkeys(names, 1e6) | rates)
    assert [each.ratio for each in among[len(alone) :]] == [10, 10, 100, 100, 1000, 1000, 10]
    assert {each.target for each in among[len(alone) :]} == {None}


def test_a_rival_that_is_not_installed_is_left_out_in_words(capsys):
    assert not rivals.installed("no_such_package", "Nobody")
    assert capsys.readouterr().err == "Nobody left out: pip install -r requirements-bench.txt\n"


def test_vowpal_wabbit_is_asked_for_every_decision_with_what_we_know():
    asked = few()
    names = [f"|a {row}" for row in range(len(asked.model.artwork_ids))]
    decisions = rivals.lines_of(asked, 1, names)
    assert len(decisions) == 4
    shared, *artworks = decisions[2]
    assert shared.count(":") == 1 + asked.vectors.shape[1]
    row, match = asked.rows[1][12], asked.match[1][12]
    assert artworks[0] == f"|a {row} |m {row}:{match:.4f}"
    assert len(artworks) == 6


@pytest.mark.parametrize("crossings", [rivals.OWN, rivals.CROSSED])
def test_vowpal_wabbit_answers(crossings):
    pytest.importorskip("vowpalwabbit")
    answers = rivals.vowpal_wabbit(few(), crossings, sample=2)()
    assert len(answers) == 2 * 4
    for each in answers:
        assert len(each) == 6
        assert sum(each) == pytest.approx(1.0, abs=1e-5)


def test_linucb_answers_alike_one_by_one_and_by_title():
    pytest.importorskip("mabwiser")
    asked = few()
    bandits = rivals.LinUCB(asked)
    alone = bandits.one_by_one(sample=5)()
    by_title = [arm for arms in bandits.by_title()() for arm in np.atleast_1d(arms)]
    order = np.argsort(asked.titles.reshape(-1), kind="stable")
    assert [alone[at] for at in order] == by_title
