"""The benchmark measures what a run measures, on a panel that the measures accept."""

import pytest

from audits.metrics import attack
from audits.runs import measuring
from benchmarks import audit


@pytest.fixture(autouse=True)
def small(monkeypatch):
    monkeypatch.setattr(audit, "VIEWERS", 120)
    monkeypatch.setattr(audit, "TITLES", 4)
    monkeypatch.setattr(audit, "WATCHABLE", 60)
    monkeypatch.setattr(audit, "SLICE", 1)


def test_every_test_of_a_run_is_made(monkeypatch):
    made = []
    measure = measuring.measure

    def kept(*arguments):
        made.extend(measure(*arguments))
        return iter(made)

    monkeypatch.setattr(measuring, "measure", kept)
    found = audit.measure()
    assert found["statistics"] == len(made) > 10
    headlines = [one for one in made if one.headline]
    assert headlines and all(one.p is not None for one in headlines)
    assert sum(found["stages"].values()) == pytest.approx(found["seconds"], rel=0.2)
    assert found["shuffles"] == attack.FULL.shuffles + 1


def test_the_report_holds_the_targets_of_time_memory_and_null():
    found = {
        "seconds": 80.0, "processor": 150.0, "peak": 2**30, "statistics": 20, "stages": {"a": 1.0},
        "null": 20.0, "shuffles": 1_000, "slice": 3, "loop": 30.0,
    }  # fmt: skip
    audit_report = {figure.name: figure for figure in audit.report(found).results}
    assert audit_report["a planned run at full effort"].met is True
    assert audit_report["peak memory"].met is True
    null = audit_report["the linear null, against a loop over scikit-learn"]
    assert (null.value, null.ratio, null.met) == (50.0, 500.0, True)
    without = audit.report(found | {"loop": 0.0}).results
    assert not [figure for figure in without if "scikit-learn" in figure.name]
