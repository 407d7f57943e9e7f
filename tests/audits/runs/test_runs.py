import json

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError

from audits.gate import CandidateAuditor
from audits.models import AuditRun, Replay, RunDocument, Statistic
from audits.protected import store
from audits.runs.bounds import BOUNDS
from audits.runs.claiming import claim
from audits.runs.computing import MeasuringFailed
from audits.runs.execution import execute
from audits.runs.registration import BadSeed, NothingToAudit, digest, register, request
from catalog.models import Title, WatchEvent
from tests.audits.record.rows import run_of
from tests.audits.worlds import ALL, make_world
from tests.factories import make_account, make_viewer

pytestmark = pytest.mark.django_db(transaction=True, databases=ALL)


def one(run, name, group="man"):
    return run.statistics.get(name=name, group=group)


def test_it_finds_a_planted_difference_and_reports_the_undeclared():
    run = run_of(make_world(), effort="full")
    assert run.state == "finished"
    exposure, leak = one(run, "exposure_distance"), one(run, "leakage_auc")
    assert exposure.headline and exposure.p_adjusted >= exposure.p
    assert exposure.estimate > exposure.null["high"] and exposure.p < 0.01
    assert exposure.verdict == "outside margin" and exposure.detail["needed"]["rest"] >= 30
    beside = one(run, "exposure_difference")
    assert beside.verdict == "descriptive" and not beside.headline and beside.margin is None
    assert beside.detail["excess"] == pytest.approx(beside.estimate - beside.null["mean"])
    assert leak.low > 0.5 and leak.detectable > 0.5
    assert one(run, "leakage_auc_history").estimate > 0.9
    undeclared = one(run, "exposure_distance", "undeclared")
    assert undeclared.viewers == 12 and not undeclared.headline
    assert run.groups == {"gender": {"man": 36, "woman": 36, "undeclared": 12}}
    assert store.readings()[0].purpose == f"audit run {run.pk}: Planned"
    assert store.readings()[0].asked_by == "nobody named through marquee"


def test_it_finds_none_where_there_is_none():
    run = run_of(make_world(apart=False))
    assert one(run, "exposure_distance").p > 0.05


def test_it_suppresses_small_groups_and_does_not_test_middling_ones():
    run = run_of(make_world(women=20, men=20, undeclared=4))
    assert run.groups["gender"]["undeclared"] is None
    assert None in {run.groups["gender"]["man"], run.groups["gender"]["woman"]}
    assert set(run.statistics.values_list("verdict", flat=True)) <= {
        "suppressed", "insufficient evidence", "not measurable here", "descriptive",
    }  # fmt: skip
    assert not run.statistics.filter(p__isnull=False).exists()


def test_it_fixes_everything_before_it_reads():
    model = make_world()
    before = len(store.readings())
    asked = request(model, kind="planned")
    assert asked.registration == {} and asked.registered_at is None
    run = register(claim(asked.pk))
    assert len(store.readings()) == before
    assert run.registration["at"] == asked.requested_at.isoformat()
    assert run.registration["model"]["sha256"] == model.sha256
    assert len(run.registration["slate"]["titles"]) == 6
    assert {"seed", "margins", "attributes", "cohort", "code"} <= run.registration.keys()


def test_a_registration_is_written_once_even_by_the_audit_worker():
    run = register(claim(request(make_world(), kind="planned").pk))
    runs = AuditRun.objects.using("protected").filter(pk=run.pk)
    with pytest.raises(DatabaseError, match="is registered"):
        runs.update(registration=run.registration | {"seed": 7})


def test_a_planned_runs_seed_follows_from_its_registration():
    model = make_world(women=12, men=12)
    first, second = run_of(model), run_of(model)
    assert first.registration["seed"] != second.registration["seed"]
    rest = {name: value for name, value in first.registration.items() if name != "seed"}
    assert first.registration["seed"] == int(digest(rest)[:12], 16)
    assert run_of(model, kind="exploratory", seed=7).registration["seed"] == 7


def test_nobody_may_give_a_planned_run_a_seed():
    model = make_world(women=12, men=12)
    with pytest.raises(BadSeed, match="Only an exploratory run"):
        run_of(model, seed=7)
    run = claim(request(model, kind="planned").pk)
    plan = register(claim(request(model, kind="planned").pk)).registration
    with pytest.raises(BadSeed, match="does not follow"):
        register(run, plan=plan | {"seed": plan["seed"] + 1})


@pytest.mark.parametrize(
    ("kind", "effort", "standing"),
    [
        ("exploratory", "full", "Exploratory · not a headline"),
        ("planned", "quick", "Planned · quick · not a headline"),
    ],
)
def test_it_keeps_exploratory_and_quick_looks_off_the_headlines(kind, effort, standing):
    run = run_of(make_world(), kind=kind, effort=effort)
    assert not run.statistics.filter(headline=True).exists()
    assert not run.statistics.filter(p_adjusted__isnull=False).exists()
    assert not run.headline and run.standing == standing
    assert json.loads(RunDocument.objects.get(run=run.public_id).text)["headline"] is False


def test_it_says_when_there_is_nothing_to_audit():
    with pytest.raises(NothingToAudit, match="no viewer"):
        request(None, kind="planned")
    account = make_account()
    for _ in range(29):
        make_viewer(account=account)
    with pytest.raises(NothingToAudit, match="needs 30 viewers; there are 29"):
        request(None, kind="planned")
    make_viewer(account=account)
    with pytest.raises(NothingToAudit, match="No title"):
        request(None, kind="planned")


class TestKeeping:
    def test_it_never_changes_a_finished_run(self):
        run = run_of(make_world(women=12, men=12))
        statistic = run.statistics.first()
        for attempt in (
            lambda: AuditRun.objects.filter(pk=run.pk).update(synthetic=True),
            lambda: Statistic.objects.filter(pk=statistic.pk).update(estimate=0.0),
            lambda: Statistic.objects.filter(pk=statistic.pk).delete(),
        ):
            with pytest.raises(DatabaseError, match="permission denied"):
                attempt()


class TestCommand:
    def test_it_writes_a_document_that_runs_again_to_the_same_numbers(self, tmp_path, capsys):
        make_world()
        path = tmp_path / "audit.json"
        call_command("audit", model="serving", json=str(path), attribute=["gender"])
        found = json.loads(path.read_text())
        assert {"model", "slate", "cohort", "seed", "measures"} <= found.keys()
        wanted = {"name", "attribute", "group", "estimate", "interval", "null", "p", "viewers"}
        assert all(wanted <= measure.keys() for measure in found["measures"])
        names = {measure["name"] for measure in found["measures"]}
        assert {
            "exposure_difference", "leakage_auc", "leakage_auc_history", "prominence_gap",
        } <= names  # fmt: skip
        call_command("audit", replay=str(path))
        assert "The same numbers" in capsys.readouterr().out
        assert Replay.objects.get().outcome == "same"

    def test_it_says_that_a_run_failed(self, tmp_path, monkeypatch):
        make_world(women=12, men=12)
        monkeypatch.setattr("audits.runs.panel.gather", lambda *_: 1 / 0)
        with pytest.raises(CommandError, match=r"Audit run \d+ failed: division by zero"):
            call_command("audit", attribute=["gender"])

    def test_it_says_that_the_document_cannot_be_written(self, tmp_path):
        make_world(women=12, men=12)
        with pytest.raises(CommandError, match="cannot be written"):
            call_command("audit", json=str(tmp_path), attribute=["gender"])

    def test_it_says_which_input_differs(self, tmp_path):
        make_world()
        path = tmp_path / "audit.json"
        call_command("audit", json=str(path), attribute=["gender"])
        first, other = Title.objects.all()[:2]
        WatchEvent.objects.filter(title=first).update(title=other)
        with pytest.raises(CommandError, match=r"inputs\.history was"):
            call_command("audit", replay=str(path))

    @pytest.mark.parametrize("content", ["", "[]", '{"measures": []}'])
    def test_it_refuses_what_is_no_document(self, tmp_path, content):
        path = tmp_path / "audit.json"
        path.write_text(content)
        with pytest.raises(CommandError, match=r"audit\.json"):
            call_command("audit", replay=str(path))

    def test_it_refuses_a_model_that_is_not_there(self):
        with pytest.raises(CommandError, match="no model version '99'"):
            call_command("audit", model="99")


class TestGate:
    def test_it_audits_a_candidate_once_and_judges_it(self, settings):
        model = make_world()
        auditor = CandidateAuditor()
        auditor.request(model.pk)
        auditor.request(model.pk)
        assert AuditRun.objects.filter(kind="gate").count() == 1
        verdict = auditor.verdict(model.pk)
        assert verdict.run and {each.name.split(":")[0] for each in verdict.conditions} >= {
            "exposure_distance", "leakage_auc",
        }  # fmt: skip
        states = {each.state for each in verdict.conditions}
        assert verdict.state in states
        # Within is kept, and too little evidence is never kept.
        for each in verdict.conditions:
            assert each.words.startswith("Gender, ")
            assert (each.state == "kept") == ("within the bound" in each.words)
            untold = "insufficient evidence" in each.words or "not measurable here" in each.words
            assert (each.state == "unknown") == untold
        value = next(one for one in verdict.conditions if one.name == "lift_difference:gender:man")
        assert value.state == "unknown" and "no unseen day" in value.words

    def test_it_holds_a_candidate_beyond_a_bound(self, monkeypatch):
        model = make_world()
        monkeypatch.setitem(BOUNDS, "exposure_distance", 0.0001)
        monkeypatch.setitem(BOUNDS, "leakage_auc", 0.01)
        auditor = CandidateAuditor()
        auditor.request(model.pk)
        verdict = auditor.verdict(model.pk)
        assert verdict.state == "broken"
        assert any("beyond the bound" in each.words for each in verdict.conditions)

    def test_too_little_data_is_unknown_and_never_kept(self):
        model = make_world(women=12, men=12)
        auditor = CandidateAuditor()
        auditor.request(model.pk)
        verdict = auditor.verdict(model.pk)
        assert verdict.state == "unknown"
        assert {each.state for each in verdict.conditions} == {"unknown"}
        untold = ("insufficient evidence", "not measurable here")
        assert all(any(words in each.words for words in untold) for each in verdict.conditions)

    def test_it_waits_for_the_audit_worker_where_it_may_not_read(self, monkeypatch):
        model = make_world(women=12, men=12)
        asked = []
        monkeypatch.setattr("audits.protected.store.holds_audit_role", lambda: False)
        monkeypatch.setattr("audits.tasks.run_audit.delay", asked.append)
        auditor = CandidateAuditor()
        auditor.request(model.pk)
        assert auditor.verdict(model.pk) is None
        assert len(asked) == 1


def test_a_failure_after_reading_repeats_no_value(monkeypatch):
    """What an error says is kept on the run, and shown to operators as a task's result."""

    def fail(*_, **__):
        raise ValueError("'non-binary' is not in list")

    monkeypatch.setattr("audits.runs.measuring.measure", fail)
    run = request(make_world(women=12, men=12), kind="planned")
    with pytest.raises(MeasuringFailed) as failure:
        execute(run.pk)
    run.refresh_from_db()
    assert "non-binary" not in run.failure and "non-binary" not in str(failure.value)
    assert failure.value.__suppress_context__
    assert run.failure.startswith("MeasuringFailed: ValueError in fail(), line")
