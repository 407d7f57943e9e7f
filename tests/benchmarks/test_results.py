import json

import pytest

from benchmarks import __main__ as runner
from benchmarks.results import Report, Result


def test_a_rate_must_reach_its_target_and_a_time_must_not_pass_it():
    assert Result("fast", 10.0, "picks/s", target=9.0).met is True
    assert Result("slow", 10.0, "picks/s", target=11.0).met is False
    assert Result("short", 10.0, "s", target=11.0).met is True
    assert Result("long", 10.0, "s", target=9.0).met is False
    assert Result("free", 10.0, "s").met is None


@pytest.mark.parametrize(("value", "code"), [(4.0, 0), (1.0, 1)])
def test_it_writes_what_it_measured_and_says_by_its_code_whether_targets_are_met(
    monkeypatch, tmp_path, value, code
):
    report = Report("choose", [Result("picks", value, "picks/s", peer=8.0, target=2.0)])
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
