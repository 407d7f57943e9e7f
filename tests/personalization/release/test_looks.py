"""Which models a look compares with, what it may err by, and the decision that follows."""

from datetime import UTC, datetime, timedelta

import pytest

from personalization.evaluation.report import Evaluation
from personalization.models import GateLook, ModelVersion, SealedDay
from personalization.release import looks, registry, rules
from personalization.release.decision import EvaluationOutdated, decide
from tests.factories import NOW
from tests.personalization.factories import DAY, EVALUATION, make_model, reference

pytestmark = pytest.mark.django_db
SHARE = rules.share(0.05)


@pytest.fixture(autouse=True)
def _no_auditor(settings):
    settings.CANDIDATE_AUDITOR = ""


def candidate(day=DAY, **fields):
    """Return a candidate whose newest unseen day is `day`."""
    model = make_model(**fields)
    sealed, _ = SealedDay.objects.get_or_create(
        day=day,
        defaults={
            "path": f"days/{day}",
            "sha256": f"{day.toordinal():064d}",
            "manifest_digest": "0" * 64,
            "schema_version": 2,
            "rows": 9_000,
            "rewards": 900,
            "refused": {},
            "sealed_at": NOW,
        },
    )
    model.evaluation_days.add(sealed)
    return model


def at(days):
    """Return an instant so many days before the newest unseen day."""
    return datetime.combine(DAY - timedelta(days=days), datetime.min.time(), UTC)


def served(*, until, since=200):
    """Return a model that served until so many days before the newest unseen day."""
    model = registry.promote(make_model(), reason="test", now=at(since))
    if until is not None:
        registry.promote(make_model(), reason="test", now=at(until))
    model.refresh_from_db()
    return model


def look(model, *, shares=1, released=True, day=DAY):
    return GateLook.objects.create(
        model=model,
        at=NOW,
        day=day,
        shares=shares,
        chance=shares * SHARE,
        margin=0.005,
        references=1,
        released=released,
    )


def compared(model):
    return [each.pk for each in looks.references(model, days=90)]


def test_without_an_earlier_model_there_is_no_reference_and_one_share():
    model = candidate()
    assert compared(model) == []
    assert looks.budget(model, None, error=0.05) == looks.ErrorBudget(DAY, 1, SHARE, 0)


def test_models_that_served_in_the_last_90_days_are_references_and_earlier_ones_are_not():
    earlier, lately = served(until=91), served(until=90, since=91)
    serving = ModelVersion.objects.serving()
    found = compared(candidate())
    assert lately.pk in found and serving.pk in found and earlier.pk not in found


def test_what_has_served_since_long_before_is_still_a_reference():
    model = registry.promote(make_model(), reason="test", now=at(400))
    assert compared(candidate()) == [model.pk]


def test_a_candidate_that_never_served_is_no_reference():
    registry.hold(make_model(), reason="weak", now=at(3))
    make_model()
    assert compared(candidate()) == []


def test_a_model_rolled_back_for_harm_is_no_reference_and_the_one_back_in_place_is():
    first = served(until=5)
    second = ModelVersion.objects.serving()
    registry.roll_back(reason="shows the wrong people", now=at(2))
    assert compared(candidate()) == [first.pk]
    assert ModelVersion.objects.get(pk=second.pk).state == "held"


def test_a_gap_of_100_nights_leaves_only_what_serves():
    served(until=130)
    serving = ModelVersion.objects.serving()
    last = look(serving, shares=7)
    model = candidate(DAY + timedelta(days=100))
    assert compared(model) == [serving.pk]
    # Nothing was looked at meanwhile, so nothing is spent; the last release still serves.
    assert looks.budget(model, serving, error=0.05).shares == last.shares + 1


def test_a_clock_in_the_future_drops_no_reference():
    model = served(until=10)
    ahead = datetime(2030, 1, 1, tzinfo=UTC)
    registry.promote(make_model(), reason="by a clock ahead", now=ahead)
    found = compared(candidate(created_at=ahead))
    assert model.pk in found and len(found) == 3


def test_looks_dated_in_the_future_count_for_the_year():
    look(make_model(), released=False, day=DAY + timedelta(days=2_000))
    assert looks.budget(candidate(), None, error=0.05).spent == 1


def test_looks_older_than_a_year_do_not_count():
    look(make_model(), released=False, day=DAY - timedelta(days=rules.YEAR))
    look(make_model(), released=False, day=DAY - timedelta(days=rules.YEAR - 1))
    assert looks.budget(candidate(), None, error=0.05).spent == 1


def test_two_candidates_a_night_are_two_looks():
    first = registry.hold(candidate(), reason="weak", now=NOW)
    look(first, released=False)
    found = looks.budget(candidate(), None, error=0.05)
    assert (found.shares, found.spent) == (1, 1)


def test_after_as_many_looks_as_nights_a_year_none_has_a_share_of_its_own(monkeypatch):
    monkeypatch.setattr(rules, "YEAR", 2)
    for _ in range(2):
        look(make_model(), released=False)
    found = looks.budget(candidate(), None, error=0.05)
    assert (found.shares, found.chance) == (0, 0.0)


def test_a_release_passes_its_shares_on_while_it_serves():
    serving = registry.promote(make_model(), reason="test", now=NOW)
    look(serving, shares=4)
    assert looks.budget(candidate(), serving, error=0.05).shares == 5


@pytest.mark.parametrize("how", ["held", "rolled back", "by hand"])
def test_nothing_is_passed_on_by_a_look_that_released_nothing_that_serves(how):
    before = registry.promote(make_model(), reason="test", now=at(9))
    model = make_model()
    if how == "held":
        registry.hold(model, reason="weak", now=at(5))
    else:
        registry.promote(model, reason="better", now=at(5))
    look(model, shares=4, released=how != "held")
    if how == "rolled back":
        registry.roll_back(reason="harm", now=at(4))
    if how == "by hand":
        registry.promote(before, reason="By hand: I like it", now=at(4))
    serving = ModelVersion.objects.serving()
    assert looks.budget(candidate(), serving, error=0.05).shares == 1


def judged(*references, serving=None):
    """Return a candidate with a stored evaluation against those models."""
    rival = "serving" if serving else "uniform"
    found = EVALUATION | {"references": list(references), "rival": rival}
    found["serving"] = serving.pk if serving else None
    found["differences"] = EVALUATION["differences"] | {
        "serving": EVALUATION["differences"]["uniform"]
    }
    return candidate(evaluation=found)


def test_a_decision_records_its_look_and_what_it_saw():
    serving = registry.promote(make_model(), reason="test", now=at(3))
    model = judged(reference(serving.pk, value=0.001), serving=serving)
    decision = decide(model, now=NOW)
    recorded = GateLook.objects.get(model=model)
    assert (recorded.hardest, recorded.references, recorded.day) == (serving, 1, DAY)
    assert recorded.chance == pytest.approx(SHARE) and recorded.margin == 0.005
    assert recorded.low == pytest.approx(0.001 - 3.75 * 0.001, abs=5e-5)
    assert recorded.released == decision.serves is False  # No audit is configured.
    (found,) = [each for each in decision.conditions if each.name == "references"]
    assert found.state == "kept" and f"Against model {serving.pk}" in found.words


@pytest.mark.parametrize("change", ["none", "another", "earlier version"])
def test_an_evaluation_against_other_models_is_made_again(change):
    serving = registry.promote(make_model(), reason="test", now=at(3))
    other = make_model()
    references = {
        "none": [],
        "another": [reference(serving.pk), reference(other.pk)],
        "earlier version": [],
    }[change]
    model = judged(*references, serving=serving)
    if change == "earlier version":
        del model.evaluation["references"]
        model.save()
    with pytest.raises(EvaluationOutdated, match="that served in the last 90 days"):
        decide(model, now=NOW)
    assert not GateLook.objects.exists()


def test_a_reference_that_was_rolled_back_since_the_evaluation_has_it_made_again():
    first = served(until=5)
    second = ModelVersion.objects.serving()
    model = judged(reference(second.pk), reference(first.pk), serving=second)
    registry.roll_back(reason="harm", now=NOW)
    with pytest.raises(EvaluationOutdated):
        decide(model, now=NOW)


def test_a_look_is_recorded_where_nothing_could_be_concluded():
    serving = registry.promote(make_model(), reason="test", now=at(3))
    nothing = dict.fromkeys(("value", "error", "freedom"))
    model = judged(reference(serving.pk, refused="Too few.", **nothing), serving=serving)
    assert not decide(model, now=NOW).serves
    recorded = GateLook.objects.get()
    assert (recorded.hardest, recorded.low, recorded.references) == (None, None, 0)


def test_references_follow_from_the_candidates_days_and_not_from_todays_date():
    model = served(until=60)
    assert model.pk in compared(candidate())
    assert model.pk not in compared(candidate(DAY + timedelta(days=40)))
    assert Evaluation.from_json(EVALUATION).references == ()
