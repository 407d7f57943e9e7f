"""`check_wall` names each right on the record that is too wide; `prepare_wall` takes it back."""

from importlib import import_module

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections

from audits.models import AuditRun
from audits.record import earlier, rights
from tests.audits.record.rows import make_run
from tests.audits.worlds import ALL

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=ALL),
    pytest.mark.usefixtures("roles_alone"),
]

WIDER = {
    "GRANT INSERT ON record.runs TO marquee": "marquee may INSERT runs, and should not",
    "GRANT UPDATE (note) ON record.findings TO marquee": (
        "marquee may UPDATE findings.note, and should not"
    ),
    "GRANT SELECT ON record.runs TO PUBLIC": "PUBLIC may SELECT runs, and should not",
    "GRANT UPDATE (kind) ON record.runs TO marquee_audit": (
        "marquee_audit may UPDATE runs.kind, and should not"
    ),
    "GRANT CREATE ON SCHEMA record TO marquee": "marquee may CREATE schema, and should not",
    "REVOKE SELECT ON record.runs FROM marquee": "marquee may not SELECT runs",
}


@pytest.mark.parametrize("statement", WIDER)
def test_it_names_a_right_that_is_too_wide_and_a_rebuild_takes_it_back(statement, capsys):
    connections["vault"].cursor().execute(statement)
    try:
        assert rights.excess() == [WIDER[statement]]
        with pytest.raises(CommandError, match="The wall is broken"):
            call_command("check_wall")
        assert WIDER[statement] in capsys.readouterr().out
    finally:
        call_command("prepare_wall", verbosity=0)
    assert rights.excess() == []


EARLIER = """
CREATE TABLE audits_auditrun (LIKE record.runs);
ALTER TABLE audits_auditrun DROP COLUMN requested_at, DROP COLUMN requested_role,
    DROP COLUMN attributes, DROP COLUMN effort, DROP COLUMN model_sha256,
    DROP COLUMN attempts, DROP COLUMN seal,
    DROP COLUMN cohort_checks, DROP COLUMN is_earlier;
CREATE TABLE audits_statistic (LIKE record.statistics);
CREATE TABLE audits_finding (LIKE record.findings);
ALTER TABLE audits_finding DROP COLUMN role, DROP COLUMN seal;
INSERT INTO audits_auditrun (id, public_id, kind, model_id, requested_by, state, stage, progress,
    failure, registration, registration_digest, inputs, groups, synthetic, registered_at,
    touched_at)
VALUES
    (7, gen_random_uuid(), 'gate', 3, 'the night', 'finished', 'Finished', 1, '',
     '{"attributes": ["gender"], "effort": "full", "model": {"id": 3, "sha256": "abc"}}', 'd', '{}',
     '{}', false, now(), now()),
    (9, gen_random_uuid(), 'planned', NULL, 'ann', 'queued', 'Waiting', 0, '',
     '{"attributes": ["age_band"], "effort": "quick", "model": {"id": null, "sha256": null}}', 'd',
     '{}', '{}', false, now(), now());
INSERT INTO audits_statistic (id, run_id, number, name, attribute, "group", headline, verdict,
    detail)
VALUES (5, 7, 0, 'exposure_difference', 'gender', 'man', true, 'within margin', '{}');
INSERT INTO audits_finding (id, statistic_id, judgement, note, by, at)
VALUES (2, 5, 'watch', 'Look again.', 'ann', now());
"""


def test_an_update_moves_earlier_rows_and_marks_them():
    """The tables from before are the web role's; the vault's migration copies them once."""
    migration = import_module("audits.record.migrations.0001_runs")
    with connection.cursor() as cursor:
        cursor.execute(EARLIER)
    earlier.open_to_vault()
    with connections["vault"].cursor() as cursor:
        cursor.execute("ALTER TABLE record.statistics DISABLE TRIGGER keep_order")
        cursor.execute(migration.EARLIER)
        cursor.execute("ALTER TABLE record.statistics ENABLE TRIGGER keep_order")
    earlier.drop()
    before = AuditRun.objects.get(pk=7)
    assert before.is_earlier and (before.kind, before.model_sha256) == ("gate", "abc")
    assert before.statistics.get().findings.get().note == "Look again."
    waiting = AuditRun.objects.get(pk=9)
    assert (waiting.state, waiting.registration, waiting.attributes) == (
        "queued", {}, ["age_band"],
    )  # fmt: skip
    assert "public.audits_auditrun" not in connection.introspection.table_names()
    assert make_run().pk == 10
