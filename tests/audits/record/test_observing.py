"""What other processes do becomes leaves; a document and its proof need no database."""

import subprocess
import sys
from datetime import date

import pytest

from audits.actions import evidence
from audits.evidence.keys import SigningKey
from audits.models import RunDocument
from audits.record import ledger, places
from config import paths
from personalization.models import Erasure, SealedDay, StateChange
from tests.audits.record.rows import run_of
from tests.audits.runs.test_crossed import BOTH, CROSSED, declare_ages
from tests.audits.worlds import ALL, make_world
from tests.factories import NOW, make_viewer
from tests.personalization.factories import make_model
from tools.verify_evidence import read_json

pytestmark = pytest.mark.django_db(transaction=True, databases=ALL)
KEY = SigningKey.make("marquee.example/evidence")


@pytest.fixture(autouse=True)
def key(settings):
    settings.EVIDENCE_KEY = KEY.dump()


def leaves(kind):
    evidence.tick()
    entries = [entry.decode() for entry in ledger.entries(0, 999)]
    return [entry for entry in entries if f'"kind":"{kind}"' in entry]


def test_a_release_is_logged_with_its_gate_and_again_if_it_is_changed_later():
    model = make_model(gate=[{"name": "value", "state": "kept"}])
    StateChange.objects.create(model=model, state="serving", reason="All kept.", at=NOW)
    (first,) = leaves("model.state")
    assert model.sha256 in first and "All kept." not in first
    assert leaves("model.state") == [first]
    StateChange.objects.update(reason="Another reason.")
    assert len(leaves("model.state")) == 2
    type(model).objects.update(gate=[])
    assert len(leaves("model.state")) == 3


def test_a_sealed_day_is_logged_and_again_if_its_file_is_another():
    SealedDay.objects.create(
        day=date(2026, 11, 1), path="x", sha256="a" * 64, rows=10, rewards=1, begun=0, refused={},
        schema_version=3, manifest_digest="b" * 64, sealed_at=NOW,
    )  # fmt: skip
    (first,) = leaves("day.sealed")
    assert "a" * 64 in first
    SealedDay.objects.update(sha256="c" * 64)
    assert len(leaves("day.sealed")) == 2


def test_an_erasure_is_logged_as_owed_and_done_without_saying_whose():
    viewer = make_viewer()
    public_id, number = str(viewer.public_id), viewer.pk
    viewer.delete()
    (owed,) = leaves("erasure")
    assert '"state":"owed"' in owed and public_id not in owed and f'"{number}"' not in owed
    Erasure.objects.all().delete()
    assert '"state":"done"' in leaves("erasure")[1]
    assert len(leaves("erasure")) == 2


def verified(text, run, folder):
    """Say what the verifier, which knows no database, says of a text and the run's proof."""
    (folder / "run.json").write_text(text)
    (folder / "run.tlog-proof").write_text(places.proof(str(run.public_id), "run.finished"))
    return subprocess.run(
        [sys.executable, "tools/verify_evidence.py", "document", folder / "run.json",
         "--proof", folder / "run.tlog-proof", "--key", str(KEY.verifier)],
        cwd=paths.BASE, capture_output=True, text=True,
    )  # fmt: skip


def test_a_document_and_its_proof_verify_with_one_file_and_a_changed_document_does_not(tmp_path):
    run = run_of(make_world(women=12, men=12))
    evidence.tick()
    text = RunDocument.objects.get(run=run.public_id).text
    good = verified(text, run, tmp_path)
    assert good.returncode == 0, good.stderr
    assert "it is leaf 2 of" in good.stdout
    changed = text.replace('"headline":false', '"headline":true', 1)
    assert verified(changed, run, tmp_path).returncode == 1


def test_a_document_of_crossed_groups_verifies_and_a_changed_one_does_not(tmp_path):
    model = make_world(women=20, men=20, undeclared=0)
    declare_ages(lambda number: ("18-24", "25-34")[number % 2])
    run = run_of(model, attributes=BOTH)
    evidence.tick()
    text = RunDocument.objects.get(run=run.public_id).text
    good = verified(text, run, tmp_path)
    assert good.returncode == 0, good.stderr
    count = '"18-24 × man":10'
    measured = next(
        one for one in read_json(text)["measures"]
        if one["attribute"] == CROSSED and one["estimate"]
    )  # fmt: skip
    assert count in text and f'"group":"{measured["group"]}"' in text
    for old, new in (
        (count, '"18-24 × man":11'),
        (f'"group":"{measured["group"]}"', '"group":"18-24 × woman"'),
        (f'"attribute":"{CROSSED}"', '"attribute":"gender"'),
    ):
        changed = text.replace(old, new, 1)
        assert changed != text and verified(changed, run, tmp_path).returncode == 1
