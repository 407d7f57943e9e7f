"""The database itself refuses what may not be declared, whoever calls and with what."""

import pytest
from django.db import DatabaseError, connection, connections

from audits.protected.attributes import ATTRIBUTES

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "protected", "vault"])

ONE = "ARRAY[gen_random_uuid()]"
DECLARATIONS = {
    "an attribute that nobody asks for": ("'viewer'", ONE, "ARRAY['shoe size']", "ARRAY['44']"),
    "an answer of another attribute": ("'viewer'", ONE, "ARRAY['gender']", "ARRAY['18-24']"),
    "free text": ("'viewer'", ONE, "ARRAY['gender']", "ARRAY['woman; lives at 3 High Street']"),
    "another spelling": ("'viewer'", ONE, "ARRAY['gender']", "ARRAY['Woman']"),
    "a null answer": ("'viewer'", ONE, "ARRAY['gender']", "ARRAY[NULL]::text[]"),
    "a null attribute": ("'viewer'", ONE, "ARRAY[NULL]::text[]", "ARRAY['woman']"),
    "a null subject": ("'viewer'", "ARRAY[NULL]::uuid[]", "ARRAY['gender']", "ARRAY['woman']"),
    "no list": ("'viewer'", "NULL", "ARRAY['gender']", "ARRAY['woman']"),
    "no answers": ("'viewer'", ONE, "ARRAY['gender']", "NULL"),
    "a kind that declares nothing": ("'title'", ONE, "ARRAY['gender']", "ARRAY['woman']"),
    "padding": ("'padding'", ONE, "ARRAY['gender']", "ARRAY['woman']"),
    "no kind": ("NULL", ONE, "ARRAY['gender']", "ARRAY['woman']"),
    "fewer answers": ("'viewer'", ONE, "ARRAY['gender']", "'{}'"),
    "more answers": ("'viewer'", ONE, "ARRAY['gender']", "ARRAY['woman', 'man']"),
    "more attributes": ("'viewer'", ONE, "ARRAY['gender', 'gender']", "ARRAY['woman']"),
    "a list of lists": (
        "'viewer'",
        "ARRAY[[gen_random_uuid()]]",
        "ARRAY[['gender']]",
        "ARRAY[['woman']]",
    ),
    "too many rows": (
        "'viewer'",
        "(SELECT array_agg(gen_random_uuid()) FROM generate_series(1, 10001))",
        "(SELECT array_agg('gender'::text) FROM generate_series(1, 10001))",
        "(SELECT array_agg('woman'::text) FROM generate_series(1, 10001))",
    ),
}
WITHDRAWALS = {
    "an attribute that nobody asks for": "'viewer', gen_random_uuid(), 'shoe size'",
    "every attribute by an empty name": "'viewer', gen_random_uuid(), ''",
    "nobody": "'viewer', NULL, 'gender'",
    "padding": "'padding', gen_random_uuid(), NULL",
    "no kind": "NULL, gen_random_uuid(), NULL",
}


def arrivals():
    with connections["vault"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM arrivals")
        return cursor.fetchone()[0]


@pytest.mark.parametrize("what", DECLARATIONS)
def test_it_refuses_to_declare(what):
    kind, subjects, attributes, answers = DECLARATIONS[what]
    before = arrivals()
    with pytest.raises(DatabaseError) as refusal, connection.cursor() as cursor:
        cursor.execute(
            f"SELECT protected.declare({kind}, {subjects}, {attributes}, {answers}, false)"
        )
    assert arrivals() == before
    message = str(refusal.value).splitlines()[0]
    assert "High Street" not in message and "shoe" not in message  # the server's log keeps it
    assert message.endswith(".")


def test_it_refuses_a_declaration_that_does_not_say_whether_it_is_invented():
    with pytest.raises(DatabaseError, match="three lists"), connection.cursor() as cursor:
        cursor.execute(
            f"SELECT protected.declare('viewer', {ONE}, ARRAY['gender'], ARRAY['man'], NULL)"
        )


@pytest.mark.parametrize("what", WITHDRAWALS)
def test_it_refuses_to_withdraw(what):
    before = arrivals()
    with pytest.raises(DatabaseError), connection.cursor() as cursor:
        cursor.execute(f"SELECT protected.withdraw({WITHDRAWALS[what]})")
    assert arrivals() == before


def test_one_wrong_row_among_many_refuses_all():
    before = arrivals()
    with pytest.raises(DatabaseError, match="allow-list"), connection.cursor() as cursor:
        cursor.execute(
            "SELECT protected.declare('viewer', ARRAY[gen_random_uuid(), gen_random_uuid()],"
            " ARRAY['gender', 'gender'], ARRAY['man', 'm'], false)"
        )
    assert arrivals() == before


def test_the_database_s_list_is_the_code_s():
    with connections["vault"].cursor() as cursor:
        cursor.execute("SELECT attribute, answer FROM allowed")
        listed = set(cursor.fetchall())
    assert listed == {(name, value) for name, one in ATTRIBUTES.items() for value in one.values}


@pytest.mark.parametrize(
    "values", ["'viewer', 'shoe size'", "'title', 'gender'", "NULL, 'gender'", "'viewer', NULL"]
)
def test_it_announces_no_reading_of_what_nobody_can_declare(values):
    with (
        pytest.raises(DatabaseError, match="can declare"),
        connections["protected"].cursor() as cursor,
    ):
        cursor.execute(f"SELECT protected.announce_reading('test', {values}, now(), NULL, '')")
