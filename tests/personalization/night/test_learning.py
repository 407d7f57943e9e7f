"""A night on a small world, by the real fit and the real evaluation."""

from datetime import UTC, date, datetime

import numpy as np
import pytest
from structlog.testing import capture_logs

from catalog.models import Viewer
from personalization import storage
from personalization.bandit import estimators, files
from personalization.evaluation import crossfitting, judging, policies, references, sampling
from personalization.features.manifest import DIGEST, MANIFEST
from personalization.journal import reading, sealing
from personalization.models import Decision, GateLook, ModelVersion, Night, Reduction, SealedDay
from personalization.night import running
from personalization.night.stages import silent
from personalization.release.auditing import AuditVerdict, ConditionState, bound
from personalization.training import fitting, reducing
from tests.factories import make_artwork
from tests.personalization import world
from tests.personalization.factories import DAY

pytestmark = pytest.mark.django_db
NIGHT = date(2026, 3, 9)
NOW = datetime(2026, 3, 9, 3, tzinfo=UTC)


class Passes:
    """An auditor that passes every candidate."""

    def request(self, model_id):
        """Ask for nothing."""

    def verdict(self, model_id):
        return AuditVerdict((bound("leakage", ConditionState.KEPT, "Within."),), "1")


@pytest.fixture(autouse=True)
def _auditor(settings):
    settings.CANDIDATE_AUDITOR = f"{__name__}.Passes"
    settings.GATE_SAMPLE = 200  # these worlds are small


def seal_all(now=NOW):
    return [sealing.seal(day, now=now) for day in sealing.sealable_days(now)]


def run(night_date=NIGHT):
    return running.run(running.begin(night_date, now=NOW), clock=lambda: NOW)


def opened(version):
    path = storage.local_path(version.path, version.sha256)
    return files.open_model(path, sha256=version.sha256, manifest=DIGEST)


def test_it_learns_a_planted_taste_and_is_promoted():
    world.build(days=6, viewers=60, titles=10, taste=0.3)
    night = run()
    assert night.outcome == Night.Outcome.PROMOTED, night.reason
    evaluation = night.candidate.evaluation
    value = {name: found["dr"]["value"] for name, found in evaluation["policies"].items()}
    assert value["greedy"] > value["context_free"] + 0.05
    assert value["candidate"] > value["uniform"] + 0.05
    assert evaluation["rival"] == "uniform"
    assert evaluation["policies"]["uniform"]["ess"] == evaluation["decisions"] == 1200
    assert evaluation["viewers"] == 60


def test_where_there_is_no_taste_it_is_held_and_says_why():
    world.build(days=6, viewers=60, titles=10, taste=0.0)
    night = run()
    assert night.outcome == Night.Outcome.HELD
    assert "it earns" in night.reason
    assert ModelVersion.objects.serving() is None


def test_the_second_night_compares_with_the_model_that_serves():
    world.build(days=7, viewers=60, titles=10, taste=0.3)
    Decision.objects.filter(day__gt=date(2026, 3, 7)).delete()
    run()
    first = ModelVersion.objects.serving()
    world.build(days=1, viewers=60, titles=10, taste=0.3, seed=2, first=date(2026, 3, 8))
    now = datetime(2026, 3, 10, 3, tzinfo=UTC)
    night = running.run(running.begin(date(2026, 3, 10), now=now), clock=lambda: now)
    assert night.candidate.evaluation["serving"] == first.pk
    assert set(night.candidate.evaluation["differences"]) >= {"serving", "context_free"}
    (found,) = night.candidate.evaluation["references"]
    paired = night.candidate.evaluation["differences"]["serving"]["dr"]
    assert (found["model"], found["value"]) == (first.pk, pytest.approx(paired["value"]))
    half = estimators.reach(found["error"], found["freedom"], beyond=0.025)
    assert found["value"] - half == pytest.approx(paired["low"])
    look = GateLook.objects.get(model=night.candidate)
    assert look.hardest == first and look.low < paired["low"]


def test_models_are_compared_a_few_at_a_time_with_the_same_result(monkeypatch, settings):
    settings.EVALUATION_FOLDS = 2
    world.build(days=6, viewers=60, titles=10, taste=0.3)
    model = run().candidate
    same = [ModelVersion(pk=1_000 + n, path=model.path, sha256=model.sha256) for n in range(3)]
    both = []
    for at_once in (1, 4):
        monkeypatch.setattr(references, "AT_ONCE", at_once)
        found = judging.evaluate(model, None, references=same, progress=silent)
        both.append([(each.value, each.error, each.counts) for each in found.references])
    assert both[0] == both[1] == [(0.0, 0.0, True)] * 3


def test_a_reference_without_its_file_is_refused_and_one_of_another_format_does_not_count(
    monkeypatch,
):
    world.build(days=6, viewers=60, titles=10, taste=0.3)
    model = run().candidate
    fitted = opened(model)
    with monkeypatch.context() as earlier:
        earlier.setitem(files.FORMATS, "model", files.FIRST)
        stored = storage.put(files.pack_model(fitted), folder="models", suffix=".mq")
    gone = ModelVersion(pk=1_001, path="models/gone.mq", sha256=model.sha256)
    old = ModelVersion(pk=1_002, path=stored.path, sha256=stored.sha256)
    altered = ModelVersion(pk=1_003, path=model.path, sha256="0" * 64)
    found = judging.evaluate(model, None, references=[gone, old, altered], progress=silent)
    assert [each.counts for each in found.references] == [True, False, True]
    for each, words in zip(found.references, ("missing", "fit again", "altered"), strict=True):
        assert words in each.refused and each.value is None


def test_too_little_evidence_against_a_reference_is_refused_in_words(settings):
    world.build(days=6, viewers=60, titles=10, taste=0.3)
    model = run().candidate
    settings.GATE_VIEWERS = 10_000
    same = ModelVersion(pk=1_000, path=model.path, sha256=model.sha256)
    (found,) = judging.evaluate(model, None, references=[same], progress=silent).references
    assert "60 of the 10,000 viewers needed" in found.refused and found.counts


def test_the_evaluation_recovers_what_the_log_earned():
    world.build(days=5, viewers=40, titles=8)
    run()
    evaluation = ModelVersion.objects.get().evaluation
    days = SealedDay.objects.order_by("-day")[:2]
    earned = sum(day.rewards for day in days) / sum(day.rows for day in days)
    assert evaluation["logged"]["value"] == pytest.approx(earned)
    assert evaluation["policies"]["uniform"]["ips"]["value"] == pytest.approx(earned)
    assert evaluation["policies"]["uniform"]["max_weight"] == pytest.approx(1.0)


def test_the_same_days_give_the_same_bits_whether_summed_at_once_or_night_by_night():
    world.build(days=5, viewers=20, titles=5)
    days = seal_all()
    for upto in range(1, 5):
        fitting.fit(days[:upto], progress=silent)
    grown = fitting.fit(days, progress=silent)
    Reduction.objects.all().delete()
    assert fitting.fit(days, progress=silent).content == grown.content


def test_each_day_is_read_once(monkeypatch):
    world.build(days=4, viewers=10, titles=4)
    days = seal_all()
    read = []
    original = reading.shards
    monkeypatch.setattr(
        reading, "shards", lambda sealed: read.append(sealed.day) or original(sealed)
    )
    for upto in (3, 4, 4):
        reducing.running(days[:upto], progress=silent)
    assert read == [day.day for day in days]


def test_an_altered_sum_is_made_again_from_the_days():
    world.build(days=3, viewers=10, titles=4)
    days = seal_all()
    before = reducing.running(days, progress=silent)
    for kept in Reduction.objects.all():
        storage.local_path(kept.path, kept.sha256).write_bytes(b"altered")
    again = reducing.running(days, progress=silent)
    assert np.array_equal(before.ww, again.ww)


def test_an_older_day_counts_less(settings):
    settings.HALF_LIFE_DAYS = 2
    world.build(days=3, viewers=10, titles=4)
    total = reducing.running(seal_all(), progress=silent)
    assert total.decisions == pytest.approx(40 * (1 + 0.5**0.5 + 0.5))


def test_what_a_viewer_had_begun_is_not_learnt_from():
    world.build(days=3, viewers=10, titles=4)
    Decision.objects.filter(day=DAY).update(begun=True)
    days = seal_all()
    assert days[0].begun == 40
    assert reducing.running(days[:1], progress=silent) is None
    assert reducing.running(days[:2], progress=silent).decisions == pytest.approx(40)


def test_a_day_altered_before_it_is_learnt_from_stops_the_night_by_name():
    world.build(days=5, viewers=10, titles=4)
    days = seal_all()
    storage.local_path(days[1].path, days[1].sha256).write_bytes(b"altered")
    with pytest.raises(storage.StorageAltered, match=days[1].path):
        run()
    night = Night.objects.get()
    assert "was altered" in night.error
    assert not ModelVersion.objects.exists()


def test_an_altered_candidate_is_never_promoted():
    world.build(days=5, viewers=10, titles=4)
    run()
    candidate = ModelVersion.objects.get()
    storage.local_path(candidate.path, candidate.sha256).write_bytes(b"altered")
    with pytest.raises(storage.StorageAltered, match=candidate.path):
        judging.evaluate(candidate, None, progress=silent)


def test_another_schema_is_refused():
    world.build(days=1, viewers=5, titles=2)
    (sealed,) = seal_all()
    sealed.schema_version = 99
    with pytest.raises(reading.OtherSchema, match="schema 99"):
        list(reading.decisions(sealed))


def test_days_of_an_earlier_schema_are_left_out_and_named():
    world.build(days=6, viewers=20, titles=4)
    seal_all()
    old = SealedDay.objects.order_by("day").first()
    SealedDay.objects.filter(pk=old.pk).update(schema_version=2)
    night = run()
    assert night.report["other_schema"] == [str(old.day)]
    assert old not in night.candidate.days.all()


def test_the_standing_recorded_with_a_decision_is_what_it_is_judged_by():
    world.build(days=5, viewers=20, titles=4, taste=0.3)
    Decision.objects.filter(viewer__in=Viewer.objects.all()[:10]).update(standing="opted_out")
    (batch,) = reading.decisions(seal_all()[-1])
    assert batch.personal.sum() == 10 * 4
    shown = policies.judge(batch, opened(run().candidate), None).shown
    assert (shown["candidate"] == shown["context_free"])[~batch.personal].all()
    assert (shown["candidate"] != shown["context_free"])[batch.personal].any()
    Viewer.objects.update(personalised=False)
    (again,) = reading.decisions(SealedDay.objects.order_by("day").last())
    assert (again.personal == batch.personal).all()


def test_a_day_without_rewards_and_an_artwork_never_shown_are_learnt_from():
    slates = world.build(days=4, viewers=10, titles=4, taste=0.0)
    from catalog.models import WatchEvent

    WatchEvent.objects.all().delete()
    never = make_artwork(slates[0][0])
    night = run()
    assert night.outcome == Night.Outcome.HELD
    assert "no quality play" in night.reason
    model = opened(night.candidate)
    row = model.rows_of(np.array([never.pk]))[0]
    assert model.information[row] == 0
    assert np.isfinite(model.weights[row]).all()


def test_decisions_on_artworks_that_are_gone_are_left_out_of_the_judgement_and_counted():
    slates = world.build(days=5, viewers=20, titles=4)
    seal_all()
    slates[0][1][0].delete()
    night = run()
    evaluation = night.candidate.evaluation
    assert evaluation["unknown"] == 40
    assert evaluation["decisions"] == 2 * 20 * 4 - 40


def test_of_many_decisions_those_of_a_sample_of_viewers_are_judged(settings):
    world.build(days=6, viewers=60, titles=10, taste=0.3)
    night = run()
    whole = night.candidate.evaluation
    assert (whole["share"], whole["viewers"]) == (1.0, 60)
    settings.EVALUATION_DECISIONS = whole["decisions"] // 2
    settings.GATE_SAMPLE, settings.GATE_VIEWERS = 50, 5
    part, again = (
        judging.evaluate(night.candidate, None, progress=silent).to_json() for _ in range(2)
    )
    assert part == again
    assert part["share"] == 0.5
    assert 15 < part["viewers"] < 45
    # Each viewer with all their decisions: every one meets every title on every day.
    assert part["decisions"] / part["viewers"] == whole["decisions"] / whole["viewers"]
    low, high = (part["policies"]["uniform"]["dr"][end] for end in ("low", "high"))
    assert low < whole["policies"]["uniform"]["dr"]["value"] < high


def test_who_is_drawn_does_not_hang_on_the_fold_that_they_are_in():
    viewers = np.frombuffer(np.random.default_rng(1).bytes(16 * 4000), "V16")
    drawn = sampling.is_drawn(viewers, 0.25)
    assert drawn.mean() == pytest.approx(0.25, abs=0.03)
    folds = crossfitting.fold_of(viewers, 3)
    for fold in range(3):
        assert drawn[folds == fold].mean() == pytest.approx(0.25, abs=0.05)
    assert sampling.is_drawn(viewers, 1.0).all()
    assert (drawn <= sampling.is_drawn(viewers, 0.3)).all()


def test_batches_hold_the_same_as_the_whole_file(monkeypatch):
    monkeypatch.setattr(reading, "BATCH", 7)
    world.build(days=1, viewers=5, titles=4)
    (sealed,) = seal_all()
    batches = list(reading.decisions(sealed))
    assert [len(batch) for batch in batches] == [7, 7, 6]
    for batch in batches:
        assert (batch.artworks[batch.chosen_at] == batch.chosen).all()
        assert batch.offsets[-1] == len(batch.artworks) == len(batch.matches)
    chosen = np.concatenate([batch.chosen for batch in batches])
    assert (np.diff(chosen) >= 0).all()


def test_where_too_little_stands_behind_a_policy_it_is_refused_in_words(settings):
    settings.GATE_SAMPLE = 700
    world.build(days=6, viewers=60, titles=10, taste=0.3)
    evaluation = run().candidate.evaluation
    default = evaluation["policies"]["default"]
    assert default["ess"] < 700
    assert default["dr"] == default["dm"] == {"value": None, "low": None, "high": None}
    assert "of the 700 needed" in default["refused"]
    assert evaluation["policies"]["uniform"]["refused"] is None
    assert "of the 700 needed" in evaluation["differences"]["default"]["refused"]


def test_every_estimator_agrees_on_the_policy_that_made_the_log():
    world.build(days=5, viewers=40, titles=8)
    evaluation = run().candidate.evaluation
    found = evaluation["policies"]["uniform"]
    for name in ("snips", "dr", "sndr", "switch_dr"):
        assert found[name]["value"] == pytest.approx(evaluation["logged"]["value"], abs=0.02)


def test_reward_models_of_other_viewers_judge_where_the_settings_ask_for_it(settings):
    settings.EVALUATION_FOLDS = 3
    world.build(days=6, viewers=60, titles=10, taste=0.3)
    night = run()
    evaluation = night.candidate.evaluation
    assert evaluation["reward_model"] == "3 folds of viewers"
    settings.EVALUATION_FOLDS = 0
    plain = judging.evaluate(night.candidate, None, progress=silent).to_json()
    assert plain["reward_model"] == "candidate"
    for name in ("candidate", "uniform"):
        ours, theirs = evaluation["policies"][name], plain["policies"][name]
        assert ours["ips"] == theirs["ips"]
        assert ours["dr"] != theirs["dr"]
        assert ours["dr"]["low"] <= theirs["dr"]["value"] <= ours["dr"]["high"]


def test_a_serving_model_of_an_earlier_format_does_not_stop_the_night(monkeypatch):
    world.build(days=6, viewers=60, titles=10, taste=0.3)
    candidate = run().candidate
    model = opened(candidate)
    with monkeypatch.context() as earlier:
        earlier.setitem(files.FORMATS, "model", files.FIRST)
        stored = storage.put(files.pack_model(model), folder="models", suffix=".mq")
    old = ModelVersion(pk=candidate.pk + 1, path=stored.path, sha256=stored.sha256)
    with capture_logs() as logs:
        evaluation = judging.evaluate(candidate, old, progress=silent)
    assert (evaluation.serving, evaluation.rival) == (old.pk, "uniform")
    assert "serving" not in evaluation.differences
    (entry,) = [each for each in logs if each["event"] == "serving_model_unreadable"]
    assert "fit again" in entry["error"]


def test_viewers_that_moved_hold_the_candidate_and_are_named():
    world.build(days=4, viewers=60, titles=10, taste=0.3)
    world.build(days=2, viewers=60, titles=10, taste=0.3, seed=2, first=date(2026, 3, 6), shift=0.2)
    night = run()
    assert night.outcome == Night.Outcome.HELD
    drift = night.candidate.evaluation["drift"]
    assert drift["feature"] == MANIFEST.context[-1]
    assert drift["shift"] > 0.5
    assert "moved furthest since the newest training days" in night.reason


def test_the_night_logs_each_condition_that_is_not_kept():
    world.build(days=6, viewers=60, titles=10, taste=0.0)
    with capture_logs() as logged:
        night = run()
    open_conditions = {
        each["name"]: (f"release_condition_{each['state']}", each["words"])
        for each in night.candidate.gate
        if each["state"] != "kept"
    }
    events = [each for each in logged if each["event"].startswith("release_condition_")]
    assert {e["condition"]: (e["event"], e["words"]) for e in events} == open_conditions != {}
    assert {event["model"] for event in events} == {night.candidate.pk}
    (decided,) = [each for each in logged if each["event"] == "release_decided"]
    assert decided["serves"] is False


def test_only_the_newest_days_learnt_from_say_what_is_usual():
    world.build(days=2, viewers=60, titles=10, taste=0.3, shift=-0.2)
    world.build(days=4, viewers=60, titles=10, taste=0.3, first=date(2026, 3, 4), seed=2)
    evaluation = run().candidate.evaluation
    assert abs(evaluation["drift"]["shift"]) < 1e-6
