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
from tests.audits.worlds import ALL, make_world
from tests.factories import NOW, make_viewer
from tests.personalization.factories import make_model

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


def test_a_document_and_its_proof_verify_with_one_file_and_a_changed_document_does_not(tmp_path):
    run = run_of(make_world(women=12, men=12))
    evidence.tick()
    text = RunDocument.objects.get(run=run.public_id).text
    (tmp_path / "run.json").write_text(text)
    (tmp_path / "run.tlog-proof").write_text(places.proof(str(run.public_id), "run.finished"))

    def verify():
        return subprocess.run(
            [sys.executable, "tools/verify_evidence.py", "document", tmp_path / "run.json",
             "--proof", tmp_path / "run.tlog-proof", "--key", str(KEY.verifier)],
            cwd=paths.BASE, capture_output=True, text=True,
        )  # fmt: skip

    good = verify()
    assert good.returncode == 0, good.stderr
    assert "it is leaf 2 of" in good.stdout
    (tmp_path / "run.json").write_text(text.replace('"headline":false', '"headline":true', 1))
    assert verify().returncode == 1
