"""Why this picture?"""

from dataclasses import replace

import numpy as np
import pytest

from catalog.middleware import SESSION_KEY
from personalization.bandit.model import Model
from personalization.rights.explanations import explain
from personalization.serving.chooser import PersonalChooser
from tests.factories import NOW, make_account, make_title, make_viewer
from tests.personalization.serving.worlds import make_catalogue, make_model, make_watcher


@pytest.fixture
def world(db):
    titles = make_catalogue(titles=3)
    return titles, make_watcher(*titles), make_model()


def sign_in(client, viewer):
    client.force_login(viewer.account)
    session = client.session
    session[SESSION_KEY] = viewer.pk
    session.save()
    return client


def test_it_explains_the_choice_that_was_made(world):
    titles, viewer, _ = world
    choice = PersonalChooser().choose(viewer, titles, surface="home", now=NOW)[titles[0].pk]
    found = explain(viewer, titles[0], now=NOW)
    assert [o.artwork.pk for o in found.options if o.shown] == [choice.artwork_id]
    assert sum(o.probability for o in found.options) == pytest.approx(1)
    assert sum(o.elsewhere for o in found.options) == pytest.approx(1)
    assert found.reasons
    assert found.history_length == 3


def test_it_says_that_a_picture_was_seldom_shown(world, monkeypatch):
    titles, viewer, _ = world
    unseen = np.arange(1000)
    monkeypatch.setattr(Model, "hopes", np.where(unseen % 2, 0.5, 0.1))
    found = explain(viewer, titles[0], now=NOW)
    seldom = [reason for reason in found.reasons if "shown to anybody" in reason.words]
    assert [reason.words.split()[1] for reason in seldom] in (["seldom"], ["often"])
    assert (seldom[0].effect > 0) == (seldom[0].words.split()[1] == "seldom")


def test_who_gets_everybodys_choice_gets_no_personal_reasons(world):
    titles, _, _ = world
    found = explain(make_viewer(), titles[0], now=NOW)
    assert found.reasons == []
    assert all(o.probability == pytest.approx(o.elsewhere) for o in found.options)


@pytest.mark.parametrize(("chances", "unlikely"), [((0.9, 0.1), False), ((0.1, 0.9), True)])
def test_it_says_that_the_draw_fell_on_another_than_the_likeliest(
    client, world, monkeypatch, chances, unlikely
):
    titles, viewer, _ = world
    found = explain(viewer, titles[0], now=NOW)
    options = [
        replace(found.options[0], probability=chance, shown=first)
        for first, chance in zip((True, False), chances, strict=True)
    ]
    shown = replace(found, options=options)
    monkeypatch.setattr("personalization.rights.views.explain", lambda *args, **kwargs: shown)
    assert shown.against_the_odds is unlikely
    page = sign_in(client, viewer).get(f"/why/{titles[0].slug}/").text
    assert ("the draw fell on this one" in page) is unlikely


@pytest.mark.parametrize("model", [True, False])
@pytest.mark.parametrize("fields", [{}, {"is_child": True}, {"personalised": False}])
def test_the_page_shows_in_every_case(client, db, model, fields):
    titles = make_catalogue(titles=3)
    if model:
        make_model()
    response = sign_in(client, make_watcher(*titles, **fields)).get(f"/why/{titles[0].slug}/")
    assert response.status_code == 200
    assert "What could have been shown" in response.text


def test_a_titles_page_leads_here_where_it_has_a_picture(client, world):
    titles, viewer, _ = world
    page = sign_in(client, viewer).get(f"/titles/{titles[0].slug}/").content.decode()
    assert f'href="/why/{titles[0].slug}/"' in page
    bare = make_title()
    assert "/why/" not in client.get(f"/titles/{bare.slug}/").content.decode()


def test_a_title_without_artwork_says_so(client, db):
    title = make_title()
    response = sign_in(client, make_viewer()).get(f"/why/{title.slug}/")
    assert "no artwork to choose from" in response.text


def test_it_is_for_who_may_see_the_title(client, db):
    title = make_title(maturity=18)
    url = f"/why/{title.slug}/"
    assert client.get(url).status_code == 302
    client.force_login(make_account())
    assert "/profiles/" in client.get(url).headers["Location"]
    assert sign_in(client, make_viewer(is_child=True)).get(url).status_code == 404
