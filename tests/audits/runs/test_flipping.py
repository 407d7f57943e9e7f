"""Whole runs of measure 4: other leads in the histories."""

import numpy as np
import pytest
from django.utils import timezone

from audits.protected import store
from audits.runs import steps
from catalog.models import Artwork, Credit, Title, Viewer
from personalization.features.manifest import GENRES
from personalization.inspection import Replaced, policy_panel, swapped_panel
from tests.audits.record.rows import run_of
from tests.audits.worlds import ALL, make_world
from tests.factories import make_genre

pytestmark = pytest.mark.django_db(transaction=True, databases=ALL)
TITLES = 32  # of which a viewer has watched half


def make_alike(**options):
    """Return the model of a world whose genres hold eight titles each, so that titles match."""
    model = make_world(titles=TITLES, **options)
    for number, title in enumerate(Title.objects.order_by("pk")):
        title.genres.set([make_genre(GENRES[number // 8])])
    return model


def declare(of_title):
    """Let each title's lead declare the gender that `of_title` gives for the title's number."""
    rows = [
        (credit.person.public_id, "gender", of_title(number))
        for number, title in enumerate(Title.objects.order_by("pk"))
        for credit in title.credits.filter(role=Credit.Role.CAST)
        if of_title(number)
    ]
    store.declare("person", rows, synthetic=False)


def effect(run, group="all"):
    return run.statistics.get(name="flip_effect", group=group)


def test_it_compares_swaps_of_another_class_with_swaps_of_the_same():
    model = make_alike()
    declare(lambda number: "woman" if number % 2 else "man")
    run = run_of(model, effort="full")
    found = effect(run)
    assert found.headline and found.viewers == 84
    interval = found.detail["variation_interval"]
    assert interval["low"] < found.detail["variation"] < interval["high"]
    assert found.estimate == pytest.approx(np.subtract(*found.detail["rates"]))
    assert (
        0 < found.p <= found.p_adjusted and found.margin == run.registration["margins"][found.name]
    )
    assert found.detail["titles_replaced"] == 3
    # The two matches of a title differ in their leads' class, and hardly in anything else.
    assert found.detail["apart"] < 0.1
    # The groups of viewers stand beside it, and are not judged.
    for group in ("woman", "man"):
        side = effect(run, group)
        assert side.verdict == "descriptive" and not side.headline


@pytest.mark.parametrize(
    ("of_title", "why"),
    [
        (lambda number: "", "two classes"),
        (lambda number: "woman", "two classes"),
        # Nine people are too few to tell anything of.
        (lambda number: "woman" if number < 9 else "man", "two classes"),
    ],
)
def test_without_leads_of_two_classes_it_is_not_measurable(of_title, why):
    model = make_world(titles=TITLES, women=12, men=12)
    declare(of_title)
    found = effect(run_of(model))
    assert found.verdict == "not measurable here" and why in found.detail["why"]
    assert found.estimate is None and found.p is None


def test_without_histories_it_is_not_measurable():
    model = make_world(titles=TITLES, women=12, men=12)
    declare(lambda number: "woman" if number % 2 else "man")
    for viewer in Viewer.objects.all():
        viewer.watch_events.all().delete()
    found = effect(run_of(model))
    assert found.verdict == "not measurable here" and "no viewer has watched" in found.detail["why"]


def test_the_even_choice_flips_nothing():
    make_alike(women=20, men=20)
    declare(lambda number: "woman" if number % 2 else "man")
    found = effect(run_of(None))
    assert found.detail["rates"] == [0.0, 0.0] and found.verdict == "within margin"


def test_more_viewers_than_an_effort_attacks_are_sampled(monkeypatch):
    model = make_alike(women=30, men=30)
    declare(lambda number: "woman" if number % 2 else "man")
    hurried = steps.EFFORTS["quick"]
    monkeypatch.setitem(steps.EFFORTS, "quick", type(hurried)(**vars(hurried) | {"viewers": 40}))
    assert effect(run_of(model)).viewers == 40


def test_a_replaced_title_changes_the_policy_of_its_viewer_only():
    model = make_world(titles=TITLES, women=2, men=2, undeclared=0)
    viewers = list(Viewer.objects.order_by("pk").values_list("pk", flat=True))
    titles = list(Title.objects.order_by("pk").values_list("pk", flat=True))
    before = policy_panel(model, viewers, titles, at=timezone.now()).probabilities
    woman = Viewer.objects.get(pk=viewers[0])
    watched = list(woman.watch_events.order_by("pk").values_list("title", flat=True))
    instead = Replaced(
        np.full(len(watched), viewers[0]), np.array(watched), np.array(titles[TITLES // 2 :])
    )
    after = swapped_panel(model, viewers, titles, instead=instead, at=timezone.now())
    # She now has the history of a man, and everybody else their own.
    assert after[0] == pytest.approx(before[2]) and after[0] != pytest.approx(before[0])
    np.testing.assert_array_equal(after[1:], before[1:])


def test_a_pair_that_nobody_watched_changes_nothing():
    model = make_world(titles=6, women=2, men=2, undeclared=0)
    viewers = list(Viewer.objects.order_by("pk").values_list("pk", flat=True))
    titles = list(Title.objects.order_by("pk").values_list("pk", flat=True))
    before = policy_panel(model, viewers, titles, at=timezone.now()).probabilities
    for pairs in ([], [(viewers[0], titles[-1], titles[0]), (10**9, titles[0], titles[1])]):
        rows = np.array(pairs, dtype=np.int64).reshape(-1, 3)
        after = swapped_panel(model, viewers, titles, instead=Replaced(*rows.T), at=timezone.now())
        np.testing.assert_array_equal(after, before)


def test_where_nobody_is_credited_no_declaration_of_the_cast_is_read():
    model = make_world(women=12, men=12)
    for artwork in Artwork.objects.all():
        artwork.depicted.clear()
    Credit.objects.all().delete()
    run = run_of(model)
    mine = [reading for reading in store.readings() if reading.run == run.public_id]
    assert [reading.kind for reading in mine] == ["viewer"]
