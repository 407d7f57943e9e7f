"""What the audit worker notes of other processes' doings: releases, days, erasures, staff, bounds.

It reads their rows at each tick and compares them with what it noted last. So nobody can forget to
tell it, and a row that is changed later is noted again. What comes and goes between two ticks is
not seen.
"""

import json
from collections.abc import Iterator
from typing import Any

from django.conf import settings

from audits.record import ledger
from audits.record.entries import commitment, digest, moment
from audits.runs import versions
from audits.runs.registration import MARGINS
from catalog.models import Account
from personalization import inspection
from personalization.models import Erasure, SealedDay, StateChange
from personalization.models.erasure import SealedDayRewrite
from tools.verify_evidence import NotReadable

Fact = tuple[str, str, dict[str, Any]]  # kind, subject, body
BOUNDS = ("AUDIT_", "GATE_", "RELEASE_")
LATEST = "SELECT DISTINCT ON (subject) subject, body FROM record.events WHERE kind = %s" \
    " ORDER BY subject, id DESC"  # fmt: skip


def observe() -> int:
    """Note what has changed since the last tick; return how many events that made."""
    made = 0
    with ledger.turn() as cursor:
        for kind, facts in _facts(cursor).items():
            cursor.execute(LATEST, [kind])
            known = dict(cursor.fetchall())
            for subject, body in facts.items():
                if _loaded(known.get(subject)) != body:
                    ledger.note(cursor, kind, subject, body)
                    made += 1
    return made


def _facts(cursor: Any) -> dict[str, dict[str, dict[str, Any]]]:
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for source in (_releases(), _days(), _rewrites(), _erasures(cursor), _staff(cursor), _bounds()):
        for kind, subject, body in source:
            found.setdefault(kind, {})[subject] = body
    return found


def _releases() -> Iterator[Fact]:
    for change in StateChange.objects.select_related("model").order_by("pk"):
        body = {
            "model": change.model.sha256,
            "state": change.state,
            "reason": _digest(change.reason),
            "gate": _digest(change.model.gate),
            "evaluation": _digest(change.model.evaluation),
            "changed_at": moment(change.at),
        }
        yield "model.state", f"model {change.model_id}, change {change.pk}", body


def _days() -> Iterator[Fact]:
    for day in SealedDay.objects.order_by("day"):
        body = {"digest": f"sha256:{day.sha256}", "rows": day.rows, "schema": day.schema_version}
        yield "day.sealed", f"day {day.day}", body


def _rewrites() -> Iterator[Fact]:
    for rewrite in SealedDayRewrite.objects.order_by("pk"):
        body = {
            "day": str(rewrite.day),
            "old": f"sha256:{rewrite.old_sha256}",
            "new": f"sha256:{rewrite.new_sha256}",
            "why": rewrite.why,
        }
        yield "day.rewritten", f"rewrite {rewrite.pk}", body


def _erasures(cursor: Any) -> Iterator[Fact]:
    """An erasure has a number and nothing else here, so that the log names nobody."""
    owed = {f"erasure {number}" for number in Erasure.objects.values_list("pk", flat=True)}
    cursor.execute(LATEST, ["erasure"])
    for subject in sorted(owed | {subject for subject, _ in cursor.fetchall()}):
        yield "erasure", subject, {"state": "owed" if subject in owed else "done"}


def _staff(cursor: Any) -> Iterator[Fact]:
    """Each account that is staff, under a code made with a key that goes when the account goes."""
    cursor.execute("SELECT account, key FROM record.account_keys")
    keys = {account: bytes(key) for account, key in cursor.fetchall()}
    accounts = Account.objects.filter(is_staff=True) | Account.objects.filter(pk__in=keys)
    accounts = accounts.distinct().prefetch_related("groups").order_by("pk")
    there = set()
    for account in accounts:
        there.add(account.pk)
        body = {
            "staff": account.is_staff and account.is_active,
            "superuser": account.is_superuser,
            "groups": sorted(group.name for group in account.groups.all()),
        }
        yield "staff", _code(_key(cursor, keys, account.pk), account.pk), body
    for gone in set(keys) - there:
        yield "staff", _code(keys[gone], gone), {"staff": False, "superuser": False, "groups": []}
        cursor.execute("DELETE FROM record.account_keys WHERE account = %s", [gone])


def _key(cursor: Any, keys: dict[int, bytes], account: int) -> bytes:
    if account not in keys:
        cursor.execute(
            "INSERT INTO record.account_keys (account, key)"
            " VALUES (%s, sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())))"
            " RETURNING key",
            [account],
        )
        keys[account] = bytes(cursor.fetchone()[0])
    return keys[account]


def _code(key: bytes, account: int) -> str:
    return commitment(key, f"account {account}")


def _bounds() -> Iterator[Fact]:
    bounds = {name: getattr(settings, name) for name in dir(settings) if name.startswith(BOUNDS)}
    body = {
        "margins": MARGINS,
        "bounds": bounds,
        "manifest": inspection.feature_manifest().digest,
        "code": versions.code()["digest"],
    }
    yield "settings", "of the audit worker", body


def _digest(value: Any) -> str:
    try:
        return digest(value)
    except NotReadable:  # a number that is none in JSON
        return digest(repr(value))


def _loaded(body: Any) -> Any:

    return json.loads(body) if isinstance(body, str) else body
