"""Intervals against a known truth, on fewer worlds than the benchmark's."""

import numpy as np
import pytest

from benchmarks import coverage
from benchmarks.sticky import draw_sample, draw_world

WORLDS = 50


@pytest.fixture(scope="module")
def found():
    names = {}
    for seed in range(WORLDS):
        for each in coverage.world(seed):
            names.setdefault(each.name, []).append(each.covers)
    return {name: sum(covers) for name, covers in names.items()}


@pytest.mark.parametrize("name", coverage.GATE)
def test_what_the_gate_may_use_covers_the_truth(found, name):
    assert 43 <= found[name] <= 50


@pytest.mark.parametrize("name", ["page views, not clustered: ips", "dm", "switch-dr, threshold 2"])
def test_other_estimators_do_not(found, name):
    assert found[name] <= 40


def test_the_truth_is_what_a_large_sample_earns_under_the_logging_policy():
    random = np.random.default_rng(9)
    drawn = draw_world(random)
    sample = draw_sample(drawn, random, viewers=100_000)
    assert sample.log.rewards.mean() == pytest.approx(drawn.value(drawn.logging), abs=0.003)


def test_a_world_is_drawn_again_from_its_seed():
    assert coverage.world(3) == coverage.world(3)


def test_what_the_gate_may_use_alone_is_the_same():
    alone = coverage.world(3, others=False)
    assert [each.name for each in alone] == list(coverage.GATE)
    assert [each for each in coverage.world(3) if each.name in coverage.GATE] == alone


@pytest.mark.parametrize("arguments", [["--worlds", "0"], ["--first", "-1"], ["--worlds", "x"]])
def test_numbers_of_worlds_that_make_no_sense_are_refused(arguments):
    with pytest.raises(SystemExit):
        coverage.run(arguments)
