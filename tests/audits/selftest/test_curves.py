import pytest

from audits.selftest.curves import curves, out_of_range, rate

SPEC = {"proxy": 0.0, "marginal": 0.0, "value": 0.0, "viewers": 1_000, "share": 0.2}


def said(**fields):
    usual = {
        "headline": True, "estimate": 0.0, "low": -0.1, "high": 0.1, "p": 0.5, "p_adjusted": 0.5,
        "margin": 0.05, "centre": 0.0, "verdict": "within margin", "truth": 0.0, "null": True,
    }  # fmt: skip
    return usual | fields


def world(spec=(), **fields):
    return {"spec": SPEC | dict(spec), "measures": {"gap": said(**fields)}, "seconds": 2.0}


def gap(*made):
    return curves(made)["measures"]["gap"]


def test_a_rate_has_an_error_even_where_nothing_happened():
    assert rate(0, 0) is None
    assert rate(5, 100) == {"rate": 0.05, "error": pytest.approx(0.0245, abs=0.001), "worlds": 100}
    assert rate(0, 100)["error"] > 0.01


def test_false_alarms_count_worlds_without_a_difference_only():
    found = gap(world(p=0.01), world(), world({"proxy": 1.0}, p=0.01, null=False, truth=0.2))
    assert found["false_alarms"]["rate"] == 0.5
    assert found["false_alarms_by_size"]["200 of 1,000 viewers"]["worlds"] == 2
    assert list(found["power"]) == ["proxy 1"]
    assert found["power"]["proxy 1"]["rate"] == 1


def test_what_was_refused_is_no_false_alarm_and_is_counted():
    found = gap(world(p=None, low=None, high=None, verdict="insufficient evidence"), world())
    assert found["false_alarms"]["worlds"] == 1
    assert found["untested"]["rate"] == 0.5


def test_coverage_compares_intervals_with_the_truth():
    found = gap(world(), world(truth=0.2, null=False), world(low=None, high=None))
    assert (found["coverage"]["rate"], found["coverage"]["worlds"]) == (0.5, 2)
    assert found["coverage_null"]["worlds"] == 1


def test_verdicts_are_compared_with_the_margin():
    at = {"truth": 0.05, "null": False}
    found = gap(
        world(verdict="outside margin", **at),
        world(verdict="within margin", **at),
        world(verdict="outside margin"),
        world(verdict="within margin", truth=-0.06, null=False),
    )
    assert found["within"]["rate"] == 0
    assert found["false_within"]["rate"] == pytest.approx(2 / 3)
    assert found["false_outside"]["rate"] == pytest.approx(2 / 3)


def test_an_auc_is_compared_from_one_half():
    found = gap(world(centre=0.5, truth=0.5, verdict="outside margin"))
    assert found["false_within"] is None
    assert found["false_outside"]["rate"] == 1


def test_a_learnt_number_is_compared_with_the_other_worlds_of_its_kind_and_size():
    shown = {"truth": None, "null": False}
    cell = [world(estimate=value, **shown) for value in (0.0, 0.0, 0.6)]
    elsewhere = world({"viewers": 500}, estimate=9.0, **shown)
    found = gap(*cell, elsewhere)
    # 0.3, 0.3 and 0.0 are the others' means; the world that is alone has no truth.
    assert (found["coverage"]["rate"], found["coverage"]["worlds"]) == (pytest.approx(1 / 3), 3)


def test_the_family_counts_any_headline_after_holm():
    worlds = [world(p_adjusted=0.01), world(), world(p_adjusted=0.01, null=False)]
    assert curves(worlds)["family"]["rate"] == 0.5
    assert curves(worlds)["worlds"] == 3 and curves(worlds)["seconds"] == 6.0


def test_it_names_what_is_out_of_range_beyond_chance():
    wrong = [world(p=0.01) for _ in range(30)] + [world() for _ in range(170)]
    right = [world(p=0.01) for _ in range(10)] + [world() for _ in range(190)]
    assert [words.split(":")[0] for words in out_of_range(curves(wrong))] == [
        "gap, false alarms",
        "gap, false alarms with 200 of 1,000 viewers",
        "gap, coverage",
    ]
    assert [words.split(":")[0] for words in out_of_range(curves(right))] == ["gap, coverage"]
