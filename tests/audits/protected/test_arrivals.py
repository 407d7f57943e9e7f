"""Whether somebody had declared must not show in anything that the web role can see."""

import uuid

import pytest
from django.db import connection, connections, transaction

from audits.protected import store

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "protected", "vault"])

# What PostgreSQL shows everybody: of this transaction, and since the statistics began.
IN_TRANSACTION = """
SELECT relname, seq_scan, seq_tup_read, idx_scan, idx_tup_fetch, n_tup_ins, n_tup_upd, n_tup_del,
       n_tup_hot_upd, n_tup_newpage_upd
FROM pg_stat_xact_all_tables WHERE schemaname = 'protected' ORDER BY relname
"""
# The allow-list is public, and the planner is free to read it by its index or without.
LOCKS = """
SELECT mode, relation::regclass::text FROM pg_locks
WHERE pid = pg_backend_pid() AND locktype = 'relation' AND relation::regclass::text LIKE 'prot%'
  AND relation::regclass::text <> 'protected.allowed_pkey'
ORDER BY 1, 2
"""
SINCE = """
SELECT relname, seq_scan, seq_tup_read, idx_scan, idx_tup_fetch, n_tup_ins, n_tup_upd, n_tup_del,
       n_live_tup, n_dead_tup
FROM pg_stat_all_tables WHERE schemaname = 'protected' ORDER BY relname
"""
OF_INDEXES = """
SELECT indexrelname, idx_scan, idx_tup_read, idx_tup_fetch
FROM pg_stat_all_indexes WHERE schemaname = 'protected' ORDER BY indexrelname
"""


@pytest.fixture
def somebody():
    return make_somebody()


def make_somebody():
    """Return a viewer who declared a gender twice and an age, and one who declared nothing."""
    declared, silent = uuid.uuid4(), uuid.uuid4()
    for gender in ("woman", "man"):
        store.declare("viewer", [(declared, "gender", gender)], synthetic=False)
    store.declare("viewer", [(declared, "age_band", "25-34")], synthetic=False)
    store.fold()
    return declared, silent


def withdraw_all(subject):
    store.withdraw("viewer", subject)


def withdraw_one(subject):
    store.withdraw("viewer", subject, "gender")


def declare(subject):
    store.declare("viewer", [(subject, "gender", "woman")], synthetic=False)


TURNS = 9
MOST_TURNS = 400
ACTS = [withdraw_all, withdraw_one, declare]


def shown(statement, alias="default"):
    with connections[alias].cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


def usual(observe, subjects):
    """Return what each subject shows in most of its turns; turns alternate.

    The server adds its own now and then, whoever the subject is: a session plans anew after five
    calls, a sequence writes to the WAL at every 32nd number, an index splits a page, the first
    change after a checkpoint logs whole pages, and autovacuum counts rows and ends dead ones. A
    difference that the subject makes is there in every turn.
    """
    seen = [[observe(subject) for subject in subjects] for _ in range(TURNS)]
    found = []
    for turns in zip(*seen, strict=True):
        most = max(turns, key=turns.count)
        assert turns.count(most) > TURNS / 2, turns
        found.append(most)
    return found


def floor(observe, subjects):
    """Return the least number that each subject shows, once it has been seen three times.

    Other sessions of the server can only add to it.
    """
    seen = [[] for _ in subjects]
    for _ in range(MOST_TURNS):
        for numbers, subject in zip(seen, subjects, strict=True):
            numbers.append(observe(subject))
        if all(numbers.count(min(numbers)) >= 3 for numbers in seen):
            break
    return [min(numbers) for numbers in seen]


@pytest.mark.parametrize("act", ACTS)
def test_a_transaction_that_is_rolled_back_tells_nothing(act, somebody):
    def observe(subject):
        with transaction.atomic():
            before = shown(IN_TRANSACTION)
            act(subject)
            seen = (_grown(before, shown(IN_TRANSACTION)), shown(LOCKS))
            transaction.set_rollback(True)
        return seen

    declared, silent = usual(observe, somebody)
    assert declared == silent


@pytest.mark.parametrize("act", ACTS)
def test_it_writes_as_much_to_the_log_of_the_database(act, somebody):
    """The bytes of WAL that a transaction adds are the same, but for the server's own."""

    def observe(subject):
        with transaction.atomic():
            act(subject)  # the first change after a checkpoint logs whole pages
            before = shown("SELECT pg_current_wal_insert_lsn()")[0][0]
            act(subject)
            size = shown(f"SELECT pg_current_wal_insert_lsn() - '{before}'")[0][0]
            transaction.set_rollback(True)
        return size

    declared, silent = floor(observe, somebody)
    assert declared == silent


@pytest.mark.parametrize(
    "call",
    [
        "protected.withdraw('viewer', %s, NULL)",
        "protected.withdraw('viewer', %s, 'gender')",
        "protected.declare('viewer', ARRAY[%s::uuid], ARRAY['gender'], ARRAY['man'], false)",
    ],
)
def test_the_plan_of_a_call_tells_nothing(call, somebody):
    def observe(subject):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                f"EXPLAIN (ANALYZE, BUFFERS off, WAL, TIMING off, SUMMARY off) SELECT {call}",
                [subject],
            )
            plan = cursor.fetchall()
            transaction.set_rollback(True)
        return plan

    declared, silent = usual(observe, somebody)
    assert declared == silent


@pytest.mark.parametrize("act", ACTS)
def test_the_counters_of_a_fold_tell_nothing(act):
    """Two worlds of the same size: in one the subject had declared, in the other not."""
    declared, silent = usual(lambda which: of_a_fold(act, which), (0, 1))
    assert declared == silent


def of_a_fold(act, which):
    with connections["vault"].cursor() as cursor:
        cursor.execute("TRUNCATE declarations")
    subject = make_somebody()[which]
    before = (counted(SINCE), counted(OF_INDEXES))
    act(subject)
    store.fold()
    after = (counted(SINCE), counted(OF_INDEXES))
    sizes = shown("SELECT reltuples, relpages FROM pg_class WHERE relname = 'declarations'")
    return [_grown(old, new) for old, new in zip(before, after, strict=True)], sizes


def counted(statement):
    """Return the counters after every session has reported its own."""
    for alias in ("default", "protected", "vault"):
        shown("SELECT pg_stat_force_next_flush()", alias)
        shown("SELECT 1", alias)
    shown("SELECT pg_stat_clear_snapshot()")
    return shown(statement)


def _grown(before, after):
    return [
        (new[0], *(now - then for then, now in zip(old[1:], new[1:], strict=True)))
        for old, new in zip(before, after, strict=True)
    ]


def test_a_withdrawal_really_deletes_also_the_older_answers(somebody):
    declared, _ = somebody
    store.withdraw("viewer", declared, "gender")
    store.fold()
    with connections["vault"].cursor() as cursor:
        cursor.execute("SELECT attribute FROM declarations WHERE subject = %s", [declared])
        assert cursor.fetchall() == [("age_band",)]
        cursor.execute("SELECT count(*) FROM arrivals")
        assert cursor.fetchone() == (0,)


def test_what_is_withdrawn_and_declared_again_starts_anew():
    subject = uuid.uuid4()
    for answer in ("woman", None, "man"):
        if answer:
            store.declare("viewer", [(subject, "gender", answer)], synthetic=False)
        else:
            store.withdraw("viewer", subject)
    store.fold()
    with connections["vault"].cursor() as cursor:
        cursor.execute("SELECT answers FROM declarations WHERE subject = %s", [subject])
        assert cursor.fetchall() == [(["man"],)]


def test_the_values_are_no_part_of_the_statement_that_a_server_logs():
    subject = uuid.uuid4()
    store.declare("viewer", [(subject, "ethnicity", "white")], synthetic=False)
    with connections["vault"].cursor() as cursor:
        # Of the web role's own session, so ask as it does.
        cursor.execute("SELECT pg_backend_pid()")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE query LIKE %s AND pid <> pg_backend_pid()",
            [f"%{subject}%"],
        )
        assert cursor.fetchone() == (0,)
