import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections

from audits.protected import proofs
from personalization import inspection
from tests.audits.worlds import ALL

pytestmark = pytest.mark.django_db(transaction=True, databases=ALL)

BREAKS = {
    "a table opened to the web role": "GRANT SELECT ON declarations TO marquee",
    "a single column opened": "GRANT SELECT (answers) ON declarations TO marquee",
    "the audit role may read unlogged": "GRANT SELECT ON declarations TO marquee_audit",
    "the web role may truncate": "GRANT TRUNCATE ON declarations TO marquee",
    "a reading door for the web role": (
        "GRANT EXECUTE ON FUNCTION read_declarations(uuid) TO marquee"
    ),
    "everybody may call": "GRANT EXECUTE ON FUNCTION declare TO PUBLIC",
    "a search_path let loose": "ALTER FUNCTION withdraw RESET search_path",
    "the schema opened to making": "GRANT CREATE ON SCHEMA protected TO marquee",
    "another door": (
        "CREATE FUNCTION peep() RETURNS text LANGUAGE sql SECURITY DEFINER "
        "SET search_path = protected, pg_temp AS 'SELECT attribute FROM declarations LIMIT 1'; "
        "GRANT EXECUTE ON FUNCTION peep() TO marquee"
    ),
}
MENDS = {
    "a search_path let loose": ("ALTER FUNCTION withdraw SET search_path = protected, pg_temp"),
    "another door": "DROP FUNCTION peep()",
}


def test_it_stands(capsys):
    call_command("check_wall")
    said = capsys.readouterr().out
    assert "The wall stands." in said and "FAILS" not in said


@pytest.mark.parametrize("name", BREAKS)
def test_it_notices_every_break_and_a_rebuild_mends_the_rights(name, capsys):
    vault = connections["vault"].cursor()
    vault.execute(BREAKS[name])
    try:
        with pytest.raises(CommandError, match="The wall is broken"):
            call_command("check_wall")
        assert "FAILS" in capsys.readouterr().out
    finally:
        if name in MENDS:
            vault.execute(MENDS[name])
        call_command("prepare_wall", verbosity=0)
    call_command("check_wall")


def test_it_notices_a_foreign_key_through_the_wall():
    vault = connections["vault"].cursor()
    vault.execute("GRANT REFERENCES, SELECT ON declarations TO marquee")
    connection.cursor().execute(
        "CREATE TABLE through (id bigint REFERENCES protected.declarations)"
    )
    try:
        failed = [proof.words for proof in proofs.prove() if not proof.holds]
        assert any("foreign key" in words for words in failed)
    finally:
        connection.cursor().execute("DROP TABLE through")
        call_command("prepare_wall", verbosity=0)
    call_command("check_wall")


def test_it_notices_a_protected_attribute_in_the_manifest(monkeypatch):
    from dataclasses import replace

    manifest = inspection.feature_manifest()
    wider = replace(manifest, context=(*manifest.context, "gender"))
    monkeypatch.setattr(proofs, "feature_manifest", lambda: wider)
    assert [proof.found for proof in proofs.prove() if not proof.holds] == ["it lists ['gender']"]
