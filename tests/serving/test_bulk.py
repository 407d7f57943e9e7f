"""Many viewers' windows at once: the same rows and the same choices as on pages."""

from datetime import timedelta

import numpy as np
import pytest

from personalization.models import Window
from personalization.serving import tokens
from personalization.serving.bulk import open_many
from personalization.serving.chooser import PersonalChooser, choose_in_window
from tests.factories import NOW, make_viewer
from tests.serving.worlds import make_catalogue, make_model, make_watcher


@pytest.fixture
def world(db):
    titles = make_catalogue(titles=4)
    make_model()
    viewers = [make_watcher(*titles[:n], personalised=n != 4) for n in (4, 3, 3, 1)]
    return titles, [*viewers, make_viewer(is_child=True)]


def on_a_page(viewer, titles):
    choices = PersonalChooser().choose(viewer, titles, surface="home", now=NOW)
    return [tokens.unpack(choices[title.pk].token).decided for title in titles]


def in_bulk(viewer, pinned, titles):
    return choose_in_window(viewer, pinned, np.array([title.pk for title in titles]))


def plain(decided):
    return [
        (d.title_id, d.policy, d.artwork_id, d.artworks.tolist(), d.probabilities.tobytes())
        for d in decided
    ]


@pytest.mark.parametrize("page_first", [True, False])
def test_it_chooses_what_pages_choose_to_the_bit(world, page_first):
    titles, viewers = world
    pages = [on_a_page(viewer, titles) for viewer in viewers] if page_first else []
    opened = open_many(viewers, now=NOW)
    bulk = [in_bulk(viewer, opened[viewer.pk], titles) for viewer in viewers]
    pages = pages or [on_a_page(viewer, titles) for viewer in viewers]
    assert [plain(decided) for decided in bulk] == [plain(decided) for decided in pages]
    assert Window.objects.count() == len(viewers)


def test_open_windows_cost_two_queries_however_many(world, django_assert_num_queries):
    _, viewers = world
    first = open_many(viewers, now=NOW)
    with django_assert_num_queries(2):
        again = open_many(viewers, now=NOW)
    assert {pk: p.window.pk for pk, p in again.items()} == {
        pk: p.window.pk for pk, p in first.items()
    }


def test_a_history_can_end_earlier_than_the_window_opens(world):
    _, viewers = world
    cut = NOW - timedelta(days=365)
    opened = open_many(viewers[:2], now=NOW, before={viewers[0].pk: cut})
    assert [opened[viewer.pk].state.history_length for viewer in viewers[:2]] == [0, 3]
