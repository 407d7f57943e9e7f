"""In which language and time zone a page is, and who decides."""

import gettext
from datetime import UTC, datetime

import pytest
from django.utils import timezone, translation

from catalog.models import Viewer
from catalog.templatetags.times import moment
from config.languages import zone_of
from config.management.commands.messages import files, languages
from config.translations import catalogue
from tests.factories import make_viewer

GERMAN = {"headers": {"accept-language": "de-CH, en;q=0.5"}}


@pytest.mark.django_db
class TestTheLanguageOfAPage:
    def test_it_is_the_browsers(self, client):
        page = client.get("/account/login/", **GERMAN)
        assert page.headers["Content-Language"] == "de"
        assert '<html lang="de"' in page.content.decode()
        assert {"Accept-Language", "Cookie"} <= set(page.headers["Vary"].split(", "))

    def test_it_is_english_where_the_browser_names_none_that_there_is(self, client):
        page = client.get("/account/login/", headers={"accept-language": "xx, \x01;q=z"})
        assert page.headers["Content-Language"] == "en"

    def test_the_visitors_choice_comes_before_the_browser(self, client):
        answer = client.post("/language/", {"language": "de", "next": "/account/login/"})
        assert (answer.status_code, answer.headers["Location"]) == (302, "/account/login/")
        page = client.get("/account/login/", headers={"accept-language": "en"})
        assert page.headers["Content-Language"] == "de"

    @pytest.mark.parametrize("wanted", ["xx", "", "de\x00", "../de", "d" * 10_000])
    def test_a_language_that_does_not_exist_changes_nothing(self, client, wanted):
        answer = client.post("/language/", {"language": wanted, "next": "/account/login/"})
        assert answer.status_code == 302
        assert "language" not in client.cookies
        client.cookies["language"] = wanted.replace("\x00", "x")
        assert client.get("/account/login/").headers["Content-Language"] == "en"

    def test_the_switch_leads_to_no_other_site_and_is_no_link(self, client):
        answer = client.post("/language/", {"language": "de", "next": "https://elsewhere.example/"})
        assert answer.headers["Location"] == "/"
        assert client.get("/language/").status_code == 405

    @pytest.mark.parametrize("address", ["/admin/login/", "/api/v1/nothing/", "/studio/"])
    def test_staffs_pages_and_the_api_are_english(self, client, address):
        page = client.get(address, **GERMAN)
        assert page.headers.get("Content-Language", "en") == "en"
        assert 'lang="de"' not in page.content.decode()

    def test_pages_of_errors_are_in_the_language_too(self, client):
        assert '<html lang="de"' in client.get("/nothing/", **GERMAN).content.decode()
        assert '<html lang="de"' in client.get("/search/?q=%00", **GERMAN).content.decode()

    def test_the_profiles_language_comes_before_all_others(self, client):
        viewer = make_viewer(language="de")
        client.force_login(viewer.account)
        client.cookies["language"] = "en"
        assert client.get("/profiles/").headers["Content-Language"] == "en"  # none is chosen yet
        client.post(f"/profiles/{viewer.public_id}/choose/")
        page = client.get("/", headers={"accept-language": "en"})
        assert page.headers["Content-Language"] == "de"
        assert '<html lang="de"' in page.content.decode()
        assert client.get("/api/v1/home/").headers.get("Content-Language", "en") == "en"
        Viewer.objects.update(language="xx")  # of a language that was removed since
        assert client.get("/").headers["Content-Language"] == "en"

    def test_nothing_of_a_request_stays(self, client):
        before = translation.get_language(), timezone.get_current_timezone()
        client.cookies["zone"] = "Asia/Tokyo"
        client.get("/account/login/", **GERMAN)
        assert (translation.get_language(), timezone.get_current_timezone()) == before


@pytest.mark.parametrize(
    "named", ["", "Nowhere", "../../etc/passwd", "/etc/localtime", "posixrules", "a" * 10_000]
)
def test_a_time_zone_that_does_not_exist_is_none(rf, named):
    rf.cookies["zone"] = named
    assert zone_of(rf.get("/")) is None


def test_times_are_in_the_viewers_time_zone_and_language(rf):
    rf.cookies["zone"] = "America/New_York"
    at = datetime(2026, 3, 2, 3, 30, tzinfo=UTC)
    with timezone.override(zone_of(rf.get("/"))):
        assert moment(at) == (
            '<time datetime="2026-03-01T22:30:00-05:00">1 March 2026, 22:30</time>'
        )
        with translation.override("de"):
            assert ">1. März 2026, 22:30 Uhr<" in moment(at)
    assert moment(None) == ""


@pytest.mark.parametrize("language", languages())
def test_the_mo_file_is_made_of_the_po_file(language):
    po, mo = files(language)
    messages = catalogue.read(po)
    assert mo.read_bytes() == catalogue.compiled(messages), "run manage.py messages"
    with mo.open("rb") as file:
        found = gettext.GNUTranslations(file)
    for message in messages[1:]:
        if message.context or not message.is_translated:
            continue
        if message.plural:
            assert found.ngettext(message.text, message.plural, 1) == message.strings[0]
        else:
            assert found.gettext(message.text) == message.strings[0]
