"""`manage.py audit`: measure a model version, or run a document again to the same numbers."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from audits.models import AuditRun
from audits.protected import store
from audits.protected.attributes import ATTRIBUTES
from audits.runs import checking, document, registration
from audits.runs.execution import execute
from audits.runs.registration import BadSeed, NothingToAudit, UnknownAttribute
from catalog.management.prepared import PreparedCommand
from personalization.models import ModelVersion

COLUMNS = "{:<40} {:<11} {:<15} {:>8} {:>19} {:>9} {:>7} {:>7}  {}"

HEADS = (
    "measure", "attribute", "group", "estimate", "95 % interval", "null", "p", "viewers", "verdict",
)  # fmt: skip


class Command(PreparedCommand):
    help = (
        "Measures what a model version does to groups of people. The run is registered before any "
        "declaration is read, every reading is logged, and a run can be repeated to the same "
        "numbers."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group()
        what.add_argument(
            "--model",
            default="serving",
            help="'serving' (default), or the number of a model version",
        )
        what.add_argument("--replay", metavar="FILE", help="run this document again and compare")
        parser.add_argument("--json", metavar="PATH", help="write the document to this file")
        parser.add_argument(
            "--attribute",
            action="append",
            choices=sorted(ATTRIBUTES),
            help="measure this attribute; may be given again (default: all)",
        )
        parser.add_argument(
            "--seed",
            type=int,
            help="of an exploratory run; a planned run's seed follows from its registration",
        )
        parser.add_argument(
            "--full", action="store_true", help="use more shuffles and folds; this takes longer"
        )
        parser.add_argument(
            "--exploratory",
            action="store_true",
            help="mark the run as exploratory: never a headline",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not store.holds_audit_role():
            raise CommandError("This process does not hold the audit role (AUDIT_DATABASE_URL).")
        before = _document(options["replay"]) if options["replay"] else None
        try:
            run = _again(before) if before else _new(options)
        except (NothingToAudit, UnknownAttribute, BadSeed) as problem:
            raise CommandError(str(problem)) from problem
        plan = before["registration"] if before else None
        run = _executed(run, plan=plan, seed=options["seed"])
        after = json.loads(json.dumps(document.write(run)))
        self._table(run)
        if options["json"]:
            _write(Path(options["json"]), after)
        if before:
            self._compare(before, after)

    def _table(self, run: AuditRun) -> None:
        label = " · SYNTHETIC viewers" if run.synthetic else ""
        self.stdout.write(f"{run}: {run.model or 'even choice'}{label}\n\n")
        self.stdout.write(COLUMNS.format(*HEADS))
        for one in run.statistics.all():
            interval = f"{one.low:.4f} – {one.high:.4f}" if one.low is not None else "–"
            self.stdout.write(
                COLUMNS.format(
                    "/".join(filter(None, (one.name, one.detail.get("depicted")))),
                    one.attribute,
                    one.group,
                    "–" if one.estimate is None else f"{one.estimate:.4f}",
                    interval,
                    f"{one.null['mean']:.4f}" if one.null else "–",
                    "–" if one.p is None else f"{one.p:.4f}",
                    "hidden" if one.viewers is None else one.viewers,
                    one.verdict,
                )
            )

    def _compare(self, before: dict[str, Any], after: dict[str, Any]) -> None:
        apart = document.differences(before, after)
        others = document.other_versions(before, after)
        versions = "\n  ".join(["Not computed with the same code and libraries:", *others])
        if apart:
            numbers = "\n  ".join(["The numbers are not the same:", *apart])
            raise CommandError(f"{numbers}\n{versions}" if others else numbers)
        self.stdout.write(self.style.SUCCESS("\nThe same numbers, from the same inputs."))
        if others:
            self.stdout.write(versions)


def _new(options: dict[str, Any]) -> AuditRun:
    if options["seed"] is not None and not options["exploratory"]:
        raise CommandError(
            "A planned run's seed follows from its registration. "
            "Give --seed together with --exploratory."
        )
    if options["seed"] is not None:
        registration.checked_seed(options["seed"])
    return registration.request(
        _model(options["model"]),
        kind=AuditRun.Kind.EXPLORATORY if options["exploratory"] else AuditRun.Kind.PLANNED,
        attributes=options["attribute"] or (),
        effort="full" if options["full"] else "quick",
        by="the command line",
    )


def _again(before: dict[str, Any]) -> AuditRun:
    plan = before["registration"]
    if registration.digest(plan) != before["registration_digest"]:
        raise CommandError("The document was altered: its registration has another digest.")
    number = plan["model"]["id"]
    model = ModelVersion.objects.filter(pk=number).first() if number else None
    if (model.sha256 if model else None) != plan["model"]["sha256"]:
        raise CommandError(f"Model version {number} of the document is not in this database.")
    return registration.request(
        model,
        kind=AuditRun.Kind.RERUN,
        attributes=plan["attributes"],
        effort=plan["effort"],
        by="the command line",
    )


def _model(wanted: str) -> ModelVersion | None:
    if wanted == "serving":
        return ModelVersion.objects.serving()
    number = int(wanted) if wanted.isdecimal() and len(wanted) < 19 else 0
    model = ModelVersion.objects.filter(pk=number).first()
    if not model:
        raise CommandError(f"There is no model version {wanted!r}.")
    return model


def _executed(run: AuditRun, **options: Any) -> AuditRun:
    try:
        return execute(run.pk, **options)
    except Exception as problem:  # the run keeps it, and the log holds its traceback
        raise CommandError(f"{run} failed: {problem}".capitalize()) from problem


def _document(path: str) -> dict[str, Any]:
    try:
        return checking.read(Path(path))
    except checking.BadDocument as problem:
        raise CommandError(f"{path} cannot be read: {problem}.") from problem


def _write(path: Path, found: dict[str, Any]) -> None:
    try:
        path.write_text(json.dumps(found, indent=2) + "\n")
    except OSError as problem:
        raise CommandError(f"{path} cannot be written: {problem.strerror}.") from problem
