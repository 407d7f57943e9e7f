"""German is complete: nothing is missing in the catalogue, and pages show no English left over."""

import re
from string import Formatter

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from catalog import canon
from catalog.models import Episode, Season, Title
from config.management.commands.messages import files, languages
from config.translations import catalogue
from personalization.actions.keeping import keep_picture
from tests.factories import (
    make_account,
    make_artwork,
    make_credit,
    make_genre,
    make_mood,
    make_title,
    make_watch_event,
)
from tests.personalization.serving.worlds import bump, make_model, make_watcher

PRINTED = re.compile(r"%\((\w+)\)[sd]|%%|%[sd]")
TAGS = re.compile(r"<[^>]*>")
FORMAL = re.compile(r"\b(Sie|Ihre?[nmrs]?|Ihnen)\b")
# Sentences may begin with “Sie” for a picture or a person.
THEY = re.compile(r"(^|[.:!?] )(Sie|Ihre?[nmrs]?|Ihnen)\b")


def messages(language):
    return catalogue.read(files(language)[0])[1:]


def test_the_catalogues_are_up_to_date_with_the_sources():
    try:
        call_command("messages", check=True, verbosity=0)
    except CommandError as error:
        pytest.fail(str(error))


@pytest.mark.parametrize("language", languages())
def test_every_message_is_translated(language):
    assert [each.text for each in messages(language) if not each.is_translated] == []


@pytest.mark.parametrize("language", languages())
def test_translations_have_the_places_and_the_tags_of_their_source(language):
    for each in messages(language):
        for at, form in enumerate(each.strings):
            source = each.plural if at and each.plural else each.text
            places = [set(PRINTED.findall(text)) for text in (form, source)]
            assert places[0] <= places[1] | set(PRINTED.findall(each.text)), each.text
            if not each.plural or at:
                assert places[0] == places[1], each.text
                assert braces(form) == braces(source), each.text
            assert sorted(TAGS.findall(form)) == sorted(TAGS.findall(source)), each.text


def braces(text):
    return {name for _, name, _, _ in Formatter().parse(text.replace("%", "")) if name}


def test_german_says_du_and_quotes_as_german_does():
    for each in messages("de"):
        for form in each.strings:
            assert not FORMAL.search(THEY.sub("", form)), form
            plain = TAGS.sub("", form)
            assert plain.count("„") == plain.count("“"), form
            assert not re.search('[”"]|’s ', plain), form


@pytest.fixture
def stage(db):
    """A viewer who reads German, for whom every kind of page has something to show."""
    title = make_title(kind=Title.Kind.SERIES, slug="shown", genres=("drama",), name="Shown")
    title.moods.add(make_mood("tense"))
    season = Season.objects.create(title=title, number=1)
    episode = Episode.objects.create(season=season, number=1, name="One", runtime_minutes=40)
    Episode.objects.create(season=season, number=2, name="Two", runtime_minutes=40)
    person = make_credit(title).person
    for _ in range(3):
        make_artwork(title, approved_at=timezone.now())
    others = [make_title(genres=("drama", "war"), name=f"Glas {n}") for n in range(7)]
    make_genre("thriller")
    bump()
    make_model()
    viewer = make_watcher(*others)
    viewer.language = "de"
    viewer.save()
    play = make_watch_event(
        viewer, title, episode=episode, position_seconds=60, watched_seconds=60, quality_at=None
    )
    play.last_at = play.started_at = timezone.now()
    play.save()
    keep_picture(viewer, others[0], make_artwork(others[0]).pk, now=timezone.now())
    client = Client()
    client.force_login(viewer.account)
    client.post(reverse("catalog:profile_choose", args=[viewer.public_id]))
    own = [
        reverse(f"personalization:{name}", args=[viewer.public_id])
        for name in ("data", "data_plays", "data_decisions", "data_impressions")
    ]
    return client, [
        "/", "/browse/", "/browse/drama/", "/search/", "/search/?q=shown", "/search/?q=zzz",
        "/titles/shown/", "/watch/shown/1/1/", f"/people/{person.slug}/", "/history/", "/list/",
        "/hidden/", "/profiles/", "/profiles/?manage", "/profiles/add/", "/why/shown/",
        "/pictures/", "/pictures/shown/", "/pictures/shown/report/", "/reports/",
        "/how-pictures-are-chosen/", "/account/email/", "/account/password/change/",
        "/account/2fa/", "/account/remove/", "/nothing/",
        reverse("catalog:profile_edit", args=[viewer.public_id]),
        reverse("catalog:profile_remove", args=[viewer.public_id]),
        reverse("audits:declaration", args=[viewer.public_id]), *own,
    ]  # fmt: skip


def test_no_page_of_a_german_profile_has_english_left_over(stage):
    """Ask every page for each message of the catalogue whose German differs."""
    client, addresses = stage
    german = " | ".join(form for each in messages("de") for form in each.strings)
    english = [
        (each.text, pattern)
        for each in messages("de")
        if not PRINTED.search(each.text)
        and "{" not in each.text
        # A word may be the German of another one: “Chance”.
        and not (pattern := re.compile(rf"(?<![\w/]){re.escape(each.text)}(?![\w/])")).search(
            german
        )
    ]
    found = {}
    for address in addresses:
        answer = client.get(address, follow=True)
        assert answer.status_code in {200, 404}, address
        assert answer.headers["Content-Language"] == "de", address
        said = seen(answer.text)
        found[address] = [text for text, pattern in english if pattern.search(said)]
    assert {address: left for address, left in found.items() if left} == {}


def seen(page):
    """Return what a person reads or hears of a page."""
    page = re.sub(r"<(script|style|svg|code)\b.*?</\1>|<!--.*?-->", " ", page, flags=re.DOTALL)
    said = re.findall(r"\b(?:aria-label|placeholder|title)=\"([^\"]*)\"", page)
    text = re.sub(r"<(button|a)\b[^>]*lang=\"en\".*?</\1>", " ", page, flags=re.DOTALL)
    return " | ".join([*said, re.sub(r"\s+", " ", TAGS.sub(" | ", text))])


def test_genres_and_moods_that_there_are_have_german_names():
    known = {each.text for each in messages("de")}
    assert {*canon.GENRES.values(), *canon.MOODS.values()} <= known


@pytest.mark.django_db
def test_a_mail_is_in_the_language_of_who_asked_for_it(client, mailoutbox):
    make_account(email="robin@example.com")
    german = {"accept-language": "de"}
    for address in ("robin@example.com", "nobody@example.com"):
        client.post("/account/password/reset/", {"email": address}, headers=german)
    assert len(mailoutbox) == 2
    for mail in mailoutbox:
        said = f"{mail.subject} {mail.body}"
        assert "Passwort" in said and "Wenn du das nicht warst" in said
        assert not re.search(r"\b(the|password|you|account)\b", said.split("http")[0]), said
