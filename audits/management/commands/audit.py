"""`manage.py audit`: measure a model version, or replay a run's document field by field."""

import json
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import CommandError

from audits.management.walled import WalledCommand
from audits.models import AuditRun, Replay, RunDocument
from audits.protected import store
from audits.protected.attributes import ATTRIBUTES
from audits.routers import AUDIT
from audits.runs import checking, registration, replaying
from audits.runs.computing import Reader, compute
from audits.runs.execution import execute
from audits.runs.registration import BadSeed, NothingToAudit, UnknownAttribute
from audits.runs.replaying import Report
from personalization.models import ModelVersion
from tools.verify_evidence import document_digest

COLUMNS = "{:<40} {:<11} {:<15} {:>8} {:>19} {:>9} {:>7} {:>7}  {}"
BOTH = "{:<60} {:<48} {}"
HEADS = (
    "measure", "attribute", "group", "estimate", "95 % interval", "null", "p", "viewers", "verdict",
)  # fmt: skip


class Command(WalledCommand):
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
        what.add_argument(
            "--replay", metavar="FILE", help="compute this document again and compare every field"
        )
        parser.add_argument("--json", metavar="PATH", help="write the document to this file")
        parser.add_argument(
            "--attribute",
            action="append",
            choices=sorted(ATTRIBUTES),
            help="measure this attribute; may be given again (default: all); two are crossed too",
        )
        parser.add_argument(
            "--seed",
            type=int,
            help="of an exploratory run; a planned run's seed follows from its registration",
        )
        parser.add_argument(
            "--full",
            action="store_true",
            help="use more folds and shuffles, as a headline needs; without it, the run is quick",
        )
        parser.add_argument(
            "--exploratory",
            action="store_true",
            help="mark the run as exploratory: never a headline",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not store.holds_audit_role():
            raise CommandError("This process does not hold the audit role (AUDIT_DATABASE_URL).")
        if options["replay"]:
            self._replay(Path(options["replay"]), options["json"])
            return
        try:
            run = _executed(_new(options), seed=options["seed"])
        except (NothingToAudit, UnknownAttribute, BadSeed) as problem:
            raise CommandError(str(problem)) from problem
        self._table(run)
        kept = RunDocument.objects.filter(run=run.public_id).first()
        if options["json"] and kept:
            _write(Path(options["json"]), kept.text)

    def _replay(self, path: Path, json_path: str | None) -> None:
        """Replay a document, print what differs, and record the outcome."""
        record = Replay(by="the command line")
        try:
            document = checking.read(path)
        except checking.BadDocument as problem:
            record.outcome, record.findings = Replay.Outcome.UNREADABLE, [str(problem)]
            record.save(using=AUDIT)
            raise CommandError(f"{path} cannot be read: {problem}.") from problem
        record.run, record.digest = UUID(document["run"]), document_digest(document)
        reader = Reader(
            purpose=f"replay of run {document['run']}",
            run=record.run,
            asked_by="the command line",
            again=True,
        )
        try:
            report = replaying.replay(
                document,
                lambda plan, model: compute(plan, model, reader=reader, progress=_silent),
            )
        except Exception as problem:  # such as a model's file that is gone
            record.outcome, record.findings = Replay.Outcome.DIFFERENT, [str(problem)]
            record.save(using=AUDIT)
            raise CommandError(f"The numbers cannot be computed again: {problem}") from problem
        record.outcome, record.findings = report.outcome, report.findings()
        record.save(using=AUDIT)
        if json_path and report.computed:
            _write(Path(json_path), json.dumps(report.computed, indent=2))
        self._say(report, document)

    def _say(self, report: Report, document: dict[str, Any]) -> None:
        parts: list[tuple[str, Sequence[object]]] = [
            ("Changed in the document since it was made:", report.altered),
            ("Not the same when computed again:", report.changed),
            ("Rounded differently in the last digits:", report.rounding),
            ("Not computed with the same code and libraries:", report.versions),
            ("Since the run:", report.gone.words()),
            ("Note:", report.notes),
        ]
        if report.outcome == Replay.Outcome.WITHOUT:
            parts.pop(1)
        said = "\n".join("\n  ".join([head, *map(str, lines)]) for head, lines in parts if lines)
        if report.outcome not in {Replay.Outcome.SAME, Replay.Outcome.WITHOUT}:
            raise CommandError(f"{report.outcome.label}.\n{said}")
        if said:
            self.stdout.write(said)
        if report.outcome == Replay.Outcome.WITHOUT and report.computed:
            self._both(document, report.computed)
        self.stdout.write(self.style.SUCCESS(f"\n{report.outcome.label}."))

    def _both(self, then: dict[str, Any], now: dict[str, Any]) -> None:
        """Print every measure in two columns: as documented, and without those who are gone."""
        old, new = (dict(map(_keyed, each["measures"])) for each in (then, now))
        self.stdout.write("\n" + BOTH.format("measure", "as documented", "now, without them"))
        for name in old | new:
            columns = (_number(each[name]) if name in each else "–" for each in (old, new))
            self.stdout.write(BOTH.format(name, *columns))

    def _table(self, run: AuditRun) -> None:
        label = " · SYNTHETIC viewers" if run.synthetic else ""
        self.stdout.write(f"{run}: {run.model or 'even choice'} · {run.standing}{label}\n\n")
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


def _silent(words: str, done: float) -> None:
    """Report no progress."""


def _keyed(measure: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    parts = (measure["attribute"], measure["group"], measure["name"])
    return " ".join([*parts, str(measure["detail"].get("depicted", ""))]).strip(), measure


def _number(measure: dict[str, Any]) -> str:
    if measure["estimate"] is None:
        return str(measure["verdict"])
    low, high = measure["interval"] or (None, None)
    interval = f" ({low:.4f} – {high:.4f})" if low is not None else ""
    return f"{measure['estimate']:.4f}{interval} {measure['verdict']}"


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text + "\n", encoding="utf-8")
    except OSError as problem:
        raise CommandError(f"{path} cannot be written: {problem.strerror}.") from problem
