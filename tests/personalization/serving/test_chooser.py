"""The chooser on real rows: windows, policies, withdrawals, broken models, queries."""

from collections import Counter
from datetime import timedelta

import numpy as np
import pytest

from catalog.choosing import chooser
from catalog.models import Artwork, Viewer
from personalization import storage
from personalization.models import ModelVersion, Window
from personalization.models.journal import Policy, Standing
from personalization.serving import models, tokens, windows
from personalization.serving.chooser import PersonalChooser
from tests.factories import NOW, make_artwork, make_title, make_viewer
from tests.personalization.serving.worlds import bump, make_catalogue, make_model, make_watcher


def choose(viewer, titles, *, now=NOW, surface="home"):
    return PersonalChooser().choose(viewer, titles, surface=surface, now=now)


def shown(viewer, titles, **options):
    return {title: c.artwork_id for title, c in choose(viewer, titles, **options).items()}


def decided(choice):
    return tokens.unpack(choice.token).decided


@pytest.fixture
def world(db):
    titles = make_catalogue(titles=4, artworks=4)
    return titles, make_watcher(*titles), make_model()


def test_the_setting_names_it():
    chooser.cache_clear()
    assert isinstance(chooser(), PersonalChooser)


def test_it_chooses_an_eligible_artwork_for_each_title(world):
    titles, viewer, _ = world
    choices = choose(viewer, titles)
    assert list(choices) == [title.pk for title in titles]
    for title in titles:
        assert Artwork.objects.get(pk=choices[title.pk].artwork_id).title == title


def test_the_picture_stays_within_a_window(world):
    titles, viewer, _ = world
    first = shown(viewer, titles)
    key = windows.window_key(viewer, now=NOW)
    later = [NOW + timedelta(hours=hours) for hours in range(1, 24 * 7)]
    within = [now for now in later if windows.window_key(viewer, now=now) == key]
    for now in (within or [NOW + timedelta(minutes=1)])[:: len(within) // 3 or 1]:
        assert shown(viewer, titles[::-1], now=now) == first


def test_pictures_change_from_window_to_window(world):
    titles, viewer, _ = world
    seen = {tuple(sorted(shown(viewer, titles, now=NOW + timedelta(days=8 * n)).items()))
            for n in range(12)}  # fmt: skip
    assert len(seen) > 3


def test_a_title_draws_the_same_whatever_else_is_on_the_page(world):
    titles, viewer, _ = world
    whole = shown(viewer, titles)
    assert shown(viewer, titles[2:3]) == {titles[2].pk: whole[titles[2].pk]}


def test_in_steady_state_a_page_costs_one_query(world, django_assert_num_queries):
    titles, viewer, _ = world
    choose(viewer, titles)
    with django_assert_num_queries(1):
        choose(viewer, titles)


def test_draws_match_the_probabilities_over_windows(world):
    titles, viewer, _ = world
    title = titles[0]
    counts, expected = Counter(), Counter()
    for n in range(100):
        choice = choose(viewer, [title], now=NOW + timedelta(days=7 * n))[title.pk]
        probabilities = decided(choice)
        counts[choice.artwork_id] += 1
        for artwork, p in zip(probabilities.artworks, probabilities.probabilities, strict=True):
            expected[int(artwork)] += p
    for artwork, mean in expected.items():
        assert abs(counts[artwork] - mean) < 4 * mean**0.5 + 1


def test_the_decision_says_how_it_came_about(world):
    titles, viewer, _ = world
    cases = {
        Policy.CONTEXTUAL: viewer,
        Policy.CONTEXT_FREE: make_watcher(titles[0]),
    }
    for policy, who in cases.items():
        assert decided(choose(who, titles)[titles[0].pk]).policy == policy


@pytest.mark.parametrize(
    ("fields", "watched", "standing"),
    [
        ({}, 3, Standing.PERSONAL),
        ({}, 2, Standing.TOO_NEW),
        ({"personalised": False}, 3, Standing.OPTED_OUT),
        ({"personalised": False}, 0, Standing.OPTED_OUT),
        ({"is_child": True}, 3, Standing.CHILD),
        ({"is_child": True, "personalised": False}, 0, Standing.CHILD),
    ],
)
@pytest.mark.parametrize("with_model", [True, False])
def test_the_decision_says_who_the_viewer_was_to_the_choice(
    db, fields, watched, standing, with_model
):
    titles = make_catalogue(titles=3)
    if with_model:
        make_model()
    viewer = make_watcher(*titles[:watched], **fields)
    choice = decided(choose(viewer, titles)[titles[0].pk])
    assert choice.standing == standing
    if with_model:
        assert (choice.policy == Policy.CONTEXTUAL) == (standing == Standing.PERSONAL)


@pytest.mark.parametrize("fields", [{"personalised": False}, {"is_child": True}])
def test_who_opted_out_and_children_get_what_everybody_gets(world, fields):
    titles, _, _ = world
    first, second = (make_watcher(*titles, **fields) for _ in range(2))
    ours, theirs = (decided(choose(who, titles)[titles[0].pk]) for who in (first, second))
    assert ours.policy == theirs.policy == Policy.CONTEXT_FREE
    np.testing.assert_array_equal(ours.probabilities, theirs.probabilities)


def test_opting_out_counts_at_once(world):
    titles, viewer, _ = world
    choose(viewer, titles)
    viewer.personalised = False
    assert decided(choose(viewer, titles)[titles[0].pk]).policy == Policy.CONTEXT_FREE


def test_before_any_model_serves_the_draw_is_even(db):
    titles = make_catalogue(titles=2)
    choice = decided(choose(make_watcher(*titles), titles)[titles[0].pk])
    assert choice.policy == Policy.UNIFORM
    np.testing.assert_allclose(choice.probabilities, 0.25)


def test_a_window_keeps_its_model_when_another_begins_to_serve(world):
    titles, viewer, model = world
    before = shown(viewer, titles)
    ModelVersion.objects.filter(pk=model.pk).update(state=ModelVersion.State.RETIRED)
    make_model(seed=9)
    assert shown(viewer, titles) == before
    choose(viewer, titles, now=NOW + timedelta(days=8))
    newest = Window.objects.filter(viewer=viewer).latest("opened_at")
    assert newest.model.state == ModelVersion.State.SERVING


def test_a_released_window_gives_way_to_a_new_one_at_once(world):
    titles, viewer, _ = world
    choose(viewer, titles)
    Window.objects.filter(viewer=viewer).update(released_at=NOW)
    choose(viewer, titles, now=NOW + timedelta(minutes=1))
    assert Window.objects.filter(viewer=viewer, released_at=None).count() == 1


def test_a_longer_history_opens_a_new_window(world):
    titles, viewer, _ = world
    choose(viewer, titles)
    Viewer.objects.filter(pk=viewer.pk).update(history_length=10)
    viewer.refresh_from_db()
    choose(viewer, titles)
    assert Window.objects.filter(viewer=viewer).count() == 2


def test_windows_are_staggered_by_viewer(db):
    """Within one window's length everybody's changes once, at a time of their own."""

    def changes_at(viewer):
        first = windows.window_key(viewer, now=NOW)
        keys = (windows.window_key(viewer, now=NOW + timedelta(hours=h)) for h in range(169))
        return next(hour for hour, key in enumerate(keys) if key != first)

    assert len({changes_at(make_viewer()) for _ in range(12)}) > 6


def test_a_clock_that_jumps_back_finds_the_older_window_again(world):
    titles, viewer, _ = world
    before = shown(viewer, titles)
    shown(viewer, titles, now=NOW + timedelta(days=9))
    assert shown(viewer, titles) == before


def test_a_withdrawn_artwork_leaves_at_once_and_nobody_else_changes(world):
    titles, _, _ = world
    viewers = [make_watcher(*titles) for _ in range(40)]
    before = [shown(viewer, titles[:1])[titles[0].pk] for viewer in viewers]
    gone = Counter(before).most_common(1)[0][0]
    Artwork.objects.filter(pk=gone).update(
        state=Artwork.State.WITHDRAWN, withdrawn_at=NOW + timedelta(minutes=1)
    )
    bump()
    after = [shown(viewer, titles[:1])[titles[0].pk] for viewer in viewers]
    assert gone not in after
    assert all(a == b for a, b in zip(after, before, strict=True) if b != gone)
    probabilities = decided(choose(viewers[0], titles[:1])[titles[0].pk])
    assert gone not in probabilities.artworks
    assert probabilities.probabilities.sum() == pytest.approx(1)


def test_a_new_artwork_enters_only_windows_that_open_after_its_approval(world):
    titles, viewer, _ = world
    choose(viewer, titles)
    new = make_artwork(titles[0], approved_at=NOW + timedelta(hours=1))
    bump()
    now = NOW + timedelta(hours=2)
    assert new.pk not in decided(choose(viewer, titles, now=now)[titles[0].pk]).artworks
    late = make_watcher(*titles)
    assert new.pk in decided(choose(late, titles, now=now)[titles[0].pk]).artworks


def test_a_title_that_arrives_within_the_window_has_a_picture(world):
    titles, viewer, _ = world
    choose(viewer, titles)
    title = make_title()
    artwork = make_artwork(title, approved_at=NOW + timedelta(hours=1))
    bump()
    assert shown(viewer, [title], now=NOW + timedelta(hours=2)) == {title.pk: artwork.pk}


@pytest.mark.parametrize("count", [0, 1, 40])
def test_a_title_with_so_many_artworks(world, count):
    _, viewer, _ = world
    title = make_title()
    made = [make_artwork(title, approved_at=NOW - timedelta(days=1)).pk for _ in range(count)]
    bump()
    choices = choose(viewer, [title])
    if count == 0:
        assert choices == {}
    else:
        assert choices[title.pk].artwork_id in made
        assert decided(choices[title.pk]).probabilities.sum() == pytest.approx(1)


def test_an_altered_model_file_serves_the_editors_default_and_is_not_learnt_from(world):
    titles, viewer, model = world
    titles[0].default_artwork = titles[0].artworks.last()
    titles[0].save()
    bump()
    path = storage.local_path(model.path, model.sha256)
    data = bytearray(path.read_bytes())
    data[-50] ^= 1
    path.write_bytes(data)
    choices = choose(viewer, titles)
    assert choices[titles[0].pk].artwork_id == titles[0].default_artwork_id
    assert len(choices) == len(titles)
    assert {choice.token for choice in choices.values()} == {""}


def test_a_refused_file_is_not_read_again_with_every_page(world, monkeypatch):
    titles, viewer, model = world
    path = storage.local_path(model.path, model.sha256)
    good = path.read_bytes()
    path.write_bytes(good[:-1])
    choose(viewer, titles)
    reads = []
    real = storage.local_path
    monkeypatch.setattr(storage, "local_path", lambda *args: reads.append(args) or real(*args))
    choose(viewer, titles)
    assert not reads
    path.write_bytes(good)
    monkeypatch.setattr(models, "REFUSED_SECONDS", 0.0)
    assert decided(choose(viewer, titles)[titles[0].pk]).policy == Policy.CONTEXTUAL
    assert reads


def test_a_missing_model_file_does_not_break_the_page(world):
    titles, viewer, model = world
    storage.local_path(model.path, model.sha256).unlink()
    assert len(choose(viewer, titles)) == len(titles)


def test_an_empty_page_is_no_trouble(world):
    _, viewer, _ = world
    assert choose(viewer, []) == {}
