"""The evidence log: each event becomes one leaf, whoever writes and whatever is killed."""

import json
import os
import signal
import subprocess
import sys
import threading

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, connections

from audits.actions import evidence
from audits.evidence import tree
from audits.evidence.keys import SigningKey
from audits.models import AuditRun
from audits.record import doors, heads, ledger, places
from audits.record.entries import Event
from audits.tasks import audit_tick
from catalog.models import Account
from config import paths
from tests.audits.record.rows import make_run
from tests.audits.worlds import ALL
from tests.factories import make_account
from tools.verify_evidence import DoesNotVerify, VerifierKey, verify_log

pytestmark = pytest.mark.django_db(transaction=True, databases=ALL)
KEY = SigningKey.make("marquee.example/evidence")
STATISTIC = {"name": "exposure_difference", "attribute": "gender", "group": "man",
             "estimate": 0.5, "verdict": "outside margin"}  # fmt: skip


@pytest.fixture
def out(settings, tmp_path):
    settings.EVIDENCE_KEY = KEY.dump()
    settings.EVIDENCE_FOLDER = str(tmp_path / "log")
    return tmp_path / "log"


def kinds():
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind FROM record.leaves ORDER BY place")
        return [kind for (kind,) in cursor.fetchall()]


def of_runs():
    return [kind for kind in kinds() if kind.startswith(("run.", "finding."))]


def rows(table):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM record.{table}")
        return cursor.fetchone()[0]


def as_owner(*statements):
    """Do what the database's owner can: switch the triggers off, and change rows."""
    with connections["vault"].cursor() as cursor:
        for table in ("runs", "statistics", "findings", "leaves", "heads"):
            cursor.execute(f"ALTER TABLE record.{table} DISABLE TRIGGER USER")
        for statement in statements:
            cursor.execute(statement)
        for table in ("runs", "statistics", "findings", "leaves", "heads"):
            cursor.execute(f"ALTER TABLE record.{table} ENABLE TRIGGER USER")


def events(count):
    """Enter events that tell of nothing."""
    with connections["protected"].cursor() as cursor:
        cursor.execute(
            "INSERT INTO record.events (kind, subject)"
            " SELECT 'test', 'n ' || n FROM generate_series(1, %s) AS n", [count],
        )  # fmt: skip


class TestAppending:
    def test_what_happens_to_a_run_becomes_leaves_in_its_order(self):
        run = make_run(statistics=[STATISTIC])
        doors.judge(run.statistics.get().pk, judgement="harm", note="Leads.", by="a@b.example")
        assert ledger.append_all() == 4
        assert kinds() == ["run.requested", "run.registered", "run.finished", "finding.recorded"]
        assert ledger.append_all() == 0
        content = b"".join(ledger.entries(0, 4)).decode()
        assert str(run.public_id) in content
        assert "a@b.example" not in content and "Leads." not in content

    def test_the_hashes_are_those_of_the_tree_over_the_entries(self):
        events(700)
        ledger.append_waiting(300)
        ledger.append_waiting(400)
        made = tree.InMemory()
        leaves = [ledger.leaf_hash(entry) for entry in ledger.entries(0, 700)]
        for level, row in enumerate(tree.completed(made, size=0, leaves=leaves)):
            made.add(level, row)
        assert tree.root(ledger.StoredTiles(), 700) == tree.root(made, 700)
        assert rows("tiles") == 2

    def test_two_workers_at_once_make_one_log(self):
        events(600)
        wrong = []

        def work():
            try:
                while ledger.append_waiting(50):
                    pass
            except Exception as error:
                wrong.append(error)
            finally:
                connections.close_all()

        workers = [threading.Thread(target=work) for _ in range(3)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        assert wrong == [] and rows("leaves") == 600
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(DISTINCT event_id), max(place) FROM record.leaves")
            assert cursor.fetchone() == (600, 599)

    def test_a_worker_killed_between_row_and_leaf_loses_nothing(self):
        make_run(statistics=[STATISTIC])
        process = subprocess.run(
            [sys.executable, "-m", "tests.audits.record.killed",
             connection.settings_dict["NAME"]],
            cwd=paths.BASE, env=os.environ | {"MARQUEE_DATA": str(paths.DATA)},
            capture_output=True, text=True,
        )  # fmt: skip
        assert process.returncode == -signal.SIGKILL, process.stderr
        assert rows("leaves") == 0
        assert ledger.append_all() == 3

    @pytest.mark.parametrize("place", [0, 2, 5])
    def test_a_leaf_is_added_at_the_end_only(self, place):
        events(1)
        ledger.append_all()
        with pytest.raises(DatabaseError), connections["protected"].cursor() as cursor:
            cursor.execute(
                "INSERT INTO record.leaves (place, kind, subject, entry, hash)"
                " VALUES (%s, 'x', 'x', 'xx', sha256('x'))", [place],
            )  # fmt: skip

    def test_an_event_without_its_row_is_logged_and_stops_nothing(self):
        with ledger.turn() as cursor:
            ledger.note(cursor, "run.finished", "no run", {})
        assert ledger.append_all() == 1


LOG = ("events", "leaves", "tiles", "heads")


@pytest.mark.parametrize("table", LOG)
@pytest.mark.parametrize(
    "change", ["UPDATE {} SET at = now()", "DELETE FROM {}", "TRUNCATE {} CASCADE"]
)
def test_no_role_changes_the_log(out, table, change):
    events(300)
    evidence.tick()
    column = {"leaves": "kind = 'x'", "tiles": "level = 2"}.get(table, "at = now()")
    statement = change.replace("at = now()", column).format(f"record.{table}")
    for alias in ALL:
        with (
            pytest.raises(DatabaseError, match=r"permission denied|The record is kept"),
            connections[alias].cursor() as cursor,
        ):
            cursor.execute(statement)


@pytest.mark.parametrize("table", LOG)
def test_the_web_role_adds_nothing_to_the_log(table):
    for statement in (f"INSERT INTO record.{table} DEFAULT VALUES", "SELECT FROM record.turn",
                      "SELECT * FROM record.account_keys"):  # fmt: skip
        with pytest.raises(DatabaseError, match="permission denied"):
            connection.cursor().execute(statement)


class TestPublishing:
    def test_a_tick_exports_a_log_that_the_stand_alone_verifier_accepts(self, out):
        make_run(statistics=[STATISTIC])
        assert audit_tick() == "No run waits."
        checkpoint, signer = verify_log(out, KEY.verifier, (), [])
        assert checkpoint.size == rows("leaves") and signer == KEY.verifier
        assert {"run.finished", "settings"} <= set(kinds())
        before = rows("heads"), rows("leaves")
        audit_tick()
        assert (rows("heads"), rows("leaves")) == before

    def test_without_a_key_the_events_become_leaves_and_nothing_is_signed(self, settings):
        settings.EVIDENCE_KEY = ""
        make_run()
        assert "no EVIDENCE_KEY" in evidence.tick()
        assert of_runs() and heads.newest() is None

    def test_a_full_disk_leaves_the_older_checkpoint_and_the_next_tick_goes_on(
        self, out, monkeypatch
    ):
        events(3)
        evidence.tick()
        older = (out / "checkpoint").read_text()
        events(3)

        def full(*_):
            raise OSError(28, "No space left on device")

        with monkeypatch.context() as broken:
            broken.setattr("audits.evidence.folder.write", full)
            assert "No space left on device" in evidence.tick()
        assert (out / "checkpoint").read_text() == older
        assert "cannot be written" not in evidence.tick()
        assert verify_log(out, KEY.verifier, (), [])[0].size == rows("leaves")

    def test_a_witness_that_does_not_answer_is_named_and_stops_nothing(self, out, settings):
        other = SigningKey.make("witness.example", kind=4)
        settings.EVIDENCE_WITNESSES = [f"{other.verifier} http://127.0.0.1:9"]
        events(2)
        assert "The witness witness.example did not cosign" in evidence.tick()
        assert verify_log(out, KEY.verifier, (), [])[0].size == rows("leaves")

    def test_a_restored_database_says_so_and_overwrites_nothing(self, out):
        events(5)
        evidence.tick()
        longer = (out / "checkpoint").read_text()
        size = rows("leaves")
        as_owner(f"DELETE FROM record.leaves WHERE place >= {size - 2}", "DELETE FROM record.heads")
        with connections["protected"].cursor() as cursor:
            cursor.execute("SELECT max(place) FROM record.leaves")
        head = heads.advance(KEY, export=out)
        assert f"knows {size} leaves and this log has {size - 2}" in head.problems
        assert "restored from an older backup" in head.problems
        assert (out / "checkpoint").read_text() == longer

    def test_a_log_rewritten_by_its_owner_is_noticed_by_the_export_and_by_the_verifier(self, out):
        events(5)
        evidence.tick()
        kept = heads.Checkpoint.parse((out / "checkpoint").read_text())
        false = b'{"kind":"test","subject":"another"}'
        as_owner(
            f"UPDATE record.leaves SET entry = '\\x{false.hex()}',"
            f" hash = '\\x{ledger.leaf_hash(false).hex()}' WHERE place = 1",
            "DELETE FROM record.heads",
        )
        events(1)
        assert "the log was rewritten" in evidence.tick()
        with pytest.raises(DoesNotVerify, match="rewritten"):
            heads.advance(KEY, export=out.with_name("elsewhere"))
            verify_log(out.with_name("elsewhere"), KEY.verifier, (), [kept])

    def test_another_key_signs_nothing_until_the_log_has_rotated_to_it(self, out, settings):
        events(1)
        evidence.tick()
        new = SigningKey.make(KEY.name)
        settings.EVIDENCE_KEY = new.dump()
        events(1)
        assert "is not the log's key" in evidence.tick()
        settings.EVIDENCE_KEY = KEY.dump()
        evidence.rotate(new)
        assert "is not the log's key" in evidence.tick()
        settings.EVIDENCE_KEY = new.dump()
        evidence.tick()
        checkpoint, signer = verify_log(out, KEY.verifier, (), [])
        assert signer == new.verifier and checkpoint.size == rows("leaves")


class TestPlaces:
    def placed(self, run):
        run = AuditRun.objects.get(pk=run.pk)
        found = places.of_runs([run], heads.newest(), prove=True)[str(run.public_id)]
        assert [
            place.kind for place in places.of_runs([run], heads.newest())[str(run.public_id)]
        ] == [place.kind for place in found]
        return {place.kind: place for place in found}

    def test_a_run_is_in_the_log_and_verifies(self, out):
        run = make_run(statistics=[STATISTIC])
        assert all(place.waits for place in self.placed(run).values())
        evidence.tick()
        found = self.placed(run)
        assert [place.index for place in found.values()] == sorted(
            place.index for place in found.values()
        )
        assert all(place.signed and not place.wrong for place in found.values())

    @pytest.mark.parametrize(
        "change",
        [
            "UPDATE record.statistics SET verdict = 'within margin'",
            "UPDATE record.statistics SET p = 0.5",
            "UPDATE record.runs SET groups = '{\"gender\": {}}'",
            "UPDATE record.runs SET finished_at = '2001-01-01'",
            "DELETE FROM record.statistics",
        ],
    )
    def test_a_result_that_its_owner_changed_is_not_what_was_logged(self, out, change):
        run = make_run(statistics=[STATISTIC])
        evidence.tick()
        as_owner(change)
        assert self.placed(run)["run.finished"].wrong == "It is not what was logged."

    def test_a_run_that_its_owner_inserted_is_not_in_the_log(self, out):
        run = make_run()
        evidence.tick()
        as_owner(
            "INSERT INTO record.runs (kind, requested_role, requested_at, touched_at, state)"
            " VALUES ('planned', 'marquee', '2001-01-01', '2001-01-01', 'finished')"
        )
        forged = AuditRun.objects.exclude(pk=run.pk).get()
        assert {place.wrong for place in self.placed(forged).values()} == {"It is not in the log."}

    def test_a_changed_leaf_and_a_false_head_are_named(self, out):
        run = make_run()
        evidence.tick()
        as_owner("UPDATE record.heads SET signer = " + f"'{SigningKey.make('x').verifier}'")
        assert "not signed by its key" in self.placed(run)["run.finished"].wrong
        as_owner("UPDATE record.leaves SET entry = 'xx' WHERE kind = 'run.finished'")
        assert self.placed(run)["run.finished"].wrong == "Its leaf was changed."


class TestObserving:
    def test_staff_is_noted_under_codes_whose_key_goes_with_the_account(self, out):
        account = make_account(is_staff=True)
        evidence.tick()
        staff = [json.loads(entry) for entry in ledger.entries(0, 99) if b'"kind":"staff"' in entry]
        assert [one["staff"] for one in staff] == [True]
        assert account.email not in str(staff) and rows_of_owner("account_keys") == 1
        evidence.tick()
        assert kinds().count("staff") == 1
        Account.objects.filter(pk=account.pk).delete()
        evidence.tick()
        assert kinds().count("staff") == 2 and rows_of_owner("account_keys") == 0

    def test_other_margins_are_noted(self, out, settings):
        evidence.tick()
        settings.GATE_MARGIN = 0.5
        evidence.tick()
        assert kinds().count("settings") == 2


def rows_of_owner(table):
    with connections["vault"].cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM record.{table}")
        return cursor.fetchone()[0]


class TestCommand:
    def test_it_exports_verifies_and_says_where_the_log_stands(self, out, capsys):
        events(2)
        call_command("evidence", "export")
        call_command("evidence", "status")
        call_command("evidence", "verify", key=str(KEY.verifier))
        said = capsys.readouterr().out
        assert "leaves are signed by" in said and "leaves verify" in said

    def test_it_rotates_the_key(self, out, settings, tmp_path, capsys):
        events(1)
        evidence.tick()
        call_command("evidence", "rotate", out=tmp_path / "new")
        settings.EVIDENCE_KEY = (tmp_path / "new").read_text().strip()
        evidence.tick()
        assert verify_log(out, KEY.verifier, (), [])[1] == VerifierKey.parse(heads.signer())
        with pytest.raises(CommandError, match="cannot be written"):
            call_command("evidence", "rotate", out=tmp_path / "new")

    def test_it_refuses_a_key_that_is_none(self, out):
        with pytest.raises(CommandError, match="not a verifier key"):
            call_command("evidence", "verify", key="x")


def test_an_entry_is_canonical_and_holds_its_event():
    at = AuditRun._meta.get_field("requested_at").to_python("2026-11-27T20:00:00Z")
    made = ledger._entry(Event(1, "test", "n 1", {"b": 1, "a": 2}, at))
    assert made == (
        b'{"a":2,"at":"2026-11-27T20:00:00.000000Z","b":1,"kind":"test","subject":"n 1"}'
    )
