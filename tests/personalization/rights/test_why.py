"""Why this picture?"""

import re
from dataclasses import replace

import numpy as np
import pytest

from catalog import canon
from catalog.middleware import SESSION_KEY
from personalization.bandit.model import Model
from personalization.features.artworks import index_at
from personalization.features.manifest import GENRES, MANIFEST, MOODS
from personalization.rights import explanations
from personalization.rights.explanations import explain, percentages
from personalization.rights.kinds import OF_GENRE, OF_MOOD, titles_of
from personalization.rights.sentences import Sentences
from personalization.rights.watched import watched_titles_of
from personalization.serving import windows
from personalization.serving.chooser import PersonalChooser
from personalization.serving.models import scoring
from tests.factories import NOW, make_account, make_artwork, make_credit, make_title, make_viewer
from tests.personalization.serving.worlds import (
    BEFORE,
    bump,
    make_catalogue,
    make_model,
    make_watcher,
)


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
    monkeypatch.setattr(Model, "bonuses", np.where(unseen % 2, 9.5, 0.1))
    reason = explain(viewer, titles[0], now=NOW).reasons[0]
    said = "This picture has been shown less" if reason.effect > 0 else "has been shown more than"
    assert said in reason.sentence


def test_the_reasons_are_all_that_sets_the_picture_apart(world, monkeypatch):
    """Their effects add up to the difference of the scores that the choice was made by."""
    titles, viewer, version = world
    monkeypatch.setattr(explanations, "MOST_REASONS", 100)
    monkeypatch.setattr(explanations, "WORTH_SAYING", 0.0)
    for title in titles:
        explanation = explain(viewer, title, now=NOW)
        pinned = windows.current(viewer, now=NOW)
        index = index_at(pinned.revision)
        model = scoring(version, index)
        ids = np.array([option.artwork.pk for option in explanation.options])
        places = index.places_of(ids)
        rows = index.rank[places]
        match = index.match(pinned.state.people, pinned.state.weights, places)
        with_bonuses = model.with_bonuses(
            model.slate_scores(pinned.state.vector, match, rows), rows
        )
        shown = [option.shown for option in explanation.options].index(True)

        def apart(values, shown=shown):
            return values[shown] - np.delete(values, shown).mean()

        effects = sum(reason.effect for reason in explanation.reasons)
        everybody = apart(model.weights[rows, 0])
        unnamed = apart(model.weights[rows, -1] * match)
        told = any(
            "whom you have watched in" in each.sentence
            or "people you have watched" in each.sentence
            for each in explanation.reasons
        )
        assert effects + everybody + (0 if told else unnamed) == pytest.approx(apart(with_bonuses))


def test_a_reason_counts_the_titles_behind_it_and_names_them(db):
    watched = [make_title(name=f"Glass {n}", genres=("thriller",)) for n in range(4)]
    viewer = make_watcher(*watched, make_title(genres=("drama",)))
    sentences = Sentences(watched_titles_of(viewer, at=NOW))
    reason = sentences.of_feature("genre:thriller", 0.5)
    first, second, third = (f'<cite dir="auto">{title.name}</cite>' for title in reason.titles[:3])
    assert reason.sentence == (
        f"You have watched 4 thrillers, {first}, {second} and {third} among them, and this picture "
        "does well with people who do."
    )
    assert {title.name for title in reason.titles} == {"Glass 0", "Glass 1", "Glass 2", "Glass 3"}
    against = sentences.of_feature("genre:drama", -0.5)
    assert against.sentence.startswith("You have watched 1 drama, <cite")
    assert "but the title’s other pictures do better with people who do" in against.sentence
    assert sentences.of_feature("length", 0.5).sentence.startswith("You have watched 5 titles, and")
    assert sentences.of_feature("breadth", -0.5).sentence.startswith(
        "What you watch spans 2 genres, but"
    )


def test_a_watched_title_that_the_viewer_may_not_see_now_is_counted_and_not_named(db):
    shown, hidden = (make_title(genres=("war",)) for _ in range(2))
    viewer = make_watcher(shown, hidden)
    hidden.published = False
    hidden.save()
    reason = Sentences(watched_titles_of(viewer, at=NOW)).of_feature("genre:war", 0.5)
    assert reason.sentence.startswith("You have watched 2 war titles")
    assert reason.titles == (shown,)


def test_what_left_the_history_since_is_not_counted(db):
    viewer = make_watcher(make_title(genres=("war",)))
    viewer.watch_events.all().delete()
    reason = Sentences(watched_titles_of(viewer, at=NOW)).of_feature("genre:thriller", 0.5)
    assert "you had watched titles of this kind (Genre: thriller), and it does" in reason.sentence
    assert reason.titles == ()


def test_the_people_whom_a_viewer_knows_are_named_with_their_titles(db):
    title = make_title()
    person = make_credit(title).person
    viewer = make_watcher(title)
    sentences = Sentences(watched_titles_of(viewer, at=NOW))
    reason = sentences.of_cast([person.pk], 0.5)
    assert reason.sentence == (
        f"This picture shows {person.name}, whom you have watched in 1 title, "
        f'<cite dir="auto">{title.name}</cite>.'
    )
    assert reason.titles == (title,)
    assert sentences.of_cast([], 0.5) is None
    assert "other pictures suit" in sentences.of_cast([], -0.5).sentence


@pytest.mark.parametrize(
    ("feature", "count", "words"),
    [
        ("genre:thriller", 1, "1 thriller"),
        ("genre:horror", 2, "2 horror titles"),
        ("mood:tense", 1, "1 tense title"),
        ("era:0-1959", 2, "2 titles from before 1960"),
        ("era:1980-1999", 2, "2 titles of 1980–1999"),
        ("era:2000-9999", 1, "1 title from 2000 or later"),
        ("series", 2, "2 series"),
    ],
)
def test_titles_of_a_kind_have_usual_words(feature, count, words):
    assert titles_of(feature, count) == words


def test_every_kind_of_title_that_a_choice_knows_has_words():
    assert set(OF_GENRE) == set(GENRES) == set(canon.GENRES)
    assert set(OF_MOOD) == set(MOODS) == set(canon.MOODS)
    for feature in MANIFEST.context[:-2]:
        assert titles_of(feature, 2).startswith("2 ")


def test_a_title_is_cited_as_text(db):
    title = make_title(name="<b>{what}</b> & %s", genres=("war",))
    said = Sentences(watched_titles_of(make_watcher(title), at=NOW)).of_feature("genre:war", 1.0)
    assert "&lt;b&gt;{what}&lt;/b&gt; &amp; %s</cite>" in said.sentence


@pytest.mark.parametrize(
    ("probabilities", "rounded"),
    [
        ([1 / 3] * 3, [33.4, 33.3, 33.3]),
        ([0.9994, 0.0006], [99.9, 0.1]),
        ([0.125, 0.125, 0.75], [12.5, 12.5, 75.0]),
        ([1.0], [100.0]),
    ],
)
def test_percentages_add_up_to_a_hundred(probabilities, rounded):
    assert percentages(probabilities) == rounded
    assert sum(round(10 * each) for each in rounded) == 1000


def test_the_pages_percentages_add_up(client, world):
    titles, viewer, _ = world
    page = sign_in(client, viewer).get(f"/why/{titles[0].slug}/").text
    shown = [float(each) for each in re.findall(r"</meter> ([0-9.]+) %", page)]
    assert sum(shown[::2]) == pytest.approx(100) == sum(shown[1::2])


def test_a_choice_that_history_does_not_change_says_so(client, world, monkeypatch):
    titles, viewer, _ = world
    explanation = explain(viewer, titles[0], now=NOW)
    even = [replace(option, probability=0.25) for option in explanation.options]
    shown = replace(explanation, options=even, reasons=[])
    monkeypatch.setattr("personalization.rights.views.why.explain", lambda *args, **kwargs: shown)
    page = sign_in(client, viewer).get(f"/why/{titles[0].slug}/").text
    assert "your history makes no difference" in page and "What counted" not in page


def test_a_title_with_one_picture_has_nothing_to_choose(client, world):
    viewer = world[1]
    only = make_title()
    make_artwork(only, approved_at=BEFORE)
    bump()
    page = sign_in(client, viewer).get(f"/why/{only.slug}/").text
    assert "only picture" in page and "What counted" not in page and "100.0 %" in page


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
    monkeypatch.setattr("personalization.rights.views.why.explain", lambda *args, **kwargs: shown)
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
    assert "The pictures of this title" in response.text
    assert ("Switch personalisation o" in response.text) == ("is_child" not in fields)
    said = {
        (True, "is_child"): "Choices for a child’s profile are never personal.",
        (True, "personalised"): "Personalisation is switched off for this profile.",
        (True, ""): "What counted most",
    }
    key = (model, next(iter(fields), ""))
    assert said.get(key, "with even chances") in response.text


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
