"""The orders that are the same for everybody follow the catalogue, and decide nobody's rights."""

from datetime import timedelta

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.actions.opinions import hide, unhide
from catalog.models import Title
from catalog.queries import orders
from catalog.queries.alike import similar_to
from catalog.queries.home import home_for
from tests.factories import (
    NOW,
    make_credit,
    make_genre,
    make_mood,
    make_person,
    make_title,
    make_viewer,
    make_watch_event,
)


def shown(viewer):
    """Return the titles on a viewer's home, however they came there."""
    return set(home_for(viewer, now=NOW).titles())


def titles_of_genres(number, *genres, **fields):
    return [
        make_title(genres=genres, added_at=NOW - timedelta(days=at), **fields)
        for at in range(number)
    ]


def described(genres, *, dark=False, cast=()):
    title = make_title(genres=genres)
    title.moods.set([make_mood("dark")] if dark else [])
    for person in cast:
        make_credit(title, person=person)
    return title


def test_the_next_page_knows_a_title_that_was_published(viewer):
    titles_of_genres(6, "war")
    late = make_title(genres=("war",), published=False)
    assert late not in shown(viewer)
    Title.objects.filter(pk=late.pk).update(published=True)
    assert late in shown(viewer)


@pytest.mark.parametrize("fields", [{"published": False}, {"maturity": 18}])
def test_the_next_page_shows_nothing_that_was_taken_from_the_viewer(db, fields, monkeypatch):
    """Not even where a large catalogue is read again later."""
    viewer = make_viewer(maturity=12)
    first, *others = titles_of_genres(8, "war")
    assert first in shown(viewer)
    monkeypatch.setattr(orders, "MANY", 0)
    Title.objects.filter(pk=first.pk).update(**fields)
    assert shown(viewer) == set(others)


def test_the_next_page_shows_nothing_that_was_hidden_and_again_what_was_shown(viewer):
    first, *others = titles_of_genres(8, "war")
    other = make_viewer()
    hide(viewer, first, now=NOW)
    assert shown(viewer) == set(others)
    assert first in shown(other)
    unhide(viewer, first)
    assert first in shown(viewer)


def test_a_viewer_who_may_see_less_gets_nothing_from_anothers_page(viewer, child):
    grim = titles_of_genres(6, "war", maturity=16)
    mild = titles_of_genres(6, "war")
    assert shown(viewer) >= {*grim, *mild} - {home_for(viewer, now=NOW).billboard}
    assert shown(child) == set(mild)


def test_it_reads_an_unchanged_catalogue_once_and_counts_what_is_popular_again(viewer, monkeypatch):
    titles_of_genres(6, "war")
    home_for(viewer, now=NOW)
    reads = []
    monkeypatch.setattr(orders, "read_orders", lambda: reads.append(1) or made)
    made = orders._held[2]
    home_for(make_viewer(), now=NOW)
    assert reads == []
    monkeypatch.setattr(orders, "AGE", -1.0)
    home_for(viewer, now=NOW)
    assert reads == [1]


def test_it_reads_the_whole_catalogue_in_one_query(viewer):
    titles_of_genres(30, "war", "drama")
    with CaptureQueriesContext(connection) as captured:
        read = orders.read_orders()
    assert len(captured) == 1
    assert len(read.title_ids) == 30


def test_titles_are_alike_by_what_they_share_and_rare_genres_count_more(viewer):
    star, other = make_person(), make_person()
    seed = described(("war", "drama"), dark=True, cast=(star, other))
    both_people = described((), cast=(star, other))  # 2 x 0.3
    rare = described(("war",))  # 1 / ln(2 + 3)
    rare_and_star = described(("war",), cast=(star,))
    mood = described((), dark=True)  # 0.15
    common = [described(("drama", "comedy")) for _ in range(9)]  # 1 / ln(2 + 10)
    described(("western",))
    hide(viewer, common[0], now=NOW)
    read = orders.read_orders()
    assert read.title_genres.titles_with(make_genre("war").pk).size == 3
    found = similar_to(viewer, seed, limit=40)
    assert found[:3] == [rare_and_star, rare, both_people]
    assert found[3:] == [*common[1:], mood]


def test_without_titles_there_is_nothing_in_any_order(db):
    make_genre("war")
    read = orders.read_orders()
    offered = read.offer(18, without=[1, 2])
    assert read.first(np.arange(0), offered, 9) == []
    assert read.alike(1, offered, 9) == []
    assert read.count_by_genre(offered).tolist() == [0]


def test_popular_are_the_most_watched_and_then_the_newest(db):
    old, *_others, often = titles_of_genres(5, "war")
    for _ in range(3):
        make_watch_event(make_viewer(), often)
    read = orders.read_orders()
    best = read.first(read.popular, read.offer(18, without=()), 2)
    assert best == [often.pk, old.pk]
    assert read.viewers[read.places_of([often.pk])].tolist() == [3]
