"""Many viewers' windows and pages at once: the same rows and the same choices as on pages."""

from datetime import timedelta

import numpy as np
import pytest

from catalog.models import Artwork
from personalization import storage
from personalization.features.artworks import index_at
from personalization.models import ModelVersion, Window
from personalization.models.journal import Policy
from personalization.serving import bulk, tokens
from personalization.serving.bulk import decide_many, open_many
from personalization.serving.chooser import PersonalChooser, page_of
from personalization.serving.draw_key import draw_key
from tests.factories import NOW, make_artwork, make_title, make_viewer
from tests.personalization.serving.worlds import (
    BEFORE,
    bump,
    make_catalogue,
    make_model,
    make_watcher,
)


@pytest.fixture
def world(db):
    titles = make_catalogue(titles=4)
    make_artwork(titles[0], approved_at=BEFORE)
    lone = make_title()
    make_artwork(lone, approved_at=BEFORE)
    bump()
    make_model()
    viewers = [make_watcher(*titles[:n], personalised=n != 4) for n in (4, 3, 3, 1, 3)]
    return [*titles, lone, make_title()], [*viewers, make_viewer(is_child=True)]


def on_a_page(viewer, titles):
    choices = PersonalChooser().choose(viewer, titles, surface="home", now=NOW)
    return [tokens.unpack(choice.token).decided for choice in choices.values() if choice.token]


def in_bulk(viewers, titles):
    """Every viewer's page; they differ in titles and in order."""
    opened = open_many(viewers, now=NOW)
    index = index_at(next(iter(opened.values())).revision)
    asked = [np.array([title.pk for title in page]) for page in pages_of(viewers, titles)]
    pages = [
        page_of(index, viewer, opened[viewer.pk], page)
        for viewer, page in zip(viewers, asked, strict=True)
    ]
    return decide_many(pages, index, key=draw_key())


def pages_of(viewers, titles):
    return [titles[at % 3 :][:: (-1) ** at] for at, _ in enumerate(viewers)]


def plain(decided):
    return [
        (d.title_id, d.policy, d.artwork_id, d.artworks.tolist(), d.probabilities.tobytes())
        for d in decided
    ]


def assert_bulk_is_pages(viewers, titles, *, page_first=False):
    def choose_pages():
        each = zip(viewers, pages_of(viewers, titles), strict=True)
        return [on_a_page(viewer, page) for viewer, page in each]

    pages = choose_pages() if page_first else []
    bulk = in_bulk(viewers, titles)
    pages = pages or choose_pages()
    assert [plain(decided) for decided in bulk] == [plain(decided) for decided in pages]
    return {each.policy for decided in bulk for each in decided}


@pytest.mark.parametrize("page_first", [True, False])
def test_it_chooses_what_pages_choose_to_the_bit(world, page_first, monkeypatch):
    monkeypatch.setattr(bulk, "TOGETHER", 2)
    titles, viewers = world
    policies = assert_bulk_is_pages(viewers, titles, page_first=page_first)
    assert policies == {Policy.CONTEXTUAL, Policy.CONTEXT_FREE}
    assert Window.objects.count() == len(viewers)


def test_it_does_so_where_windows_pinned_different_models(world):
    titles, viewers = world
    open_many(viewers[:2], now=NOW)
    ModelVersion.objects.update(state=ModelVersion.State.RETIRED)
    make_model(seed=7)
    assert_bulk_is_pages(viewers, titles)
    assert Window.objects.values("model").distinct().count() == 2


def test_it_does_so_where_artworks_were_withdrawn_within_the_windows(world):
    titles, viewers = world
    open_many(viewers, now=NOW)
    gone = [titles[0].artworks.first().pk, *titles[1].artworks.values_list("pk", flat=True)]
    Artwork.objects.filter(pk__in=gone).update(
        state=Artwork.State.WITHDRAWN, withdrawn_at=NOW + timedelta(minutes=1)
    )
    bump()
    assert_bulk_is_pages(viewers, titles)


def test_it_does_so_without_any_model(world):
    titles, viewers = world
    ModelVersion.objects.update(state=ModelVersion.State.RETIRED)
    assert assert_bulk_is_pages(viewers, titles) == {Policy.UNIFORM}


def test_it_chooses_the_editor_s_defaults_where_the_model_s_file_is_gone(world):
    titles, viewers = world
    version = ModelVersion.objects.get()
    storage.local_path(version.path, version.sha256).unlink()
    chosen = in_bulk(viewers, titles)
    assert {each.policy for decided in chosen for each in decided} == {Policy.DEFAULT}
    assert all(each.propensity == 1.0 for decided in chosen for each in decided)


def test_pages_without_titles_have_no_choices(world):
    _, viewers = world
    assert in_bulk(viewers, []) == [[] for _ in viewers]


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
