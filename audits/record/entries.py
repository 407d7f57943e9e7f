"""What a leaf of the evidence log holds of an event: canonical JSON with digests, nothing personal.

Each entry follows from the rows that its event tells of. So a page can make it again from the rows
as they are now, and see whether they are what was logged.
"""

import hashlib
import hmac
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import ValidationError

from audits.models import AuditRun, Finding, RunDocument, Statistic
from tools.verify_evidence import canonical, document_digest, read_json


@dataclass(frozen=True)
class Event:
    """One row of `record.events`."""

    id: int
    kind: str
    subject: str
    body: dict[str, Any]
    at: datetime


class RowGone(LookupError):
    """What an event tells of is not there any more."""


def moment(at: datetime) -> str:
    """Return an instant in UTC, to the microsecond."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def digest(value: Any) -> str:
    """Return the SHA-256 of the canonical JSON of a value, as leaves hold it."""
    return "sha256:" + hashlib.sha256(canonical(value)).hexdigest()


def commitment(key: bytes, text: str) -> str:
    """Return the keyed commitment to a text (HMAC-SHA256): without the key it says nothing."""
    return "hmac-sha256:" + hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


class RowSource:
    """The rows that events tell of, as they are now: those given, and else the database's.

    Args:
        alias: the database's alias.
        runs: rows that are at hand, with their statistics.
    """

    def __init__(self, alias: str = "default", runs: Iterable[AuditRun] = ()) -> None:
        self.alias = alias
        self._runs = {str(run.public_id): run for run in runs}
        documents = RunDocument.objects.using(alias).filter(run__in=self._runs)
        self._texts = {str(one.run): one.text for one in documents} if self._runs else {}

    def run(self, subject: str) -> AuditRun:
        """Return a run by its public id. Raises RowGone."""
        if subject in self._runs:
            return self._runs[subject]
        try:
            return AuditRun.objects.using(self.alias).get(public_id=subject)
        except (AuditRun.DoesNotExist, ValidationError) as error:
            raise RowGone(f"run {subject}") from error

    def document(self, run: AuditRun) -> str | None:
        """Return the text of a run's document, or None where it has none."""
        if str(run.public_id) in self._runs:
            return self._texts.get(str(run.public_id))
        documents = RunDocument.objects.using(self.alias).filter(run=run.public_id)
        return documents.values_list("text", flat=True).first()

    def finding(self, number: str) -> Finding:
        """Return a finding by its number. Raises RowGone."""
        findings = Finding.objects.using(self.alias).select_related("statistic__run")
        finding = findings.filter(pk=number).first() if number.isdecimal() else None
        if finding is None:
            raise RowGone(f"finding {number}")
        return finding


def entry(event: Event, rows: RowSource) -> bytes:
    """Return the leaf of an event, from the rows as they are now. Raises RowGone."""
    made = {"kind": event.kind, "at": moment(event.at), "subject": event.subject}
    told = WRITERS.get(event.kind)
    return canonical(made | (told(event, rows) if told else event.body))


def _requested(event: Event, rows: RowSource) -> dict[str, Any]:
    run = rows.run(event.subject)
    return {
        "digest": digest(
            {
                "number": run.pk,
                "model": run.model_id,
                "kind": run.kind,
                "attributes": run.attributes,
                "effort": run.effort,
                "requested_role": run.requested_role,
                "requested_at": moment(run.requested_at),
            }
        ),
        "by": commitment(run.seal.bytes, run.requested_by),
        "earlier": run.is_earlier,
    }


def _registered(event: Event, rows: RowSource) -> dict[str, Any]:
    run = rows.run(event.subject)
    return {"digest": digest(run.registration), "model": run.model_sha256}


def _finished(event: Event, rows: RowSource) -> dict[str, Any]:
    run = rows.run(event.subject)
    text = rows.document(run)
    of_document = document_digest(read_json(text)) if text else content(run)
    return {"digest": of_document, "content": content(run)}


def _failed(event: Event, rows: RowSource) -> dict[str, Any]:
    run = rows.run(event.subject)
    return {"digest": digest([run.failure, moment(run.finished_at) if run.finished_at else None])}


def _finding(event: Event, rows: RowSource) -> dict[str, Any]:
    finding = rows.finding(event.subject.removeprefix("finding "))
    return {
        "run": str(finding.statistic.run.public_id),
        "digest": digest(
            {
                "statistic": finding.statistic.number,
                "judgement": finding.judgement,
                "note": finding.note,
                "role": finding.role,
                "at": moment(finding.at),
            }
        ),
        "by": commitment(finding.seal.bytes, finding.by),
    }


def content(run: AuditRun) -> str:
    """Return the digest of a run's results: its registration, inputs, groups and statistics."""
    return digest(
        {
            "registration": run.registration,
            "inputs": run.inputs,
            "groups": run.groups,
            "synthetic": run.synthetic,
            "registered_at": moment(run.registered_at) if run.registered_at else None,
            "finished_at": moment(run.finished_at) if run.finished_at else None,
            "statistics": [_statistic(one) for one in run.statistics.all()],
        }
    )


FIELDS = tuple(
    field.name for field in Statistic._meta.concrete_fields if field.name not in {"id", "run"}
)


def _statistic(statistic: Statistic) -> dict[str, Any]:
    return {name: getattr(statistic, name) for name in FIELDS}


WRITERS: dict[str, Callable[[Event, RowSource], dict[str, Any]]] = {
    "run.requested": _requested,
    "run.registered": _registered,
    "run.finished": _finished,
    "run.failed": _failed,
    "finding.recorded": _finding,
}
