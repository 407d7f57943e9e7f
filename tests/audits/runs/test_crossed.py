"""Whole runs that ask for two attributes: their crossed groups are measured too."""

import pytest

from audits.actions import declare_many
from audits.admin.words import attribute_name, label
from audits.models import RunDocument
from audits.runs import checking
from audits.runs.registration import MARGINS
from catalog.models import Viewer
from tests.audits.record.rows import run_of
from tests.audits.worlds import ALL, make_world
from tools.verify_evidence import read_json

pytestmark = pytest.mark.django_db(transaction=True, databases=ALL)
BOTH = ("age_band", "gender")
CROSSED = "age_band × gender"


def declare_ages(of_number):
    """Let each viewer declare the age band that `of_number` gives for their number, if any."""
    rows = [
        (viewer.public_id, "age_band", of_number(number))
        for number, viewer in enumerate(Viewer.objects.order_by("pk"))
        if of_number(number)
    ]
    declare_many(rows, synthetic=False)


def test_each_crossed_group_is_measured_and_is_no_headline():
    """Women watch other titles than men, of every age."""
    model = make_world(women=64, men=64, undeclared=12)
    declare_ages(lambda number: ("18-24", "25-34")[number % 2] if number < 128 else "")
    run = run_of(model, attributes=BOTH, effort="full")
    assert run.registration["intersections"] == [["age_band", "gender"]]
    assert run.groups[CROSSED] == {
        "18-24 × man": 32, "18-24 × woman": 32, "25-34 × man": 32, "25-34 × woman": 32,
        "undeclared": 12,
    }  # fmt: skip
    crossed = run.statistics.filter(attribute=CROSSED)
    found = crossed.get(name="exposure_distance", group="18-24 × woman")
    assert found.margin == MARGINS["exposure_distance"] and found.estimate > 0
    # Corrected in a family of their own, which does not change the attributes'.
    assert not found.headline and found.p <= found.p_adjusted <= 1
    tested = run.statistics.filter(headline=True, p__isnull=False)
    assert tested.count() >= 2 and not tested.filter(attribute=CROSSED).exists()
    smallest = min(tested, key=lambda one: one.p)
    assert smallest.p_adjusted == pytest.approx(min(1.0, smallest.p * tested.count()))
    assert crossed.filter(name="leakage_auc", p__isnull=False).count() == 4
    assert not crossed.filter(group="undeclared").exists()
    document = read_json(RunDocument.objects.get(run=run.public_id).text)
    checking.check(document)
    assert attribute_name(CROSSED) == "Age × Gender"
    assert label(CROSSED, "18-24 × woman") == "18 to 24 × Woman"


def test_a_small_crossed_group_is_hidden_with_others_that_would_give_it_away():
    make_world(women=40, men=40, undeclared=0)
    declare_ages(lambda number: "18-24" if number < 4 or number >= 52 else "25-34")
    run = run_of(None, attributes=BOTH)
    assert all(count is not None for count in run.groups["age_band"].values())
    crossed = run.groups[CROSSED]
    assert {count for name, count in crossed.items() if name != "undeclared"} == {None}
    rows = run.statistics.filter(attribute=CROSSED, group__contains="×")
    assert set(rows.values_list("verdict", flat=True)) == {"suppressed"}
    assert not rows.filter(estimate__isnull=False).exists()


def test_one_attribute_or_three_are_not_crossed():
    model = make_world(women=12, men=12)
    for attributes in (("gender",), ("age_band", "disability", "gender")):
        run = run_of(model, attributes=attributes)
        assert run.registration["intersections"] == []
        assert set(run.groups) == set(attributes)


def test_an_attribute_of_a_single_group_is_not_crossed():
    make_world(women=40, men=40)
    declare_ages(lambda number: "18-24")
    run = run_of(None, attributes=BOTH)
    assert set(run.groups) == set(BOTH)
