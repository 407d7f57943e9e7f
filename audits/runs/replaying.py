"""Replaying a document: is it as this installation made it, and do its numbers come out again?"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from audits.models import AuditRun, Replay
from audits.runs import document as documents
from audits.runs import versions
from audits.runs.comparing import Difference, differences
from audits.runs.computing import Computed
from audits.runs.gone import Gone, gone
from audits.runs.registration import digest
from audits.runs.signing import signing_key
from personalization.models import ModelVersion
from tools.verify_evidence import (
    DoesNotVerify,
    NotReadable,
    VerifierKey,
    canonical,
    read_json,
    verify_document,
)

Outcome = Replay.Outcome
Compute = Callable[[dict[str, Any], ModelVersion | None], Computed]
CODE = "inputs.code"


@dataclass
class Report:
    """What a replay found. `altered` compares with the document kept here; `changed` recomputes."""

    outcome: Outcome = Outcome.SAME
    altered: list[Difference] = field(default_factory=list)
    changed: list[Difference] = field(default_factory=list)
    rounding: list[Difference] = field(default_factory=list)
    versions: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    gone: Gone = field(default_factory=Gone)
    computed: dict[str, Any] | None = None

    def findings(self) -> list[str]:
        """Return every difference in words."""
        every = [*self.altered, *self.changed, *self.rounding]
        return [*map(str, every), *self.versions, *self.notes, *self.gone.words()]


def replay(document: dict[str, Any], compute: Compute) -> Report:
    """Compare every field of a checked document with what is kept here, and compute it again.

    `compute` is called once, unless the document is of another installation or its registration
    was altered: then there is nothing to compute again.
    """
    report = Report()
    kept = documents.kept(document["run"], document["registration_digest"])
    here = documents.installation()
    if kept is None and document["installation"] != here:
        report.outcome = Outcome.ELSEWHERE
        report.notes.append(
            f"It is a document of another installation, {document['installation']}; this one is "
            f"{here}. Its numbers can be computed again only there."
        )
        return report
    if kept is None:
        report.notes.append(
            "This installation keeps no document of this run, so what was registered and when "
            "cannot be compared."
        )
    else:
        report.altered += differences(kept, document)
        report.notes += _of_rows(kept)
    plan = document["registration"]
    if digest(plan) != document["registration_digest"]:
        made = Difference("registration_digest", digest(plan), document["registration_digest"])
        report.altered.append(made)
    _check_signature(document, kept, report)
    if any(each.path.startswith("registration") for each in report.altered):
        report.notes.append("The numbers were not computed again: the registration was altered.")
    elif not AuditRun.objects.filter(registration_digest=digest(plan)).exists():
        # Whoever could invent a registration could have declarations read as of any instant.
        report.outcome = Outcome.ALTERED
        report.notes.append("Nothing was computed: this installation never registered this run.")
        return report
    else:
        _recompute(document, compute, report)
    report.outcome = _outcome(report, document)
    return report


def _recompute(document: dict[str, Any], compute: Compute, report: Report) -> None:
    plan = document["registration"]
    number = plan["model"]["id"]
    model = ModelVersion.objects.filter(pk=number).first() if number else None
    if (model.sha256 if model else None) != plan["model"]["sha256"]:
        report.changed.append(
            Difference("model.sha256", plan["model"]["sha256"], model.sha256 if model else None)
        )
        report.notes.append(f"Model version {number} of the document is not in this database.")
        return
    computed = documents.describe(plan, digest(plan), compute(plan, model))
    report.computed = now = dict(read_json(canonical(computed).decode()))
    report.gone = gone(document, now)
    found = list(differences({name: document[name] for name in now}, now))
    code = [each for each in found if each.path.startswith(CODE)]
    report.versions = versions.differences(document["inputs"]["code"], now["inputs"]["code"])
    report.versions = report.versions or [str(each) for each in code]
    report.rounding = [each for each in found if each.is_rounding and each not in code]
    report.changed += [each for each in found if each not in code and each not in report.rounding]


def _of_rows(kept: dict[str, Any]) -> list[str]:
    """Say where the run's rows no longer agree with the document that was signed."""
    run = AuditRun.objects.filter(public_id=kept["run"]).first()
    if run is None:
        return ["The run's rows are no longer in this database."]
    written = documents.write(run) | {name: kept[name] for name in ("limits", "signature")}
    rows = read_json(canonical(written).decode())
    return [f"In the database, {each}." for each in differences(kept, rows)]


def _check_signature(document: dict[str, Any], kept: dict[str, Any] | None, report: Report) -> None:
    signature, own = document["signature"], signing_key()
    if signature is None:
        report.notes.append("The document is not signed.")
        return
    trusted = {kept["signature"]["key"]} if kept and kept["signature"] else set()
    trusted |= {str(own.verifier)} if own else set()
    if trusted and signature["key"] not in trusted:
        report.notes.append("The document is signed by a key that is not this installation's.")
        report.altered.append(Difference("signature.key", sorted(trusted)[0], signature["key"]))
        return
    try:
        verify_document(document, VerifierKey.parse(signature["key"]))
    except (DoesNotVerify, NotReadable) as error:
        report.notes.append(f"The document was altered: {error}.")
        if not report.altered:
            report.altered.append(Difference("signature.value", None, signature["value"]))


def _outcome(report: Report, document: dict[str, Any]) -> Outcome:
    if report.altered:
        return Outcome.ALTERED
    if report.gone and all(report.gone.explains(each, document) for each in report.changed):
        return Outcome.WITHOUT
    rows = any(note.startswith("In the database") for note in report.notes)
    return Outcome.DIFFERENT if report.changed or rows else Outcome.SAME
