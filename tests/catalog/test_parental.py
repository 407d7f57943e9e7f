"""A limited profile cannot leave what is its own: not by any address, method or session.

The addresses come from the URL configuration. A page that is added later is asked too: it must
either be marked as open to limited profiles, or ask for a grown-up.
"""

import re
import uuid

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from catalog import parental
from catalog.actions.pins import FREE_GUESSES, set_pin
from catalog.models import Viewer
from tests.factories import make_title, make_viewer

PIN = "4711"
PASSWORD = "correct horse"
# Open to limited profiles although they name a profile: they ask a grown-up themselves, or show a
# picture to its own household, or are about a profile that is gone.
NAMING_A_PROFILE = {
    "catalog:profile_choose", "catalog:profile_enter", "catalog:portrait",
    "catalog-api:profile_choose", "personalization:owed",
}  # fmt: skip
SAMPLES = {
    "uuid": str(uuid.UUID(int=7)), "slug": "any", "int": "1", "path": "any", "str": "any",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _pin(viewer):
    set_pin(viewer.account, PIN)


@pytest.fixture
def teen(viewer):
    return make_viewer(account=viewer.account, name="Teen", maturity=12)


@pytest.fixture
def kid(as_viewer, child):
    return as_viewer(child)


def views(resolver=None, prefix="", namespace=""):
    for each in (resolver or get_resolver()).url_patterns:
        route = prefix + str(each.pattern)
        if isinstance(each, URLResolver):
            inner = f"{namespace}{each.namespace}:" if each.namespace else namespace
            yield from views(each, route, inner)
        elif isinstance(each, URLPattern):
            yield f"{namespace}{each.name}", route, each.callback


def address(route, viewer):
    route = route.replace("<uuid:public_id>", str(viewer.public_id))
    route = re.sub(r"<(?:([a-z]+):)?[a-z_0-9]+>", lambda m: SAMPLES[m[1] or "str"], route)
    route = route.replace(r"(?P<key>[-:\w]+)", "key").replace(r"(?P<uidb36>[0-9A-Za-z]+)", "1")
    return "/" + re.sub(r"[\^$]|\(\?P<\w+>[^/]*\)", "", route.replace("(?P<key>.+)", "key"))


def is_open(name, view):
    return parental._marked(view, "open_to_limited") or name in parental.OPEN_BY_NAME


def asks(answer):
    if answer.status_code == 403 and answer.headers["Content-Type"] == "application/json":
        return answer.json().get("code") == "grown_up_needed"
    return answer.status_code == 302 and answer.url.startswith(reverse("catalog:grown_up"))


@pytest.mark.parametrize("who", ["child", "teen"])
def test_every_address_is_a_viewers_own_or_asks_for_a_grown_up(request, as_viewer, viewer, who):
    account = viewer.account
    account.is_staff = account.is_superuser = True  # so that nothing else refuses
    account.save()
    client = as_viewer(request.getfixturevalue(who))
    asked = 0
    for name, route, view in views():
        if is_open(name, view) or "[\\s" in route:
            assert "public_id" not in route or name in NAMING_A_PROFILE, name
            continue
        url = address(route, viewer)
        for method in ("get", "post"):
            answer = getattr(client, method)(url)
            assert asks(answer), f"{method} {url} ({name}) answered {answer.status_code}"
            asked += 1
    assert asked > 100
    assert Viewer.objects.get(pk=viewer.pk)


def test_no_page_of_an_account_or_a_staff_member_is_open_by_its_mark():
    opened = {route for name, route, view in views() if is_open(name, view)}
    assert not [route for route in opened if route.startswith(("admin/", "studio/", "data/"))]
    assert {route for route in opened if route.startswith("account/")} == {
        route for name, route, _ in views() if name in parental.OPEN_BY_NAME and name != "schema"
    }


def test_a_child_does_not_lift_its_own_limit(kid, child):
    grim = make_title(maturity=16, slug="grim")
    edit = reverse("catalog:profile_edit", args=[child.public_id])
    page = kid.get(edit).content.decode()
    assert 'name="is_child"' not in page
    assert 'name="maturity"' not in page
    said = {"name": "Kitty", "colour": "#4fb3a5", "maturity": "18", "face": "zuri"}
    assert kid.post(edit, said).status_code == 302
    child.refresh_from_db()
    # It changed its name and looks, and no limit.
    assert (child.name, child.figure, child.is_child, child.maturity_limit) == (
        "Kitty", "zuri", True, 7,
    )  # fmt: skip
    assert kid.get(reverse("catalog:title", args=[grim.slug])).status_code == 404


@pytest.mark.parametrize("proof", [{"pin": PIN}, {"password": PASSWORD}])
def test_a_grown_up_lifts_it_with_the_pin_or_the_password(kid, child, proof):
    edit = reverse("catalog:profile_edit", args=[child.public_id])
    unlocked = kid.post(reverse("catalog:grown_up"), proof | {"next": edit})
    assert unlocked.url == edit
    assert 'name="is_child"' in kid.get(edit).content.decode()
    kid.post(edit, {"name": "Kit", "colour": "#4fb3a5", "maturity": "12"})
    child.refresh_from_db()
    assert (child.is_child, child.maturity_limit) == (False, 12)


@pytest.mark.parametrize("proof", [{"pin": "0000"}, {"password": "guess"}, {}, {"pin": "x" * 65}])
def test_a_wrong_proof_opens_nothing(kid, viewer, proof):
    for url in (
        reverse("catalog:grown_up"),
        reverse("catalog:profile_enter", args=[viewer.public_id]),
    ):
        assert kid.post(url, proof).status_code == 422
    assert asks(kid.get("/account/email/"))
    assert kid.session["viewer"] != viewer.pk


def test_a_child_enters_another_childs_profile_and_no_other(kid, viewer, teen):
    sibling = make_viewer(account=viewer.account, name="Sib", is_child=True)
    for profile in (viewer, teen):
        answer = kid.post(reverse("catalog:profile_choose", args=[profile.public_id]))
        assert answer.url.startswith(reverse("catalog:profile_enter", args=[profile.public_id]))
        assert kid.session["viewer"] not in {viewer.pk, teen.pk}
    kid.post(reverse("catalog:profile_choose", args=[sibling.public_id]))
    assert kid.session["viewer"] == sibling.pk


def test_leaving_takes_the_pin_and_ends_the_proof(kid, viewer):
    enter = reverse("catalog:profile_enter", args=[viewer.public_id])
    assert kid.post(enter, {"pin": PIN, "next": "/browse/"}).url == "/browse/"
    assert kid.session["viewer"] == viewer.pk
    assert parental.PROOF_KEY not in kid.session
    assert kid.get("/account/email/").status_code == 200


def test_somebody_with_a_limit_goes_lower_freely_and_higher_with_proof(
    as_viewer, viewer, teen, child
):
    client = as_viewer(teen)
    up = client.post(reverse("catalog:profile_choose", args=[viewer.public_id]))
    assert "/enter/" in up.url
    client.post(reverse("catalog:profile_choose", args=[child.public_id]))
    assert client.session["viewer"] == child.pk


def test_a_protected_profile_takes_the_pin_from_everywhere(as_viewer, viewer):
    locked = make_viewer(account=viewer.account, name="Mum", asks_pin=True)
    client = as_viewer(viewer)
    choose = reverse("catalog:profile_choose", args=[locked.public_id])
    assert "/enter/" in client.post(choose).url
    for name in ("catalog:profile_edit", "catalog:profile_remove", "personalization:data"):
        assert asks(client.get(reverse(name, args=[locked.public_id]))), name
    # Its own settings are its own.
    client = as_viewer(locked)
    own = reverse("catalog:profile_edit", args=[locked.public_id])
    assert 'name="asks_pin"' in client.get(own).content.decode()


def test_the_proof_ends_with_the_next_page_of_the_catalogue(kid):
    kid.post(reverse("catalog:grown_up"), {"pin": PIN})
    assert kid.get("/account/email/").status_code == 200
    kid.get("/api/v1/profiles/")  # a part of a page in another tab ends nothing
    assert kid.get("/account/email/").status_code == 200
    kid.get("/")
    assert asks(kid.get("/account/email/"))


def test_the_proof_ends_after_some_minutes(kid):
    kid.post(reverse("catalog:grown_up"), {"pin": PIN})
    session = kid.session
    session[parental.PROOF_KEY] -= parental.PROOF_SECONDS + 1
    session.save()
    assert asks(kid.get("/account/email/"))


def test_a_profile_that_is_removed_while_it_watches_opens_nothing(kid, child, viewer):
    kid.get("/")
    child.delete()
    assert asks(kid.get("/account/email/"))
    assert "/enter/" in kid.post(reverse("catalog:profile_choose", args=[viewer.public_id])).url
    beat = kid.post("/api/v1/plays/", {}, content_type="application/json")
    assert (beat.status_code, beat.json()) == (403, {"detail": "Choose a profile first."})
    # The household is not locked out.
    kid.post(reverse("catalog:profile_enter", args=[viewer.public_id]), {"password": PASSWORD})
    assert kid.session["viewer"] == viewer.pk


def test_a_profile_that_becomes_a_childs_is_limited_in_every_session(as_viewer, viewer):
    other = make_viewer(account=viewer.account, name="Kim")
    client = as_viewer(other)
    assert client.get("/account/email/").status_code == 200
    Viewer.objects.filter(pk=other.pk).update(is_child=True)
    assert asks(client.get("/account/email/"))
    Viewer.objects.filter(pk=other.pk).update(is_child=False)
    assert client.get("/account/email/").status_code == 200


def test_before_a_profile_is_chosen_an_account_with_a_pin_asks_too(client, viewer, child):
    client.force_login(viewer.account)
    edit = reverse("catalog:profile_edit", args=[child.public_id])
    assert asks(client.get("/account/email/"))
    assert asks(client.get(edit))
    viewer.account.pin = ""
    viewer.account.save()
    assert client.get(edit).status_code == 200


def test_signing_in_with_the_password_is_a_proof_until_a_profile_is_chosen(client, viewer, child):
    said = {"login": viewer.account.email, "password": PASSWORD}
    client.post(reverse("account_login"), said)
    assert client.get(reverse("catalog:pin")).status_code == 200
    client.post(reverse("catalog:profile_choose", args=[child.public_id]))
    assert asks(client.get(reverse("catalog:pin")))


def test_twenty_wrong_pins_lock_the_pin_and_never_the_password(kid, viewer):
    url = reverse("catalog:grown_up")
    for _ in range(20):
        assert kid.post(url, {"pin": "0000"}).status_code == 422
    assert "Too many wrong PINs" in kid.post(url, {"pin": PIN}).content.decode()
    assert viewer.account.pin_guesses.get().wrong == FREE_GUESSES
    assert kid.post(url, {"password": PASSWORD}).status_code == 302
    assert not viewer.account.pin_guesses.exists()


def test_guesses_at_the_password_are_limited(kid):
    url = reverse("catalog:grown_up")
    for _ in range(11):
        said = kid.post(url, {"password": "guess"}).content.decode()
    assert "Too many tries" in said


def test_the_api_chooses_a_profile_by_the_same_rules(kid, viewer, child):
    url = reverse("catalog-api:profile_choose", args=[viewer.public_id])
    for body in ({}, {"pin": "0000"}, {"pin": ["4711"]}, {"password": "guess"}):
        answer = kid.post(url, body, content_type="application/json")
        assert answer.status_code in {400, 403}, body
        assert kid.session["viewer"] == child.pk
    assert kid.post(url, {"pin": PIN}, content_type="application/json").status_code == 200
    assert kid.session["viewer"] == viewer.pk


def test_a_part_of_a_page_sends_the_whole_browser(kid):
    answer = kid.get("/account/email/", headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"].startswith(reverse("catalog:grown_up"))


def test_it_needs_a_token_and_goes_nowhere_but_to_its_own_pages(as_viewer, child):
    client = as_viewer(child)
    answer = client.post(reverse("catalog:grown_up"), {"pin": PIN, "next": "https://evil.example/"})
    assert answer.url == "/"
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    assert strict.post(reverse("catalog:grown_up"), {"pin": PIN}).status_code == 403


@pytest.mark.parametrize("name", ["grown_up", "pin", "profile_enter"])
def test_a_visitor_signs_in_first_and_another_account_finds_nothing(client, viewer, name):
    url = reverse(f"catalog:{name}", args=[viewer.public_id] if name == "profile_enter" else [])
    for method in ("get", "post"):
        assert getattr(client, method)(url).url.startswith(reverse("account_login"))
    client.force_login(make_viewer().account)
    if name == "profile_enter":
        assert client.post(url, {"password": PASSWORD}).status_code == 404


def test_the_pin_is_set_changed_and_removed_by_a_grown_up(as_viewer, viewer):
    client = as_viewer(viewer)
    url = reverse("catalog:pin")
    assert asks(client.post(url, {"pin": "9999", "again": "9999"}))
    client.post(reverse("catalog:grown_up"), {"password": PASSWORD})
    assert client.post(url, {"pin": "12", "again": "12"}).status_code == 422
    assert client.post(url, {"pin": "1234", "again": "4321"}).status_code == 422
    assert client.post(url, {"pin": "1234", "again": "1234"}).status_code == 302
    client.post(reverse("catalog:grown_up"), {"pin": "1234"})
    assert client.post(url, {"do": "remove"}).status_code == 302
    viewer.account.refresh_from_db()
    assert viewer.account.pin == ""


def test_without_a_pin_the_password_is_enough_so_nobody_is_locked_out(kid, viewer):
    viewer.account.pin = ""
    viewer.account.save()
    page = kid.get(reverse("catalog:grown_up")).content.decode()
    assert 'name="pin"' not in page
    assert kid.post(reverse("catalog:grown_up"), {"pin": ""}).status_code == 422
    assert kid.post(reverse("catalog:grown_up"), {"password": PASSWORD}).status_code == 302


def test_a_player_of_another_profile_records_nothing(as_viewer, viewer, child):
    title = make_title(maturity=0)
    beat = {
        "play_id": str(uuid.uuid4()), "profile": str(child.public_id), "title": title.pk,
        "origin": "home", "position_seconds": 0, "watched_seconds": 0,
    }  # fmt: skip
    client = as_viewer(viewer)  # chosen in another tab
    answer = client.post("/api/v1/plays/", beat, content_type="application/json")
    assert answer.status_code == 403
    assert not viewer.watch_events.exists()


def test_a_profiles_picture_is_for_its_household(client, as_viewer, viewer, child):
    from catalog.actions.portraits import set_portrait
    from tests.catalog.actions.test_portraits import picture

    set_portrait(viewer, picture())
    url = reverse("catalog:portrait", args=[viewer.public_id, viewer.picture])
    shown = as_viewer(child).get(url)
    assert (shown.status_code, shown.headers["Content-Type"]) == (200, "image/webp")
    assert shown.headers["Cache-Control"].startswith("private")
    assert as_viewer(child).get(url.replace(viewer.picture, "0" * 32)).status_code == 404
    assert as_viewer(make_viewer()).get(url).status_code == 404
    assert Client().get(url).url.startswith(reverse("account_login"))
    assert Client().post(url).status_code == 302
