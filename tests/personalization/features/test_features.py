from datetime import timedelta

import numpy as np
import pytest
from django.db import connection

from catalog.models import Artwork, Title
from personalization.features.artworks import index_at, read_index
from personalization.features.manifest import MANIFEST, Manifest
from personalization.features.vectors import viewer_states
from tests.factories import (
    NOW,
    make_artwork,
    make_credit,
    make_person,
    make_title,
    make_viewer,
    make_watch_event,
)
from tests.personalization.serving.worlds import bump, make_catalogue

FORBIDDEN = ("gender", "sex", "race", "ethnic", "age", "religion", "name", "email", "account")


def number(state, name):
    return state.vector[MANIFEST.context.index(name)]


def state_of(viewer, at=NOW + timedelta(hours=1), **options):
    return viewer_states([viewer.pk], at=at, **options)[0]


def test_the_manifest_names_nothing_protected():
    read = {field.split(".")[1] for field in MANIFEST.reads}
    assert not [f for f in read for word in FORBIDDEN if word == f or f.startswith(f"{word}_")]
    assert {field.split(".")[0] for field in MANIFEST.reads} == {
        "WatchEvent", "Title", "Credit", "Artwork",
    }  # fmt: skip


def test_another_meaning_is_another_digest():
    other = Manifest(**{**MANIFEST.__dict__, "half_life_days": 30.0})
    assert other.digest != MANIFEST.digest
    assert MANIFEST.width == 31


def test_a_viewer_without_history_is_all_zeros(db):
    state = state_of(make_viewer())
    assert not state.vector.any()
    assert len(state.people) == state.history_length == 0


def test_shares_say_what_was_watched(db):
    viewer = make_viewer()
    make_watch_event(viewer, make_title(genres=("western",), year=1955))
    make_watch_event(viewer, make_title(genres=("comedy", "romance"), kind=Title.Kind.SERIES))
    state = state_of(viewer)
    # 3000 of 6000 seconds each, on the same day: each counts one half.
    assert number(state, "genre:western") == pytest.approx(0.5)
    assert number(state, "genre:comedy") == pytest.approx(0.25)
    assert number(state, "era:0-1959") == pytest.approx(0.5)
    assert number(state, "series") == pytest.approx(0.5)
    assert state.history_length == 2


def test_newer_plays_count_more(db):
    viewer = make_viewer()
    old = NOW - timedelta(days=MANIFEST.half_life_days)
    make_watch_event(viewer, make_title(genres=("war",)), started_at=old)
    make_watch_event(viewer, make_title(genres=("musical",)))
    state = state_of(viewer)
    assert number(state, "genre:musical") == pytest.approx(2 * number(state, "genre:war"))


def test_a_play_of_longer_ago_than_numbers_reach_does_no_harm(db):
    viewer = make_viewer()
    make_watch_event(viewer, make_title(genres=("war",)), started_at=NOW - timedelta(days=36500))
    assert number(state_of(viewer), "genre:war") == pytest.approx(1.0)


def test_what_was_tried_and_left_is_no_taste(db):
    viewer = make_viewer()
    make_watch_event(viewer, make_title(), quality_at=None, watched_seconds=30)
    assert state_of(viewer).history_length == 0


def test_plays_after_the_moment_are_not_seen(db):
    """After a clock jumped back, plays dated later are ignored."""
    viewer = make_viewer()
    make_watch_event(viewer, make_title(), started_at=NOW + timedelta(days=1))
    assert state_of(viewer).history_length == 0


def test_a_simulation_can_hold_back_later_plays_of_one_viewer(db):
    first, second = make_viewer(), make_viewer()
    for viewer in (first, second):
        make_watch_event(viewer, make_title(), started_at=NOW)
    states = viewer_states(
        [first.pk, second.pk],
        at=NOW + timedelta(days=1),
        before={first.pk: NOW - timedelta(days=1)},
    )
    assert [state.history_length for state in states] == [0, 1]


def test_affinity_follows_billing_and_sums_to_at_most_one(db):
    viewer = make_viewer()
    title = make_title()
    lead, second = (make_credit(title, billing=n).person for n in (1, 2))
    make_watch_event(viewer, title)
    state = state_of(viewer)
    assert state.people.tolist() == [lead.pk, second.pk]
    assert state.weights[0] > state.weights[1] > 0
    assert state.weights.sum() == pytest.approx(1.0)


def test_fifty_thousand_plays_cost_the_same_queries_and_one_row_a_title(
    db, django_assert_max_num_queries
):
    viewer = make_viewer()
    titles = [make_title() for _ in range(5)]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO catalog_watchevent (viewer_id, title_id, play_id, origin, started_at,
                last_at, position_seconds, watched_seconds, quality_at, finished)
            SELECT %s, (%s::bigint[])[1 + n %% 5], gen_random_uuid(), 'home',
                %s::timestamptz - n * interval '1 minute', %s, 3000, 3000, %s, false
            FROM generate_series(1, 50000) AS n
            """,
            [viewer.pk, [title.pk for title in titles], NOW, NOW, NOW],
        )
    with django_assert_max_num_queries(5):
        state = state_of(viewer)
    assert state.history_length == 5
    assert np.isfinite(state.vector).all()


def test_many_viewers_cost_the_same_queries_as_one(db, django_assert_num_queries):
    viewers = [make_viewer() for _ in range(20)]
    title = make_title()
    for viewer in viewers:
        make_watch_event(viewer, title)
    with django_assert_num_queries(5):
        states = viewer_states([viewer.pk for viewer in viewers], at=NOW + timedelta(hours=1))
    assert {state.history_length for state in states} == {1}


def test_the_digest_covers_vector_and_people(db):
    viewer = make_viewer()
    title = make_title()
    make_watch_event(viewer, title)
    before = state_of(viewer).digest
    make_credit(title)
    assert state_of(viewer).digest != before


def test_match_is_the_affinity_to_who_is_depicted(db):
    titles = make_catalogue(titles=1, artworks=2)
    viewer = make_viewer()
    make_watch_event(viewer, titles[0])
    state = state_of(viewer)
    index = read_index(1)
    match = index.match(state.people, state.weights, np.arange(2))
    assert match.tolist() == [pytest.approx(1.0), 0.0]


def test_the_index_is_read_again_only_when_the_revision_moves(db, django_assert_num_queries):
    make_catalogue()
    first = index_at(1)
    with django_assert_num_queries(0):
        assert index_at(1) is first
    assert index_at(2) is not first


def test_artworks_that_wait_or_were_rejected_are_not_in_the_index(db):
    title = make_title()
    kept = make_artwork(title)
    make_artwork(title, state=Artwork.State.PENDING, approved_at=None)
    make_artwork(title, state=Artwork.State.REJECTED)
    assert read_index(bump()).artwork_ids.tolist() == [kept.pk]


def test_an_artworks_features_are_its_annotation(db):
    title = make_title()
    second = make_credit(title, billing=2).person
    make_artwork(title, kind=Artwork.Kind.SUPPORTING, depicted=(second, make_person()))
    features = dict(zip(MANIFEST.artwork, read_index(bump()).features[0], strict=True))
    assert features["kind:supporting"] == 1
    assert features["people"] == pytest.approx(2 / 5)
    assert features["prominence"] == pytest.approx(1 / np.log2(3))


def test_an_empty_catalogue_has_an_empty_index(db):
    index = read_index(0)
    assert len(index.table) == 0
    assert index.places_of(np.array([1])).tolist() == [-1]
