"""Replaying a document: is it as this installation made it, and do its numbers come out again?"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from audits.metrics.groups import UNDECLARED
from audits.models import AuditRun, Replay
from audits.runs import document as documents
from audits.runs import versions
from audits.runs.comparing import Difference, differences
from audits.runs.computing import Computed
from audits.runs.registration import digest
from audits.runs.signing import signing_key
from personalization.models import ModelVersion, SealedDay
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
# The inputs that differ once plays were removed from histories, and once profiles have left.
OF_HISTORIES = {"exposure", "history", "vectors"}
OF_VIEWERS = OF_HISTORIES | {"cohort", "standings", "impressions", "logged"}
# What is measured from the journal, which keeps its rows for JOURNAL_RETENTION_DAYS.
OF_IMPRESSIONS = {"exposure_difference_logged", "leakage_beyond_titles"}
CODE = "inputs.code"


@dataclass
class Gone:
    """How much of what the run read has been deleted since, by whoever had the right to."""

    viewers: int = 0
    watch_events: int = 0
    declared: dict[str, int | None] = field(default_factory=dict)  # None: it cannot be counted
    impressions: int = 0
    cast: list[str] = field(default_factory=list)  # attributes that credited people withdrew

    def __bool__(self) -> bool:
        counts = self.viewers + self.watch_events + self.impressions
        return bool(counts or self.declared or self.cast)

    def words(self) -> list[str]:
        """Say what is gone, one sentence each."""
        said = []
        if self.viewers:
            said.append(f"{self.viewers} of the run's viewers have left.")
        if self.watch_events:
            said.append(f"{self.watch_events} plays that the run read have been removed.")
        for name, count in self.declared.items():
            if count is None:
                said.append(f"Some have withdrawn {name}, or left; small groups hide how many.")
            elif count:
                said.append(f"{count} of those who declared {name} have withdrawn it, or left.")
            else:
                said.append(f"Somebody whom the run did not read has withdrawn {name}, or left.")
        if self.impressions:
            said.append(f"{self.impressions} impressions have left the journal, as all do in time.")
        said += [f"A credited person has withdrawn {name}." for name in self.cast]
        return said

    def explains(self, change: Difference, document: dict[str, Any]) -> bool:
        """Say whether a field may differ for this reason."""
        area, _, name = change.path.partition(".")
        if area == "inputs":
            return self._explains_input(name, change.now)
        if self.viewers or self.watch_events or area == "synthetic":
            return True
        if area == "groups":
            return name.partition(".")[0] in self.declared
        number = area.removeprefix("measures[").removesuffix("]")
        if not number.isdecimal():
            return False
        if int(number) >= len(document["measures"]):
            return bool(self.declared or self.cast)
        measure = document["measures"][int(number)]
        if measure["attribute"] in self.declared or measure["attribute"] in self.cast:
            return True
        return bool(self.impressions) and measure["name"] in OF_IMPRESSIONS

    def _explains_input(self, name: str, now: Any) -> bool:
        is_personal = name.startswith("declared") or name in OF_VIEWERS
        if name.startswith("counts.") or (is_personal and now == ""):
            return True  # a key is destroyed when somebody withdraws or leaves
        if name == "impressions" and self.impressions:
            return True
        return name in (OF_VIEWERS if self.viewers else OF_HISTORIES if self.watch_events else ())


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
    report.gone = _gone(document, now)
    found = list(differences({name: document[name] for name in now}, now))
    code = [each for each in found if each.path.startswith(CODE)]
    report.versions = versions.differences(document["inputs"]["code"], now["inputs"]["code"])
    report.versions = report.versions or [str(each) for each in code]
    report.rounding = [each for each in found if each.is_rounding and each not in code]
    report.changed += [each for each in found if each not in code and each not in report.rounding]


def _gone(document: dict[str, Any], now: dict[str, Any]) -> Gone:
    then, left = document["inputs"]["counts"], now["inputs"]["counts"]
    gone = Gone(
        viewers=max(0, document["cohort"]["viewers"] - left["viewers"]),
        watch_events=max(0, then.get("watch_events", 0) - left["watch_events"]),
    )
    if then.get("impressions", 0) > left["impressions"] and _has_dropped(document):
        gone.impressions = then["impressions"] - left["impressions"]
    for name in document["registration"]["attributes"]:
        if _is_destroyed(f"declared:{name}", document, now):
            old, new = (_declared(each, name) for each in (document, now))
            gone.declared[name] = None if old is None or new is None else max(0, old - new)
        if _is_destroyed(f"declared by the cast:{name}", document, now):
            gone.cast.append(name)
    return gone


def _has_dropped(document: dict[str, Any]) -> bool:
    """Say whether days have left the journal since the run."""
    at = datetime.fromisoformat(document["registration"]["at"])
    return SealedDay.objects.filter(dropped_at__gt=at).exists()


def _is_destroyed(name: str, document: dict[str, Any], now: dict[str, Any]) -> bool:
    """Say whether the key of an input's commitment is gone: somebody withdrew, or left."""
    return bool(document["inputs"].get(name)) and not now["inputs"].get(name)


def _declared(document: dict[str, Any], attribute: str) -> int | None:
    """Return how many viewers had declared an attribute, or None where the document hides it."""
    undeclared = document["groups"].get(attribute, {}).get(UNDECLARED)
    if undeclared is None:
        return None
    return int(document["inputs"]["counts"]["viewers"]) - int(undeclared)


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
