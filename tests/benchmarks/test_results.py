import json

import pytest

from benchmarks import __main__ as runner
from benchmarks.results import BenchmarkReport, Figure, best_seconds


def test_a_rate_must_reach_its_target_and_a_time_must_not_pass_it():
    assert Figure("fast", 10.0, "picks/s", target=9.0).met is True
    assert Figure("slow", 10.0, "picks/s", target=11.0).met is False
    assert Figure("short", 10.0, "s", target=11.0).met is True
    assert Figure("long", 10.0, "s", target=9.0).met is False
    assert Figure("free", 10.0, "s").met is None


@pytest.mark.parametrize(
    ("value", "unit", "met"),
    [(80.0, "picks/s", True), (79.0, "picks/s", False), (79.0, "s", True), (81.0, "s", False)],
)
def test_a_target_can_be_a_share_of_the_peer(value, unit, met):
    result = Figure("against a rival", value, unit, peer=2.0, of_peer=40.0)
    assert result.met is met
    written = result.as_dict()
    assert (written["target"], written["ratio"]) == (80.0, value / 2.0)
    assert set(written) == {"name", "value", "unit", "peer", "ratio", "target", "met"}


@pytest.mark.parametrize("fields", [{}, {"peer": 2.0, "target": 1.0}])
def test_a_share_without_a_peer_and_a_second_target_are_refused(fields):
    with pytest.raises(ValueError, match="of_peer"):
        Figure("against a rival", 1.0, "picks/s", of_peer=40.0, **fields)


@pytest.mark.parametrize(("value", "code"), [(4.0, 0), (1.0, 1)])
def test_it_writes_its_measurements_and_exits_with_1_if_a_target_is_missed(
    monkeypatch, tmp_path, value, code
):
    report = BenchmarkReport("choose", [Figure("picks", value, "picks/s", peer=8.0, target=2.0)])
    monkeypatch.setitem(runner.BENCHMARKS, "choose", lambda: report)
    path = tmp_path / "found.json"
    assert runner.main(["choose", "--json", str(path)]) == code
    written = json.loads(path.read_text())
    assert written["benchmark"] == "choose"
    assert written["machine"]
    assert written["results"] == [
        {
            "name": "picks",
            "value": value,
            "unit": "picks/s",
            "peer": 8.0,
            "ratio": value / 8.0,
            "target": 2.0,
            "met": code == 0,
        }
    ]


def test_it_refuses_a_name_that_it_does_not_know():
    with pytest.raises(SystemExit):
        runner.main(["nothing"])


def test_the_shortest_run_counts_by_the_given_clock():
    times = iter([0.0, 3.0, 10.0, 11.0, 20.0, 22.0])
    assert best_seconds(lambda: None, clock=lambda: next(times)) == 1.0
