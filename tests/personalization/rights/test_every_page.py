"""A viewer's rights hold on every page and API that shows a picture.

The addresses come from the URL configuration. A page that is added later is asked too, and one
whose arguments this test does not know fails it.
"""

import re

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from catalog.actions.opinions import put_on_list, rate
from catalog.models import Episode, Season, Title
from personalization.actions.keeping import keep_picture
from personalization.serving.chooser import PersonalChooser
from tests.factories import make_artwork, make_credit, make_title, make_watch_event
from tests.personalization.serving.worlds import bump, make_model, make_watcher

# Parts of the site that show no viewer's choice: staff's pages, accounts, machines' pages.
OTHERS = (
    "admin/", "account/", "studio/", "media/", "audits/schema/", "language/", "tour/", "healthz",
    "readyz", "metrics",
)  # fmt: skip
# Pages that show all of a title's pictures, or the standard one, to everybody on purpose.
ALL_PICTURES = ("why/", "share/", "api/v1/pictures/<slug:slug>/")


def routes(resolver=None, prefix=""):
    """Yield the route of every address of the site, as Django writes it."""
    for each in (resolver or get_resolver()).url_patterns:
        route = prefix + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from routes(each, route)
        elif isinstance(each, URLPattern):
            yield route


def shown_to_viewers():
    found = sorted({r for r in routes() if not r.startswith(OTHERS) and "(?P" not in r})
    return [route for route in found if "[\\s" not in route]


@pytest.fixture
def stage(db, as_viewer):
    """A series that is begun, with four pictures, and a viewer to whom every page shows it."""
    title = make_title(kind=Title.Kind.SERIES, slug="shown", genres=("drama",), name="Shown")
    season = Season.objects.create(title=title, number=1)
    episode = Episode.objects.create(season=season, number=1, name="One", runtime_minutes=40)
    person = make_credit(title).person
    artworks = [make_artwork(title, approved_at=timezone.now()) for _ in range(4)]
    others = [make_title(genres=("drama",)) for _ in range(4)]
    bump()
    make_model()
    viewer = make_watcher(*others)
    play = make_watch_event(
        viewer, title, episode=episode, position_seconds=60, watched_seconds=60, quality_at=None
    )
    play.last_at = play.started_at = timezone.now()
    play.save()
    put_on_list(viewer, title, now=timezone.now())
    rate(viewer, title, "like", now=timezone.now())
    known = {
        "<slug:slug>": {"people/": person.slug, "browse/": "drama", "": "shown"},
        "<slug:watched>": {"": others[0].slug},
        "<slug:digest>": {"": "0"},
        "<int:season>": {"": "1"},
        "<int:number>": {"": "1"},
        "<int:pk>": {"": str(play.pk)},
        "<uuid:public_id>": {"": str(viewer.public_id)},
        "<uuid:play_id>": {"": str(play.play_id)},
    }
    return title, artworks, viewer, known, as_viewer(viewer, Client())


def address(route, known):
    def value(found):
        named = known.get(found[0], {})
        at = route[: found.start()].rsplit("api/v1/", 1)[-1]
        return named.get(at, named.get("", found[0]))

    return "/" + re.sub(r"<[a-z]+:[a-z_]+>", value, route)


def pictures_on(page, artworks):
    return {art.pk for art in artworks if art.renditions[0]["name"] in page}


def seen_on_every_page(stage):
    """Return which of the title's pictures each address shows, for those that answer with any."""
    _, artworks, _, known, client = stage
    found = {}
    for route in shown_to_viewers():
        url = address(route, known)
        assert "<" not in url, f"this test does not know how to fill in {route}"
        if url.startswith("/search/") or url.endswith("/search/"):
            url += "?q=shown"
        answer = client.get(url)
        assert answer.status_code < 500, url
        if answer.status_code == 200 and not route.startswith(ALL_PICTURES):
            shown = pictures_on(answer.content.decode(), artworks)
            if shown:
                found[url] = shown
    return found


# The least that must show the title here: the test would notice if it asked for nothing.
KNOWN = {
    "/", "/browse/", "/browse/drama/", "/search/?q=shown", "/titles/shown/", "/history/",
    "/watch/shown/", "/watch/shown/1/1/", "/pictures/shown/", "/api/v1/home/", "/api/v1/titles/",
    "/api/v1/titles/shown/", "/api/v1/search/?q=shown", "/my-list/",
    "/api/v1/my-list/", "/api/v1/ratings/",
}  # fmt: skip


def test_a_kept_picture_is_the_one_on_every_page(stage):
    title, artworks, viewer, *_ = stage
    for kept in artworks[1:3]:
        keep_picture(viewer, title, kept.pk, now=timezone.now())
        found = seen_on_every_page(stage)
        assert set(found) >= KNOWN
        assert {url: shown for url, shown in found.items() if shown != {kept.pk}} == {}


@pytest.mark.parametrize("fields", [{"personalised": False}, {"is_child": True}])
def test_opting_out_and_a_childs_profile_hold_on_every_page(stage, fields, monkeypatch):
    """Where no choice may be personal, every page shows what the same chances for all gave."""
    _, _, viewer, *_ = stage
    for name, value in fields.items():
        setattr(viewer, name, value)
    viewer.save()
    standings = set()
    decided = PersonalChooser.choose

    def recorded(self, viewer, titles, **options):
        choices = decided(self, viewer, titles, **options)
        from personalization.serving import tokens

        standings.update(tokens.unpack(choice.token).decided.policy for choice in choices.values())
        return choices

    monkeypatch.setattr(PersonalChooser, "choose", recorded)
    found = seen_on_every_page(stage)
    assert set(found) >= KNOWN
    assert len({tuple(shown) for shown in found.values()}) == 1
    assert standings == {"context_free"}


def test_a_child_sees_no_picture_of_a_title_above_its_age(stage):
    title, _, viewer, *_ = stage
    viewer.is_child = True
    viewer.save()
    Title.objects.filter(pk=title.pk).update(maturity=16)
    found = seen_on_every_page(stage)
    assert {url: shown for url, shown in found.items() if "history" not in url} == {}
