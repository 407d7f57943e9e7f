"""Whole runs: who is shown to whom, what was really shown, and the gap within strata."""

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from audits.protected import store
from catalog.models import Artwork, Credit, Person, Viewer
from personalization.journal import partitions
from personalization.models import Decision, Impression, Window
from personalization.models.journal import Policy
from personalization.serving.replay import replay
from tests.audits.record.rows import run_of
from tests.audits.worlds import ALL, make_world

pytestmark = pytest.mark.django_db(transaction=True, databases=ALL)


@pytest.fixture
def cast(tmp_path):
    """Write a file of declarations and import it."""

    def declare(*lines):
        path = tmp_path / "cast.csv"
        path.write_text("\n".join(["person,attribute,value", *lines]) + "\n")
        call_command("declare_cast", str(path), verbosity=0)

    return declare


def people():
    return list(Person.objects.filter(credits__role=Credit.Role.CAST).order_by("pk"))


def test_it_finds_who_is_shown_more_of_a_class(cast):
    """Only the lead picture depicts the lead, and half of the viewers are shown it more often."""
    model = make_world(titles=20)
    cast(*(f"{person.slug},gender,woman" for person in people()))
    run = run_of(model)
    found = run.statistics.get(name="depicted_difference", group="man")
    assert found.detail["depicted"] == "woman"
    assert found.p < 0.05 and found.low * found.high > 0
    crossed = run.statistics.get(name="prominence_event_crossed", group="man")
    assert crossed.estimate == 0.0  # a lead is no marginal actor
    assert crossed.verdict == "not measurable here" and crossed.p is None
    assert store.readings()[0].kind == "person"


def test_a_class_of_few_people_is_suppressed(cast):
    model = make_world()
    cast(f"{people()[0].public_id},gender,woman")
    found = run_of(model).statistics.filter(name="depicted_difference", group="man").get()
    assert found.estimate is None and found.verdict == "suppressed"
    assert "Too few" in found.detail["why"]


def test_without_declarations_of_the_cast_it_says_so():
    found = run_of(make_world()).statistics.get(name="depicted_difference", group="man")
    assert found.estimate is None and "has declared" in found.detail["why"]


def test_where_only_leads_are_drawn_a_marginal_actor_is_not_measurable():
    run = run_of(make_world())
    for name in ("prominence_gap", "prominence_event"):
        found = run.statistics.get(name=name, group="man")
        assert found.verdict == "not measurable here" and found.p is None
        assert "no choice among them" in found.detail["why"]
        assert found.p_adjusted is None  # it takes no place in Holm's family


def test_where_nobody_is_depicted_it_says_so():
    model = make_world()
    for artwork in Artwork.objects.all():
        artwork.depicted.clear()
    run = run_of(model)
    for name in ("prominence_gap", "depicted_difference", "conditional_disparity"):
        found = run.statistics.get(name=name, group="man")
        assert "depicts anybody" in found.detail["why"]
        assert found.verdict == "not measurable here"
    assert "depicts anybody" in run.statistics.get(name="impact_ratio").detail["why"]


def test_a_ratio_of_few_viewers_has_no_interval():
    run = run_of(make_world(women=20, men=20, undeclared=0))
    ratio = run.statistics.get(name="impact_ratio")
    assert ratio.estimate is not None and ratio.low is None


def test_it_reports_what_was_really_shown_beside_the_policy():
    model = make_world()
    assert (
        "journal"
        in run_of(model)
        .statistics.get(name="exposure_difference_logged", group="man")
        .detail["why"]
    )
    _show_what_is_likeliest(model)
    _show_what_is_likeliest(model, chosen_by=None, key="2.0")
    run = run_of(model)
    assert run.inputs["counts"]["impressions"] == 84 * 6  # those of the even draws are not counted
    logged = run.statistics.get(name="exposure_difference_logged", group="man")
    policy = run.statistics.get(name="exposure_difference", group="man")
    assert (
        logged.estimate > policy.estimate
    )  # only the likeliest artwork, where the policy also explores
    assert logged.low is not None and not logged.headline
    assert run.statistics.filter(
        name="leakage_beyond_titles", group="man", p__isnull=False
    ).exists()
    assert not run.statistics.filter(name="leakage_beyond_titles", group="undeclared").exists()


def test_it_compares_within_strata_and_all_groups_at_once():
    run = run_of(make_world())
    like = run.statistics.get(name="conditional_disparity", group="man")
    # Here taste equals the group: nobody has a counterpart, and the run says that it dropped all.
    assert like.detail["dropped_share"] == 1.0 and like.estimate is None
    assert like.detail["unconditional"] == 0.0  # everybody depicted is a lead
    ratio = run.statistics.get(name="impact_ratio")
    assert ratio.group == "all" and 0 < ratio.low <= ratio.estimate <= ratio.high <= 1
    assert ratio.verdict == "descriptive"


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        (["nobody,gender,woman"], "line 2: there is no person"),
        (["{slug},gender,tall"], "line 2"),
        (["{slug},shoe,42"], "line 2"),
        (["{slug},gender"], "line 2: expected 3 fields"),
        (["{slug},gender,woman", '"{slug},gender,woman'], "line"),
    ],
)
def test_a_wrong_line_imports_nothing(cast, lines, why):
    make_world(women=1, men=1, undeclared=0)
    slug = people()[0].slug
    with pytest.raises(CommandError, match=why):
        cast(*(line.format(slug=slug) for line in lines))
    assert not store.read("person", "gender", purpose="a test")


def test_another_header_is_refused(tmp_path):
    path = tmp_path / "cast.csv"
    path.write_text("who,what\n")
    with pytest.raises(CommandError, match="the header must be person,attribute,value"):
        call_command("declare_cast", str(path))


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(CommandError, match=r"^\S+none\.csv: No such file.*Nothing was imported"):
        call_command("declare_cast", str(tmp_path / "none.csv"))


def test_declarations_of_fictional_people_are_marked_as_synthetic(cast):
    make_world(women=1, men=1, undeclared=0)
    person = people()[0]
    Person.objects.filter(pk=person.pk).update(synthetic=True)
    cast(f"{person.slug},gender,woman")
    assert [row.synthetic for row in store.read("person", "gender", purpose="a test")] == [True]


def test_it_deletes_the_declarations_of_one_person_only(cast):
    make_world(women=1, men=1, undeclared=0)
    first, second = people()[:2]
    cast(f"{first.slug},gender,woman", f"{second.slug},gender,man", f"{second.slug},age_band,35-44")
    call_command("withdraw_cast", first.slug, verbosity=0)
    call_command("withdraw_cast", str(second.public_id), attribute="age_band")
    left = store.read("person", "gender", purpose="a test")
    assert [row.value for row in left] == ["man"]
    assert not store.read("person", "age_band", purpose="a test")


def test_somebody_who_left_the_catalogue_can_still_withdraw(cast, capsys):
    make_world(women=1, men=1, undeclared=0)
    person = people()[0]
    cast(f"{person.slug},gender,woman")
    person.credits.all().delete()
    person.delete()
    call_command("withdraw_cast", str(person.public_id))
    assert str(person.public_id) in capsys.readouterr().out
    assert not store.read("person", "gender", purpose="a test")


def test_an_unknown_person_deletes_nothing(cast):
    make_world(women=1, men=1, undeclared=0)
    cast(f"{people()[0].slug},gender,woman")
    with pytest.raises(CommandError, match=r"there is no person 'nobody'.*Nothing was deleted"):
        call_command("withdraw_cast", "nobody")
    assert store.read("person", "gender", purpose="a test")


def test_what_another_chose_is_not_shown_beside_the_model():
    model = make_world()
    _show_what_is_likeliest(model, chosen_by=None)
    logged = run_of(model).statistics.get(name="exposure_difference_logged", group="man")
    assert logged.estimate is None and "this model chose" in logged.detail["why"]


def _show_what_is_likeliest(model, chosen_by="the model", key="1.0"):
    """Record that every viewer saw, of each title, the artwork that the model shows most."""
    viewers = list(Viewer.objects.order_by("pk"))
    titles = {credit.title_id for credit in Credit.objects.all()}
    shown = replay(model, [each.pk for each in viewers], sorted(titles), at=timezone.now())
    now = timezone.now()
    partitions.ensure([now.date()])
    for row, viewer in enumerate(viewers):
        window = Window.objects.create(
            viewer=viewer, key=key, manifest_digest="0" * 64, vector=b"", affinity_people=b"",
            affinity_weights=b"", vector_digest="0" * 64, history_length=1, opened_at=now,
        )  # fmt: skip
        for at, title in enumerate(shown.title_ids):
            inside = shown.artwork_title == at
            chosen = int(shown.artwork_ids[inside][shown.probabilities[row, inside].argmax()])
            decision = Decision.objects.create(
                viewer=viewer, title_id=int(title), window=window,
                model=model if chosen_by else None,
                policy=Policy.CONTEXTUAL if chosen_by else Policy.UNIFORM,
                artworks=[chosen], probabilities=[1.0], chosen=chosen, propensity=1.0,
                surface="home", position=0, first_seen_at=now, day=now.date(),
            )  # fmt: skip
            Impression.objects.create(
                decision=decision, day=now.date(), page_view=viewer.public_id, seen_at=now
            )
