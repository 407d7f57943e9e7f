"""Documents and replays are added by the audit role alone, and nobody changes one."""

import pytest
from django.db import DatabaseError, connections

from audits.models import Installation, Replay, RunDocument
from audits.runs import document
from audits.runs.signing import signing_key
from tests.audits.record.rows import make_run
from tests.audits.worlds import ALL
from tools.verify_evidence import document_digest, read_json, verify_document

pytestmark = pytest.mark.django_db(transaction=True, databases=ALL)

INSERTS = {
    "documents": "INSERT INTO record.documents (run, registration_digest, text, digest)"
    " SELECT public_id, registration_digest, '{}', '' FROM record.runs",
    "replays": "INSERT INTO record.replays (digest, outcome, findings, by)"
    " VALUES ('', 'same', '[]', 'an auditor')",
    "installation": "INSERT INTO record.installation (id) VALUES (2)",
}


def refused(role, statement):
    with pytest.raises(DatabaseError, match=r"permission denied|The record is kept|finished run"):
        connections[role].cursor().execute(statement)
    return True


def test_a_kept_document_is_signed_and_its_digest_is_the_logs():
    run = make_run()
    kept = document.keep(run)
    made = read_json(kept.text)
    verify_document(made, signing_key().verifier)
    assert kept.digest == document_digest(made)
    assert made["installation"] == str(Installation.objects.get().public_id)


@pytest.mark.parametrize("table", INSERTS)
def test_the_web_role_can_only_read(table):
    run = make_run()
    document.keep(run)
    Replay(by="a test", outcome="same").save(using="protected")
    assert refused("default", INSERTS[table])
    column = "public_id" if table == "installation" else "digest"
    for statement in (
        f"UPDATE record.{table} SET {column} = NULL",
        f"DELETE FROM record.{table}",
        f"TRUNCATE record.{table}",
    ):
        assert refused("default", statement) and refused("protected", statement)
    assert RunDocument.objects.count() == 1


def test_a_document_belongs_to_a_finished_run():
    make_run(state="running")
    assert refused("protected", INSERTS["documents"])


def test_the_database_stamps_a_replay():
    replay = Replay(by="a test", role="somebody", outcome="same")
    replay.save(using="protected")
    replay.refresh_from_db()
    assert replay.role == "marquee_audit" and replay.at
