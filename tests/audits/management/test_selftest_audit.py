"""The self-test's command and tick: resumable, kept on the audit side, and shown to auditors."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections, utils
from django.utils import timezone

from audits import tasks
from audits.actions import selftest as work
from audits.protected import store
from audits.record import selftests
from audits.runs import selftest
from tests.audits.worlds import ALL

pytestmark = pytest.mark.django_db(transaction=True, databases=ALL)


@pytest.fixture(autouse=True)
def measured(monkeypatch):
    """Measure in threads, with a small population; return the numbers of the worlds measured."""
    monkeypatch.setattr(selftest, "POPULATION", 3_000)
    selftest.true_values.cache_clear()
    numbers = []
    measure = selftest.measure_world

    def counted(number, **options):
        numbers.append(number)
        return measure(number, **options)

    monkeypatch.setattr(selftest, "measure_world", counted)
    monkeypatch.setattr(
        work, "ProcessPoolExecutor", lambda count, *_, **__: ThreadPoolExecutor(count)
    )
    yield numbers
    selftest.true_values.cache_clear()


def run(worlds=2, **options):
    call_command("selftest_audit", worlds=worlds, processes=1, series="a test", **options)


def test_it_audits_worlds_prints_rates_and_keeps_the_curves(capsys, tmp_path):
    run(json=str(tmp_path / "rates.json"), markdown=str(tmp_path / "rates.md"))
    said = capsys.readouterr().out
    assert "prominence_gap *" in said and "Power" in said
    kept = selftests.newest()
    assert (kept.series, kept.worlds) == ("a test", 2)
    assert kept.curve == json.loads((tmp_path / "rates.json").read_text())
    assert kept.curve["measures"]["prominence_gap"]["false_alarms"]["worlds"] == 1
    assert "| **Prominence gap** |" in (tmp_path / "rates.md").read_text()


def test_it_says_where_it_cannot_write(tmp_path):
    with pytest.raises(CommandError, match="No such file or directory"):
        run(1, markdown=str(tmp_path / "nowhere" / "rates.md"))


def test_it_goes_on_with_the_worlds_that_are_left(measured, capsys):
    run(1)
    run(2)
    assert measured == [0, 1]
    assert "1 of 2 worlds are there already." in capsys.readouterr().out


def test_worlds_of_other_code_do_not_count(measured, monkeypatch):
    run(1)
    monkeypatch.setattr(work.versions, "digest_of", lambda start: "other")
    run(1)
    assert measured == [0, 0]
    assert selftests.newest().worlds == 1


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"worlds": 0}, "count from 1"),
        ({"processes": 0}, "count from 1"),
        ({"series": "x" * 41}, "40 characters"),
    ],
)
def test_it_refuses_nonsense(options, words):
    with pytest.raises(CommandError, match=words):
        call_command("selftest_audit", **{"worlds": 1, "processes": 1} | options)


def test_it_needs_the_audit_role(monkeypatch):
    monkeypatch.setattr(store, "holds_audit_role", lambda: False)
    with pytest.raises(CommandError, match="audit role"):
        run()
    assert tasks.selftest_tick() == tasks.NOT_HERE


def test_a_tick_audits_one_world_and_ends_with_the_curves(measured, monkeypatch):
    monkeypatch.setattr(work, "WORLDS", 2)
    month = f"{timezone.now():%Y-%m}"
    assert tasks.selftest_tick() == f"World 0 of {month} is audited; 1 are left."
    assert selftests.newest() is None
    assert tasks.selftest_tick() == f"World 1 of {month} is audited; 0 are left."
    assert selftests.newest().worlds == 2
    assert tasks.selftest_tick() == f"All 2 worlds of {month} are audited."
    assert measured == [0, 1]


def test_a_run_that_waits_comes_first(measured, monkeypatch):
    monkeypatch.setattr(tasks.claiming, "due", lambda: [3])
    assert "later" in tasks.selftest_tick()
    assert measured == []


@pytest.mark.usefixtures("roles_alone")
@pytest.mark.parametrize("table", ["selftest_worlds", "selftest_curves"])
def test_only_the_audit_role_adds_and_nobody_changes(table):
    selftests.add("s", "c", 0, spec={}, measures={}, seconds=1.0)
    selftests.keep_curve("s", "c", {"worlds": 1})
    for through, statement in [
        (connection, f"INSERT INTO record.{table} (series) VALUES ('x')"),
        (connection, f"UPDATE record.{table} SET series = 'x'"),
        (connections["protected"], f"UPDATE record.{table} SET series = 'x'"),
        (connections["protected"], f"DELETE FROM record.{table}"),
        (connections["protected"], f"INSERT INTO record.{table} (at) VALUES (now())"),
    ]:
        with pytest.raises(utils.ProgrammingError, match="permission denied"):
            through.cursor().execute(statement)
    with pytest.raises(utils.ProgrammingError, match="is refused"):
        connections["vault"].cursor().execute(f"DELETE FROM record.{table}")
    call_command("check_wall")
