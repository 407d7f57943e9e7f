"""What leaves the wall about answers is keyed, and the key stays."""

import hashlib
import hmac
import itertools
import json
import uuid

import pytest
from django.db import DatabaseError, connections
from django.utils import timezone

from audits.protected import store
from audits.runs import document
from audits.runs.registration import digest
from tests.audits.record.rows import run_of
from tests.audits.worlds import ALL, make_world

pytestmark = pytest.mark.django_db(transaction=True, databases=ALL)


def declare(subject, answer):
    store.declare("viewer", [(subject, "gender", answer)], synthetic=False)


def commit(run, at, **options):
    return store.read_for_run("viewer", "gender", purpose="test", at=at, run=run, **options)[1]


def test_a_suppressed_answer_cannot_be_found_in_a_published_document():
    """The attack: every answer but one is known, so try each answer for that one."""
    run = run_of(make_world(women=12, men=12), attributes=())
    written = json.dumps(document.write(run), default=str)
    answers = {
        row.subject: row.value for row in store.read("viewer", "gender", purpose="the attack")
    }
    subjects = sorted(answers)
    people = [str(viewer) for viewer in subjects]
    for guess in ("woman", "man", "non-binary", "another", None):
        values = [answers[subject] for subject in subjects[:-1]] + [guess]
        pairs = list(zip(people, values, strict=True))
        for encoded in (values, pairs, dict(pairs), [list(pair) for pair in pairs]):
            assert digest(encoded) not in written
        text = "\n".join(f"{subject}|{value}|false" for subject, value in pairs)
        for message in (text, f"viewer|gender\n{text}"):
            assert hashlib.sha256(message.encode()).hexdigest() not in written


def test_no_input_of_a_document_is_a_plain_digest_of_what_people_are_or_watched():
    model = make_world(women=12, men=12)
    run, again = run_of(model, attributes=()), run_of(model, attributes=())
    same = {name for name, value in run.inputs.items() if value and value == again.inputs[name]}
    # Two runs over the same people have nothing in common that is personal.
    assert same == {
        "artworks",
        "artwork_features",
        "cast",
        "code",
        "counts",
        "leads",
        "model",
        "weights",
    }
    assert "digest" not in run.registration["cohort"]


def test_the_commitment_is_the_hmac_that_it_says():
    first, second = sorted((uuid.uuid4(), uuid.uuid4()))
    declare(second, "man")
    declare(first, "woman")
    run, at = uuid.uuid4(), timezone.now()
    committed = commit(run, at)
    with connections["vault"].cursor() as cursor:
        cursor.execute("SELECT key FROM commitment_keys WHERE run = %s", [run])
        key = bytes(cursor.fetchone()[0])
    message = f"viewer|gender\n{first}|woman|false\n{second}|man|false".encode()
    assert committed == hmac.new(key, message, hashlib.sha256).hexdigest()
    assert len(key) == 32


def test_a_replay_compares_under_the_key_of_the_original():
    subject, run, at = uuid.uuid4(), uuid.uuid4(), None
    declare(subject, "woman")
    at = timezone.now()
    committed = commit(run, at)
    declare(subject, "man")  # a later change does not disturb
    declare(uuid.uuid4(), "man")
    replay = {"keys_of": run, "make": False}
    assert commit(uuid.uuid4(), at, **replay) == committed
    assert commit(uuid.uuid4(), at) != committed
    assert commit(uuid.uuid4(), timezone.now(), **replay) not in {committed, None}


@pytest.mark.parametrize("declared", [True, False])
@pytest.mark.parametrize("attribute", ["gender", None])
def test_a_withdrawal_destroys_the_key(declared, attribute):
    """Also of somebody who had declared nothing: else the number of keys would tell."""
    subject, run = uuid.uuid4(), uuid.uuid4()
    if declared:
        declare(subject, "woman")
    at = timezone.now()
    commit(run, at)
    store.withdraw("viewer", subject, attribute)
    assert commit(uuid.uuid4(), at, keys_of=run, make=False) is None


def test_a_withdrawal_of_another_attribute_keeps_the_key():
    run, at = uuid.uuid4(), timezone.now()
    committed = commit(run, at)
    store.withdraw("viewer", uuid.uuid4(), "age_band")
    store.withdraw("person", uuid.uuid4())
    assert commit(uuid.uuid4(), at, keys_of=run, make=False) == committed


def test_the_key_of_other_inputs_goes_when_a_viewer_leaves():
    run = uuid.uuid4()
    key = store.input_key(run)
    assert key is not None and len(key) == 32
    assert store.input_key(run, make=False) == key != store.input_key(uuid.uuid4())
    store.withdraw("viewer", uuid.uuid4())
    store.fold()
    assert store.input_key(run, make=False) is None


def test_a_commitment_needs_an_announced_reading():
    with (
        pytest.raises(DatabaseError, match="No reading was announced"),
        connections["protected"].cursor() as cursor,
    ):
        cursor.execute("SELECT protected.commitment(%s, %s, true)", [uuid.uuid4(), uuid.uuid4()])


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT protected.commitment_key(gen_random_uuid(), 'viewer', 'gender', true)",
        "SELECT protected.hmac_sha256('', '')",
        "SELECT * FROM protected.commitment_keys",
        "SELECT * FROM protected.announced_reading(gen_random_uuid())",
        "SELECT * FROM protected.arrivals",
        "SELECT * FROM protected.marks",
        "SELECT * FROM protected.allowed",
    ],
)
def test_no_role_reaches_what_lies_behind_the_functions(statement):
    for alias in ("default", "protected"):
        with (
            pytest.raises(DatabaseError, match="permission denied"),
            connections[alias].cursor() as cursor,
        ):
            cursor.execute(statement)


def test_two_answers_among_many_are_as_safe():
    """The published commitment matches no plain digest of any pair of guesses."""
    known = [(str(uuid.uuid4()), "man") for _ in range(100)]
    hidden = [uuid.uuid4(), uuid.uuid4()]
    for subject, answer in [*known, *zip(hidden, ("woman", "non-binary"), strict=True)]:
        declare(uuid.UUID(str(subject)), answer)
    committed = commit(uuid.uuid4(), timezone.now())
    for guesses in itertools.product(("woman", "man", "non-binary", "another"), repeat=2):
        rows = sorted([*known, *zip(map(str, hidden), guesses, strict=True)])
        text = "viewer|gender\n" + "\n".join(f"{who}|{what}|false" for who, what in rows)
        assert hashlib.sha256(text.encode()).hexdigest() != committed
        assert hmac.new(b"", text.encode(), hashlib.sha256).hexdigest() != committed
