"""Declarations are read as of an instant."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from audits.protected import store
from config.embedded import database as embedded

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "protected", "vault"])


def declare(subject, answer, attribute="gender"):
    store.declare("viewer", [(subject, attribute, answer)], synthetic=False)


def read(at=None):
    return {row.subject: row.value for row in store.read("viewer", "gender", purpose="test", at=at)}


def test_a_later_declaration_or_change_does_not_disturb():
    first, second = uuid.uuid4(), uuid.uuid4()
    declare(first, "woman")
    instant = timezone.now()
    declare(first, "non-binary")
    declare(second, "man")
    assert read(instant) == {first: "woman"}
    assert read() == {first: "non-binary", second: "man"}
    assert read(instant) == {first: "woman"}


def test_before_anything_was_declared_there_is_nothing():
    start = timezone.now()
    declare(uuid.uuid4(), "woman")
    assert read(start) == {}


def test_a_withdrawal_takes_the_past_with_it():
    subject = uuid.uuid4()
    declare(subject, "woman")
    instant = timezone.now()
    store.withdraw("viewer", subject)
    declare(subject, "man")
    assert read(instant) == {}
    assert read() == {subject: "man"}


def test_what_is_committed_after_a_reading_counts_from_after_it():
    """Else a long transaction could put an answer into the past of a run that is over."""
    subject = uuid.uuid4()
    with transaction.atomic():
        declare(subject, "woman")
        instant = timezone.now()
        assert read(instant) == {}  # in another session: it is not committed yet
    assert read(instant) == {}
    assert read() == {subject: "woman"}


def test_an_instant_to_come_is_now():
    """Else a reading could put off every later declaration."""
    read(timezone.now() + timedelta(days=400))
    subject = uuid.uuid4()
    declare(subject, "woman")
    assert read() == {subject: "woman"}


def test_the_same_answer_again_keeps_its_instant():
    subject = uuid.uuid4()
    declare(subject, "woman")
    declare(subject, "woman")
    store.fold()
    with connections["vault"].cursor() as cursor:
        cursor.execute("SELECT answers FROM declarations WHERE subject = %s", [subject])
        assert cursor.fetchone() == (["woman"],)


def test_it_folds_many_arrivals_in_their_order():
    subjects = [uuid.uuid4() for _ in range(12_000)]
    for answer in ("woman", "man"):
        rows = [(subject, "gender", answer) for subject in subjects]
        assert store.declare("viewer", rows, synthetic=False) == 12_000
    for subject in subjects[:5]:
        store.withdraw("viewer", subject)
    now = read()
    assert len(now) == 11_995 and set(now.values()) == {"man"}


def test_the_log_says_for_which_run_and_who_asked():
    run, instant = uuid.uuid4(), timezone.now()
    store.read("viewer", "gender", purpose="test", at=instant, run=run, asked_by="ada@example.org")
    line = store.readings()[0]
    assert (line.run, line.asked_by, line.as_of) == (run, "ada@example.org", instant)
    assert line.role == connections["protected"].settings_dict["USER"]


def test_the_web_role_learns_no_count_from_the_log():
    """A count that falls by one after a withdrawal says who had declared."""
    declare(uuid.uuid4(), "woman")
    read()
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM protected.access_log(1)")
        assert not any(isinstance(value, int) for value in cursor.fetchone())


def test_it_is_the_embedded_cluster_that_these_tests_use():
    assert embedded.cluster().exists()
