"""The why page with the viewer's own choice, what others see, and reasons that can be removed."""

from datetime import date

import pytest
from django.utils import timezone

from catalog.models import Artwork
from personalization.actions.keeping import keep_picture, use_standard
from personalization.models import ShownShare, Window
from personalization.rights.explanations import explain
from tests.factories import NOW, make_artwork, make_viewer, make_watch_event
from tests.personalization.serving.worlds import bump


def other(viewer, title):
    shown = [o.artwork for o in explain(viewer, title, now=NOW).options if o.shown]
    return title.artworks.exclude(pk=shown[0].pk).order_by("pk").first()


def test_it_says_that_the_viewer_keeps_the_picture_and_gives_no_reasons(world, as_viewer):
    (title, *_), viewer = world
    keep_picture(viewer, title, other(viewer, title).pk, now=NOW)
    found = explain(viewer, title, now=NOW)
    assert found.honoured
    assert found.reasons == []
    assert len(found.options) == 4
    assert sum(option.percent for option in found.options) == pytest.approx(100)
    page = as_viewer(viewer).get(f"/why/{title.slug}/").content.decode()
    assert "You keep this picture." in page
    assert "nothing is learnt from it" in page
    assert "exploratory" not in page


def test_it_shows_a_kept_picture_that_is_newer_than_the_window(world, as_viewer):
    (title, *_), viewer = world
    explain(viewer, title, now=timezone.now())
    newer = make_artwork(title, approved_at=timezone.now())
    bump()
    keep_picture(viewer, title, newer.pk, now=timezone.now())
    found = explain(viewer, title, now=timezone.now())
    assert [option.artwork.pk for option in found.options if option.shown] == [newer.pk]
    assert sum(option.percent for option in found.options) == pytest.approx(100)


def test_it_says_so_where_the_kept_picture_was_withdrawn(world, as_viewer):
    (title, *_), viewer = world
    kept = other(viewer, title)
    keep_picture(viewer, title, kept.pk, now=NOW)
    Artwork.objects.filter(pk=kept.pk).update(state="withdrawn", withdrawn_at=NOW)
    bump()
    page = as_viewer(viewer).get(f"/why/{title.slug}/").content.decode()
    assert "The picture that you kept was withdrawn" in page


def test_it_says_that_the_standard_picture_is_used(world, as_viewer):
    (title, *_), viewer = world
    use_standard(viewer, title, now=NOW)
    assert "You use the standard picture" in as_viewer(viewer).get(f"/why/{title.slug}/").text


def test_it_shows_what_others_see_in_steps(world, as_viewer):
    (title, *_), viewer = world
    artworks = list(title.artworks.order_by("pk"))
    client = as_viewer(viewer)
    assert "counted every night" in client.get(f"/why/{title.slug}/").text
    for artwork, percent in zip(artworks, [70, 0, None, None], strict=True):
        ShownShare.objects.create(
            title=title, artwork=artwork, percent=percent, until=date(2026, 3, 1)
        )
    page = client.get(f"/why/{title.slug}/").text
    assert "about 70 % of them" in page
    assert "fewer than 5 % of them" in page
    assert page.count("too few to say") == 2


def test_a_reason_is_removed_from_the_history_and_the_next_page_goes_without_it(world, as_viewer):
    (title, watched, _), viewer = world
    client = as_viewer(viewer)
    client.get("/")
    before = Window.objects.get(released_at=None)
    sent = client.post(f"/why/{title.slug}/forget/{watched.slug}/")
    assert sent.url == f"/why/{title.slug}/"
    assert not viewer.watch_events.filter(title=watched).exists()
    client.get("/")
    assert Window.objects.get(released_at=None).vector_digest != before.vector_digest


def test_nobody_removes_what_another_watched(world, as_viewer):
    (title, watched, _), viewer = world
    stranger = make_viewer()
    assert as_viewer(stranger).post(f"/why/{title.slug}/forget/{watched.slug}/").status_code == 404
    make_watch_event(stranger, watched)
    as_viewer(stranger).post(f"/why/{title.slug}/forget/{watched.slug}/")
    assert viewer.watch_events.filter(title=watched).exists()
    assert not stranger.watch_events.exists()
