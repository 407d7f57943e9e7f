"""The audit worker's tick and the reference witness, which is a process of its own."""

import pytest

from audits.actions import evidence
from audits.evidence.keys import SigningKey
from audits.record import heads, ledger
from audits.tasks import audit_tick
from tests.audits.evidence.witnesses import started
from tests.audits.record.rows import make_run
from tests.audits.record.test_ledger import as_owner, events
from tests.audits.worlds import ALL
from tools.verify_evidence import Checkpoint, check_checkpoint, verify_log

pytestmark = pytest.mark.django_db(transaction=True, databases=ALL)
KEY = SigningKey.make("marquee.example/evidence")
FALSE = b'{"kind":"test","subject":"another"}'


@pytest.fixture
def witness(settings, tmp_path):
    """The verifier key of a running witness that the settings name."""
    with started(tmp_path / "witness", KEY.verifier) as (address, key, _):
        settings.EVIDENCE_KEY = KEY.dump()
        settings.EVIDENCE_FOLDER = str(tmp_path / "log")
        settings.EVIDENCE_WITNESSES = [f"{key} {address}"]
        yield key


def rewrite():
    """Change the second leaf, and remove every head that this installation keeps."""
    as_owner(
        f"UPDATE record.leaves SET entry = '\\x{FALSE.hex()}',"
        f" hash = '\\x{ledger.leaf_hash(FALSE).hex()}' WHERE place = 1",
        "DELETE FROM record.heads",
    )


def test_each_tick_has_its_head_cosigned_and_exports_it_so(witness, tmp_path):
    for _ in range(3):
        make_run()
        assert "did not cosign" not in audit_tick()
        head = heads.newest()
        assert head.problems == ""
        check_checkpoint(Checkpoint.parse(head.checkpoint), KEY.verifier, [witness])
    exported, _ = verify_log(tmp_path / "log", KEY.verifier, [witness], [])
    assert exported.size == head.size > 0


def test_the_witness_refuses_a_log_that_its_owner_rewrote(witness, settings, tmp_path):
    """The owner also starts a new folder, so that only the witness knows the older log."""
    make_run()
    events(5)
    evidence.tick()
    rewrite()
    settings.EVIDENCE_FOLDER = str(tmp_path / "elsewhere")
    events(1)
    said = evidence.tick()
    assert f"The witness {witness.name} did not cosign" in said and "422" in said
    head = heads.newest()
    assert head.size and witness.name not in head.checkpoint
