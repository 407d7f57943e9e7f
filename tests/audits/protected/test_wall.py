import uuid

import pytest
from django.db import DatabaseError, ProgrammingError, connection, connections, transaction

from audits import actions
from audits.protected import store
from audits.protected.attributes import UnknownDeclaration
from tests.factories import make_viewer

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "protected", "vault"])


def _gender():
    return store.read("viewer", "gender", purpose="a test")


class TestDeclaring:
    def test_it_writes_what_only_the_audit_role_reads(self):
        viewer = make_viewer()
        actions.declare(viewer, {"gender": "woman"})
        assert [(row.subject, row.value, row.synthetic) for row in _gender()] == [
            (viewer.public_id, "woman", False)
        ]

    def test_it_replaces_an_older_answer(self):
        viewer = make_viewer()
        actions.declare(viewer, {"gender": "woman"})
        actions.declare(viewer, {"gender": "non-binary"})
        assert [row.value for row in _gender()] == ["non-binary"]

    def test_it_refuses_what_is_not_on_the_list_and_writes_nothing(self):
        rows = [(uuid.uuid4(), "gender", "man"), (uuid.uuid4(), "shoe size", "44")]
        with pytest.raises(UnknownDeclaration, match="shoe size"):
            actions.declare_many(rows, synthetic=False)
        assert _gender() == []

    def test_it_marks_the_simulated_as_synthetic(self):
        actions.declare_simulated([(uuid.uuid4(), "gender", "man")])
        assert [row.synthetic for row in _gender()] == [True]

    def test_it_withdraws_one_or_all(self):
        viewer = make_viewer()
        actions.declare(viewer, {"gender": "woman", "age_band": "25-34"})
        actions.withdraw(viewer, "gender")
        assert _gender() == []
        assert len(store.read("viewer", "age_band", purpose="a test")) == 1
        actions.withdraw(viewer)
        assert store.read("viewer", "age_band", purpose="a test") == []

    def test_it_goes_with_the_profile(self):
        viewer = make_viewer()
        actions.declare(viewer, {"gender": "woman"})
        viewer.delete()
        assert _gender() == []


class TestReading:
    def test_it_logs_every_reading_with_its_purpose(self):
        make_viewer()
        _gender()
        line = store.readings()[0]
        assert (line.purpose, line.attribute, line.asked_by) == ("a test", "gender", "")
        assert line.role == "marquee_audit"

    def test_it_gives_nothing_out_in_the_transaction_that_logs(self):
        """Else a rollback would hide the reading."""
        with (
            pytest.raises(DatabaseError, match="No reading was announced and committed"),
            transaction.atomic(using="protected"),
            connections["protected"].cursor() as cursor,
        ):
            cursor.execute(
                "SELECT protected.announce_reading('x y z', 'viewer', 'gender', now(), NULL, '')"
            )
            cursor.execute("SELECT * FROM protected.read_declarations(%s)", cursor.fetchone())
        with transaction.atomic(using="protected"), pytest.raises(store.WallClosed):
            _gender()

    def test_it_wants_a_purpose(self):
        with pytest.raises(DatabaseError, match="needs a purpose"):
            store.read("viewer", "gender", purpose=" ")

    @pytest.mark.parametrize(
        "statement",
        [
            "SELECT * FROM protected.declarations",
            "UPDATE protected.declarations SET answers = '{man}'",
            "DELETE FROM protected.readings",
            "TRUNCATE protected.declarations",
            "SELECT protected.declare('viewer', '{}', '{}', '{}', false)",
        ],
    )
    def test_it_leaves_the_audit_role_no_other_way(self, statement):
        with pytest.raises(ProgrammingError, match="permission denied"):
            connections["protected"].cursor().execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM protected.declarations",
        "SELECT * FROM protected.readings",
        "INSERT INTO protected.declarations (kind) VALUES ('viewer')",
        "UPDATE protected.declarations SET answers = '{man}'",
        "DELETE FROM protected.declarations",
        "TRUNCATE protected.declarations",
        "COPY protected.declarations TO STDOUT",
        "SELECT protected.announce_reading('x y z', 'viewer', 'gender', now(), NULL, '')",
        "SELECT * FROM protected.read_declarations(gen_random_uuid())",
        "SET ROLE marquee_vault",
        "SET ROLE marquee_audit",
        "CREATE TABLE theirs (id bigint REFERENCES protected.declarations)",
        "DROP SCHEMA protected CASCADE",
    ],
)
def test_it_refuses_the_web_role(statement):
    with pytest.raises((ProgrammingError, DatabaseError), match=r"permission denied|must be owner"):
        connection.cursor().execute(statement)


def test_it_logs_are_only_added_to_even_by_their_owner():
    _gender()
    with pytest.raises(DatabaseError, match="only ever added to"):
        connections["vault"].cursor().execute("DELETE FROM protected.readings")
