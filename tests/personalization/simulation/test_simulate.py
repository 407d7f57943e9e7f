import json
from datetime import date, timedelta

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from catalog.models import Account, Title, Viewer, WatchEvent
from personalization.models import Decision, Impression, Window
from personalization.simulation import crowds, planting, proxy
from personalization.simulation.crowds import CannotSimulate
from tests.factories import NOW, make_viewer, make_watch_event
from tests.personalization.simulation.worlds import make_catalogue

UNTIL = date(2026, 3, 3)
declared: list = []


def take(rows):
    declared.extend(rows)


def simulate(tmp_path, **options):
    path = tmp_path / "truth.json"
    call_command(
        "simulate",
        **{"days": 2, "seed": 1, "viewers": "demo:12", "until": UNTIL, "slate": 6, "json": path}
        | options,
    )
    return json.loads(path.read_text())


@pytest.fixture
def catalogue(db):
    make_catalogue()


def test_it_writes_real_decisions_seen_once_and_real_plays(catalogue, tmp_path):
    found = simulate(tmp_path)
    assert Decision.objects.count() == Impression.objects.count() == found["decisions"] > 100
    assert set(Decision.objects.values_list("day", flat=True)) == {UNTIL, UNTIL - timedelta(1)}
    decision = Decision.objects.first()
    assert sum(decision.probabilities) == pytest.approx(1.0)
    assert decision.chosen in decision.artworks


def test_what_it_makes_says_that_it_is_synthetic(catalogue, tmp_path):
    simulate(tmp_path)
    assert Viewer.objects.count() == 12
    assert Viewer.objects.filter(synthetic=True).count() == 12
    assert Account.objects.filter(synthetic=True).count() == 12
    assert not any(account.has_usable_password() for account in Account.objects.all())


def test_plays_are_quality_plays_of_what_was_seen_within_the_attribution(catalogue, tmp_path):
    simulate(tmp_path, days=6)
    start = Decision.objects.order_by("first_seen_at").first().first_seen_at
    plays = list(WatchEvent.objects.filter(started_at__gte=start))
    assert plays
    for play in plays:
        decision = Decision.objects.filter(
            viewer=play.viewer_id, title=play.title_id, first_seen_at__lt=play.quality_at
        ).latest("first_seen_at")
        assert play.quality_at - decision.first_seen_at < timedelta(hours=1)


def test_histories_have_the_lengths_that_they_have(catalogue, tmp_path):
    simulate(tmp_path, days=4)
    for viewer in Viewer.objects.all():
        titles = viewer.watch_events.order_by().values("title").distinct().count()
        assert viewer.history_length == titles


def test_nobody_is_shown_what_they_have_begun(catalogue, tmp_path):
    simulate(tmp_path, days=4)
    for decision in Decision.objects.all():
        assert not WatchEvent.objects.filter(
            viewer=decision.viewer_id,
            title=decision.title_id,
            started_at__lt=decision.first_seen_at,
        ).exists()


def test_the_truth_ranks_the_oracle_first_and_tells_nothing_of_no_model(
    catalogue, tmp_path, capsys
):
    found = simulate(tmp_path)
    policies = found["policies"]
    assert set(policies) == {
        "uniform", "default", "context_free", "greedy", "serving", "oracle"
    }  # fmt: skip
    assert policies["oracle"] > policies["uniform"] > 0
    assert policies["serving"] is policies["greedy"] is policies["context_free"] is None
    assert found["decisions_under_a_model"] == 0
    table = capsys.readouterr().out
    assert table.count("not measurable here") == 3 and "No model served" in table


def test_days_that_are_simulated_are_left_as_they_are(catalogue, tmp_path):
    simulate(tmp_path)
    before = list(Decision.objects.order_by("pk").values_list("pk", "chosen"))
    with pytest.raises(CommandError, match="simulated already"):
        simulate(tmp_path)
    found = simulate(tmp_path, days=3, until=UNTIL + timedelta(1))
    assert [day["day"] for day in found["days"]] == [str(UNTIL + timedelta(1))]
    assert (
        list(Decision.objects.order_by("pk").values_list("pk", "chosen"))[: len(before)] == before
    )


def test_an_interrupted_run_goes_on_to_the_same_end(catalogue, tmp_path):
    """Two days in two runs draw the same pages as two days in one."""
    simulate(tmp_path, days=1, until=UNTIL - timedelta(1))
    simulate(tmp_path, days=2)
    in_two = _journal()
    Decision.objects.all().delete()
    Window.objects.all().delete()
    Account.objects.all().delete()
    simulate(tmp_path, days=2)
    assert _journal() == in_two


def _journal():
    return list(
        Decision.objects.order_by("first_seen_at", "title").values_list(
            "viewer__source_id", "title", "chosen", "position", "first_seen_at"
        )
    )


def test_choices_for_imported_viewers_see_only_the_earlier_part(db, tmp_path):
    make_catalogue(source="movielens")
    titles = list(crowds.shown_titles("movielens"))
    viewer = make_viewer(source="movielens", source_id="1", synthetic=False)
    for day in range(10):
        make_watch_event(
            viewer,
            _title(titles[day]),
            origin="import",
            started_at=NOW - timedelta(days=100 - day),
        )
    crowd = crowds.imported("movielens")
    assert crowd.cuts[viewer.pk] == NOW - timedelta(days=95)  # six of ten
    assert crowd.tastes.sum() == pytest.approx(1.0)
    simulate(tmp_path, viewers="movielens")
    assert set(Window.objects.values_list("history_length", flat=True)) == {6}
    assert not set(Decision.objects.values_list("title", flat=True)) & set(titles[:10])


def _title(pk):
    return Title.objects.get(pk=int(pk))


def test_a_history_of_one_moment_has_no_later_part(db):
    make_catalogue(source="movielens")
    viewer = make_viewer(source="movielens", source_id="1")
    for pk in crowds.shown_titles("movielens")[:3]:
        make_watch_event(viewer, _title(pk), origin="import")
    with pytest.raises(CannotSimulate, match="hold a part back"):
        crowds.imported("movielens")


@pytest.mark.parametrize("strength", [0.0, 3.0])
def test_a_planted_group_differs_in_taste_by_the_strength(catalogue, strength):
    crowd = planting.planted(300, seed=5, start=NOW)
    rows = proxy.members(crowd, strength=strength, seed=5)
    assert 220 < len(rows) < 290  # not everybody declares
    said = {viewer: value for viewer, _, value in rows}
    answers = np.array([said.get(viewer.public_id, "") for viewer in crowd.viewers])
    means = [crowd.tastes[answers == group].mean(axis=0) for group in proxy.GROUPS]
    within = crowd.tastes.std(axis=0) * np.sqrt(4 / len(rows))
    distance = np.abs((means[0] - means[1]) / within).max()
    assert (distance > 5) if strength else (distance < 4)


def test_the_group_goes_to_the_declarer_and_stays_nowhere_else(catalogue, tmp_path, settings):
    settings.SIMULATION_DECLARER = f"{__name__}.take"
    declared.clear()
    simulate(tmp_path, proxy_strength=1.0)
    assert declared
    assert {row[1] for row in declared} == {proxy.ATTRIBUTE}
    assert {row[0] for row in declared} <= {v.public_id for v in Viewer.objects.all()}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"days": 0}, "--days must be at least 1"),
        ({"viewers": "demo:many"}, "names no viewers"),
        ({"viewers": "demo:0"}, "names no viewers"),
        ({"viewers": "nowhere"}, "history to hold a part back"),
        ({"proxy_strength": float("nan")}, "must be a number"),
        ({"proxy_strength": -1.0}, "must be a number"),
    ],
)
def test_it_refuses_in_words(catalogue, tmp_path, options, words):
    with pytest.raises(CommandError, match=words):
        simulate(tmp_path, **options)
    assert not Decision.objects.exists()


def test_the_wall_takes_the_planted_group(catalogue, tmp_path):
    simulate(tmp_path, proxy_strength=1.0)  # by the declarer that is configured
    assert Decision.objects.exists()


def test_nothing_is_invented_about_imported_viewers(db, tmp_path, settings):
    settings.SIMULATION_DECLARER = f"{__name__}.take"
    declared.clear()
    make_catalogue(source="movielens")
    viewer = make_viewer(source="movielens", source_id="1")
    for day, pk in enumerate(crowds.shown_titles("movielens")[:6]):
        at = NOW - timedelta(days=50 - day)
        make_watch_event(viewer, _title(pk), origin="import", started_at=at)
    with pytest.raises(CommandError, match="declarations of their own"):
        simulate(tmp_path, viewers="movielens", proxy_strength=1.0)
    assert not declared


def test_it_refuses_a_declarer_that_is_not_there(catalogue, tmp_path, settings):
    settings.SIMULATION_DECLARER = "nowhere.declare"
    with pytest.raises(CommandError, match="SIMULATION_DECLARER"):
        simulate(tmp_path, proxy_strength=1.0)
    assert not Decision.objects.exists()


def test_it_refuses_a_catalogue_without_artwork(db, tmp_path):
    with pytest.raises(CommandError, match="approved artwork"):
        simulate(tmp_path)
