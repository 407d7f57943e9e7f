"""The self-test runs the audit that runs do, on worlds that no database holds."""

import pytest

from audits.metrics.tally import CHANCE
from audits.runs import selftest
from audits.runs.steps import STEPS
from audits.selftest import design, worlds
from audits.selftest.worlds import Planted, WorldSpec


@pytest.fixture(autouse=True)
def _a_population_that_hurries(monkeypatch):
    monkeypatch.setattr(selftest, "POPULATION", 3_000)
    selftest.true_values.cache_clear()
    yield
    selftest.true_values.cache_clear()


def audit(planted, *, viewers=300, share=0.5):
    world = worlds.make(WorldSpec(planted, viewers=viewers, share=share, seed=(1, 2)))
    return selftest.statistics(world, planted, seed=4, effort="quick")


def test_it_makes_every_test_that_a_run_makes_of_a_group():
    said = audit(Planted(1.0))
    names = {name.split("/")[0] for name in said}
    untold = {name for name, _ in STEPS if not any(one.startswith(name[:12]) for one in names)}
    assert not untold
    assert all(one.estimate is not None for one in said.values() if one.headline)


def test_it_finds_a_strong_proxy_and_adjusts_the_headlines():
    said = audit(Planted(2.0))
    assert said["leakage_auc"].p_adjusted < 0.05
    assert said["leakage_auc"].p_adjusted >= said["leakage_auc"].p


def test_a_group_below_the_floor_is_refused():
    said = audit(Planted(2.0), viewers=100, share=0.2)
    # What leads in histories do is about all viewers together.
    headlines = [one for one in said.values() if one.headline and one.group != "all"]
    assert headlines
    assert {one.verdict for one in headlines} == {"insufficient evidence"}
    assert {one.p for one in headlines} == {None}


def test_the_same_world_gives_the_same_numbers(monkeypatch):
    one, other = (selftest.measure_world(1, seed=9, effort="quick") for _ in range(2))
    assert one.measures == other.measures and one.spec == other.spec


def test_a_world_without_a_difference_has_true_values_of_none():
    made = selftest.measure_world(0, seed=9, effort="quick")
    assert made.spec == {
        "proxy": 0, "marginal": 0, "value": 0, "leads": 0, "viewers": 150, "share": 0.2,
    }  # fmt: skip
    assert all(one["null"] for one in made.measures.values() if one["headline"])
    assert made.measures["leakage_auc"]["truth"] == CHANCE
    assert made.measures["prominence_gap"]["truth"] == pytest.approx(0, abs=1e-12)


def test_a_planted_value_gap_leaves_the_exposure_alone():
    number = next(
        number
        for number in range(50)
        if design.world(number, seed=9).planted == Planted(value=0.03)
    )
    made = selftest.measure_world(number, seed=9, effort="quick")
    assert made.measures["exposure_difference"]["null"]
    assert not made.measures["value_difference"]["null"]
    assert made.measures["value_difference"]["truth"] > 0.005


def test_leads_that_go_with_what_the_choice_reads_are_found_and_change_no_group():
    said = audit(Planted(leads=6.0))
    assert said["flip_effect"].p < 0.05 and said["flip_effect"].estimate > 0.05
    assert said["flip_effect"].group == "all" and said["flip_effect"].viewers == 300
    plain = audit(Planted())
    assert plain["flip_effect"].p > 0.05
    assert said["exposure_distance"].estimate == plain["exposure_distance"].estimate


def test_a_value_gap_shows_in_reach():
    selftest.true_values.cache_clear()
    found, none = (selftest.true_values(Planted(value=gap)) for gap in (0.03, 0.0))
    assert found["reach_difference"] > 0.005 > abs(none["reach_difference"])
