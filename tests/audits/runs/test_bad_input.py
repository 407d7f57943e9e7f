"""Whole runs over panels that cannot show much: each says so, and none of them fails."""

from dataclasses import replace
from uuid import UUID

import numpy as np
import pytest

from audits.actions import declare_many
from audits.protected.attributes import ATTRIBUTES
from audits.runs import panel
from audits.runs.computing import Reader, compute
from catalog.models import Artwork, Title, Viewer
from tests.audits.record.rows import run_of
from tests.audits.worlds import ALL, make_model, make_world
from tests.factories import make_account
from tests.personalization.serving.worlds import make_catalogue, make_watcher

pytestmark = pytest.mark.django_db(transaction=True, databases=ALL)
NO_NUMBERS = {"suppressed", "insufficient evidence", "not measurable here"}
UNTESTED = NO_NUMBERS | {"descriptive"}


def verdicts(run, **which):
    return set(run.statistics.filter(**which).values_list("verdict", flat=True))


@pytest.mark.parametrize("women", [1, 9, 10, 29])
def test_a_group_under_thirty_gets_no_verdict(women):
    run = run_of(make_world(women=women, men=40, undeclared=0))
    of_viewers = run.statistics.exclude(group="all")
    assert set(of_viewers.values_list("verdict", flat=True)) <= UNTESTED
    assert not of_viewers.filter(p__isnull=False).exists()
    hidden = run.groups["gender"]["woman"] is None
    assert hidden == (women < 10)
    if hidden:  # then the other side would tell the group's size
        assert run.groups["gender"]["man"] is None
        assert not of_viewers.filter(estimate__isnull=False).exists()


def test_a_group_of_thirty_is_tested():
    run = run_of(make_world(women=30, men=40, undeclared=0))
    assert run.statistics.filter(group="man", p__isnull=False).exists()


def test_a_single_group_is_compared_with_nobody():
    run = run_of(make_world(women=40, men=0, undeclared=0))
    assert run.groups["gender"] == {"woman": 40, "undeclared": 0}
    assert not run.statistics.filter(p__isnull=False).exclude(group="all").exists()


def test_where_everybody_is_undeclared_nothing_is_compared():
    run = run_of(make_world(women=0, men=0, undeclared=40))
    assert run.groups["gender"] == {"undeclared": 40}
    assert not run.statistics.filter(estimate__isnull=False).exists()
    assert verdicts(run) <= UNTESTED


def test_five_groups_and_three_attributes():
    titles = make_catalogue(titles=6)
    account, rows = make_account(), []
    bands, names = list(ATTRIBUTES["age_band"].values)[:5], ("age_band", "ethnicity", "gender")
    values = {name: list(ATTRIBUTES[name].values) for name in names}
    for number in range(160):
        viewer = make_watcher(*titles[number % 3 :], account=account)
        rows += [
            (viewer.public_id, "age_band", bands[number % 5]),
            (viewer.public_id, "gender", values["gender"][number % 2]),
            (viewer.public_id, "ethnicity", values["ethnicity"][number % 3]),
        ]
    declare_many(rows, synthetic=False)
    run = run_of(make_model(genres=3), attributes=names)
    tested = run.statistics.filter(name="exposure_distance", p__isnull=False)
    found = {(one.attribute, one.group) for one in tested}
    assert {group for attribute, group in found if attribute == "age_band"} == set(bands)
    assert len({attribute for attribute, _ in found}) == 3
    assert set(run.groups["age_band"]) == {*bands, "undeclared"}


def test_a_title_of_forty_artworks():
    titles = make_catalogue(titles=2, artworks=40)
    account = make_account()
    rows = []
    for number in range(64):
        viewer = make_watcher(titles[number % 2], account=account)
        rows.append((viewer.public_id, "gender", ("woman", "man")[number % 2]))
    declare_many(rows, synthetic=False)
    run = run_of(make_model(genres=1))
    found = run.statistics.get(name="exposure_distance", group="man")
    assert found.estimate is not None and found.p is not None


def test_viewers_without_a_history():
    model = make_world(women=32, men=32, undeclared=0)
    for viewer in Viewer.objects.all():
        viewer.watch_events.all().delete()
    run = run_of(model)
    leak = run.statistics.get(name="leakage_auc", group="man")
    assert leak.verdict == "not measurable here" and "watched anything" in leak.detail["why"]
    assert verdicts(run, name="exposure_distance", group="man") == {"within margin"}


def changed(monkeypatch, **of_panel):
    """Let runs measure a panel of which some fields are others: what each function returns."""
    gather = panel.gather

    def gathered(plan, asked):
        found = gather(plan, asked)
        return replace(found, **{name: change(found) for name, change in of_panel.items()})

    monkeypatch.setattr(panel, "gather", gathered)


def without_a_number(array):
    copy = array.copy()
    copy[0, 0] = np.nan
    return copy


def test_numbers_that_are_none_are_refused_and_never_repaired(monkeypatch):
    model = make_world(women=32, men=32, undeclared=0)
    changed(monkeypatch, exposure=lambda found: without_a_number(found.exposure))
    run = run_of(model)
    for name in ("exposure_distance", "leakage_auc", "prominence_gap"):
        found = run.statistics.filter(name__startswith=name.split("_")[0], group="man")
        assert found.exists() and not found.filter(estimate__isnull=False).exists()
        assert any("finite" in one.detail["why"] for one in found)


def test_a_viewer_vector_without_a_number_is_refused_where_it_is_read(monkeypatch):
    model = make_world(women=32, men=32, undeclared=0)

    def broken(found):
        vectors, *others = found.computed_from
        return (without_a_number(vectors), *others)

    changed(monkeypatch, computed_from=broken)
    run = run_of(model)
    leak = run.statistics.get(name="leakage_auc", group="man")
    assert leak.verdict == "insufficient evidence" and "finite" in leak.detail["why"]
    assert leak.estimate is None
    assert run.statistics.get(name="exposure_distance", group="man").p is not None


def test_the_same_pictures_for_everybody_are_within():
    make_world(women=32, men=32, undeclared=0)
    run = run_of(None)
    distance = run.statistics.get(name="exposure_distance", group="man")
    assert (distance.estimate, distance.p, distance.verdict) == (0, 1, "within margin")
    leak = run.statistics.get(name="leakage_auc", group="man")
    assert (leak.estimate, leak.p) == (0.5, 1)
    assert "outside margin" not in verdicts(run)


def test_strata_of_one_viewer_each_tell_nothing(monkeypatch):
    """Labels are shuffled within strata: with one viewer each there is nothing to shuffle."""
    model = make_world(women=32, men=32, undeclared=0)
    assert run_of(model).statistics.get(name="exposure_distance", group="man").p < 0.01
    changed(monkeypatch, strata=lambda found: np.arange(len(found.viewers)))
    run = run_of(model)
    distance = run.statistics.get(name="exposure_distance", group="man")
    assert (
        distance.verdict == "insufficient evidence" and "share a stratum" in distance.detail["why"]
    )
    assert not run.statistics.filter(p__isnull=False).exclude(group="all").exists()


def test_a_title_that_was_lost_since_is_left_out():
    model = make_world(women=32, men=32, undeclared=0)
    run = run_of(model)
    lost = Title.objects.order_by("pk").first()
    Artwork.objects.filter(title=lost).delete()
    reader = Reader(purpose="a test", run=UUID(int=0), again=True)
    gathered = panel.gather(run.registration, model)
    found = compute(run.registration, model, reader=reader, progress=lambda *_: None)
    assert len(gathered.weights) <= len(run.registration["slate"]["titles"])
    assert any(one.estimate is not None for one in found.statistics)


def test_a_world_in_which_no_verdict_can_be_given():
    """Twelve of each: enough to be shown, and too few to judge anything."""
    run = run_of(make_world(women=12, men=12, undeclared=12))
    judged = run.statistics.exclude(group="all").exclude(margin=None)
    assert judged.exists() and {one.verdict for one in judged} <= NO_NUMBERS
    assert not run.statistics.filter(p_adjusted__isnull=False).exists()
