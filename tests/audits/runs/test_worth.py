"""Whole runs of measure 6: value is described, and its lift over plain choices is judged."""

from datetime import timedelta

import pytest
from django.utils import timezone

from audits.actions import declare_many
from audits.metrics.inference import holm
from audits.protected import store
from audits.runs.registration import MARGINS
from catalog.models import Title, Viewer
from personalization.inspection import judged_log
from personalization.journal import sealing
from tests.audits.record.rows import run_of
from tests.audits.worlds import ALL, make_model
from tests.factories import NOW, make_credit
from tests.personalization import world
from tests.personalization.factories import DAY

pytestmark = pytest.mark.django_db(transaction=True, databases=ALL)
REACHED = "reach_difference"
JUDGED = ("lift_difference", "lift_difference_standard")


@pytest.fixture
def model():
    """A model that two sealed days judge; of every 80 viewers 38 are women, and 42 men."""
    world.build(days=2, viewers=80, titles=6)
    found = make_model(genres=9)
    found.evaluation_days.set(
        [sealing.seal(DAY + timedelta(days=number), now=NOW) for number in range(2)]
    )
    rows = [
        (viewer.public_id, "gender", "woman" if number < 38 else "man")
        for number, viewer in enumerate(Viewer.objects.order_by("pk"))
    ]
    declare_many(rows, synthetic=False)
    return found


def test_the_difference_in_lift_is_judged_and_the_value_stands_beside_it(model):
    run = run_of(model, effort="full")
    for name in JUDGED:
        found = run.statistics.get(name=name, group="man")
        assert found.headline and found.margin == MARGINS[name]
        assert found.low <= found.estimate <= found.high and 0 < found.p <= found.p_adjusted
    value = run.statistics.get(name="value_difference", group="man")
    assert not value.headline and value.verdict == "descriptive" and value.margin is None
    for name in ("value", "lift", "lift_standard"):
        sides = run.statistics.filter(name=name).values_list("group", flat=True)
        assert sorted(sides) == ["man", "rest"]
    levels = {one.group: one.estimate for one in run.statistics.filter(name="lift")}
    difference = run.statistics.get(name="lift_difference", group="man").estimate
    assert difference == pytest.approx(levels["man"] - levels["rest"])


def lead_by_women(count):
    """Give each of the six titles a lead of its own; women lead the first `count` of them."""
    rows = []
    for number, title in enumerate(Title.objects.order_by("pk")):
        person = make_credit(title).person
        rows.append((person.public_id, "gender", "woman" if number < count else "man"))
    store.declare("person", rows, synthetic=False)


def test_reach_is_of_titles_whose_leads_are_under_represented(model, monkeypatch):
    monkeypatch.setattr("audits.runs.leads.MINIMUM_CELL", 2)
    lead_by_women(2)
    such = set(Title.objects.order_by("pk").values_list("pk", flat=True)[:2])
    log = judged_log(model, at=timezone.now())
    run = run_of(model, effort="full")
    found = run.statistics.get(name=REACHED, group="man")
    assert found.headline and found.margin == MARGINS[REACHED]
    assert found.detail["classes"] == ["woman"] and 0 < found.p <= found.p_adjusted
    women = list(Viewer.objects.order_by("pk")[:38])
    hers = {viewer.public_id.bytes for viewer in women}
    counted = [
        int(title) in such and viewer not in hers
        for viewer, title in zip(log.viewers, log.titles, strict=True)
    ]
    level = run.statistics.get(name="reach", group="man")
    assert level.estimate == pytest.approx((log.values - log.standard)[counted].mean())
    assert level.detail["decisions"] == sum(counted) == 42 * 2 * 2


@pytest.mark.parametrize(("women", "why"), [(0, "two classes"), (3, "no decision")])
def test_reach_is_not_measurable_where_no_class_is_under_represented(
    model, monkeypatch, women, why
):
    monkeypatch.setattr("audits.runs.leads.MINIMUM_CELL", 2)
    lead_by_women(women)
    found = run_of(model).statistics.get(name=REACHED, group="man")
    assert found.verdict == "not measurable here" and why in found.detail["why"]


def test_holms_family_holds_every_headline(model):
    run = run_of(model, effort="full")
    family = list(run.statistics.filter(headline=True, p__isnull=False))
    assert {one.name for one in family} >= set(JUDGED)
    adjusted = holm([one.p for one in family])
    assert [one.p_adjusted for one in family] == pytest.approx(adjusted.tolist())


def test_a_lift_is_the_policys_value_less_the_plain_choices(model):
    log = judged_log(model, at=timezone.now())
    run = run_of(model)
    rows = {viewer.public_id.bytes: viewer for viewer in Viewer.objects.all()}
    women = set(Viewer.objects.order_by("pk").values_list("pk", flat=True)[:38])
    men = [rows[viewer].pk not in women for viewer in log.viewers]
    for name, plain in (("lift", log.even), ("lift_standard", log.standard)):
        found = run.statistics.get(name=name, group="man").estimate
        assert found == pytest.approx((log.values - plain)[men].mean())
        assert abs(found) > 1e-4  # the policy is none of the plain choices


def test_a_run_without_an_unseen_day_says_so(model):
    model.evaluation_days.clear()
    run = run_of(model)
    for name in ("lift_difference", "value_difference", REACHED):
        found = run.statistics.get(name=name, group="man")
        assert found.verdict == "not measurable here"
        assert found.estimate is None and "no unseen day" in found.detail["why"]
