"""A run as a document: canonical JSON under a published schema, signed by the audit worker."""

from datetime import UTC, datetime
from typing import Any

from audits.models import AuditRun, Installation, RunDocument, Statistic
from audits.routers import AUDIT
from audits.runs.computing import Computed, is_headline
from audits.runs.signing import signing_key
from audits.schema import NAME, VERSION
from tools.verify_evidence import canonical, document_digest, read_json

LIMITS = (
    "The numbers describe viewers who declared the attribute. Everybody else is one row.",
    "“Insufficient evidence” is no sign of fairness, and no verdict is a legal judgement.",
    "Adjusted p values account for the headlines of this run alone, not for other runs.",
    "The signature shows who made the document and that it is unchanged. It does not show that "
    "the data read were true.",
    "Whoever withdraws a declaration, removes something from their history or leaves is missing "
    "from a later replay. The replay then says how many, and shows both results.",
    "Another processor or library may round the last digits differently. A replay names these.",
)


def write(run: AuditRun) -> dict[str, Any]:
    """Return a finished run as an unsigned document."""
    computed = Computed(list(run.statistics.all()), run.inputs, run.groups, run.synthetic)
    identity = {
        "run": str(run.public_id),
        "registered_at": moment(run.registered_at),
        "finished_at": moment(run.finished_at),
        "installation": installation(),
        "limits": list(LIMITS),
    }
    return describe(run.registration, run.registration_digest, computed) | identity


def describe(plan: dict[str, Any], plan_digest: str, computed: Computed) -> dict[str, Any]:
    """Return all of a document that follows from the registration and the numbers."""
    return {
        "schema": NAME,
        "schema_version": VERSION,
        "kind": plan["kind"],
        "headline": is_headline(plan),
        "synthetic": computed.synthetic,
        "model": plan["model"],
        "slate": plan["slate"],
        "cohort": plan["cohort"],
        "seed": plan["seed"],
        "registration": plan,
        "registration_digest": plan_digest,
        "inputs": computed.inputs,
        "groups": computed.groups,
        "measures": [measure(statistic) for statistic in computed.statistics],
    }


def signed(document: dict[str, Any]) -> dict[str, Any]:
    """Return a document with its signature; null where this process holds no key."""
    key = signing_key()
    if key is None:
        return document | {"signature": None}
    value = key.sign_document(canonical(document))
    return document | {"signature": {"key": str(key.verifier), "value": value}}


def keep(run: AuditRun) -> RunDocument:
    """Write, sign and store the document of a run that has just finished. Needs the audit role."""
    document = signed(write(run))
    return RunDocument.objects.using(AUDIT).create(
        run=run.public_id,
        registration_digest=run.registration_digest,
        text=canonical(document).decode(),
        digest=document_digest(document),
    )


def kept(run: str, plan_digest: str) -> dict[str, Any] | None:
    """Return the document that is kept for a run's id, else for its registration, or None."""
    documents = RunDocument.objects.order_by("id")
    found = documents.filter(run=run).first()
    found = found or documents.filter(registration_digest=plan_digest).first()
    return dict(read_json(found.text)) if found else None


def installation() -> str:
    """Return this installation's id, which was made with its record."""
    return str(Installation.objects.get().public_id)


def moment(at: datetime | None) -> str | None:
    """Return an instant in UTC, as documents spell it."""
    return at.astimezone(UTC).isoformat() if at else None


def measure(statistic: Statistic) -> dict[str, Any]:
    """Return one statistic of a document."""
    bounds = [statistic.low, statistic.high]
    return {
        "name": statistic.name,
        "attribute": statistic.attribute,
        "group": statistic.group,
        "estimate": statistic.estimate,
        "interval": None if None in bounds else bounds,
        "null": statistic.null,
        "p": statistic.p,
        "p_adjusted": statistic.p_adjusted,
        "margin": statistic.margin,
        "minimum_detectable": statistic.detectable,
        "viewers": statistic.viewers,
        "verdict": statistic.verdict,
        "headline": statistic.headline,
        "detail": statistic.detail,
    }
