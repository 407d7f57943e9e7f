import pytest

from tests.factories import make_account, make_title

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "address",
    [
        "/search/?q=%00",
        "/browse/?page=%00",
        "/titles/a%00/",
        "/history/?page=a%00b",
        "/admin/catalog/title/?q=%00",
        "/admin/catalog/title/?published__exact=%00",
        "/account/login/?next=%00",
    ],
)
def test_it_refuses_nul_in_an_address(as_viewer, viewer, address):
    viewer.account.is_staff = viewer.account.is_superuser = True
    viewer.account.save()
    assert as_viewer(viewer).get(address).status_code in {400, 404}


def test_it_refuses_nul_in_a_cookie(client):
    client.cookies["sessionid"] = "\x00abcdefghijkl"
    assert client.get("/").status_code == 400


@pytest.mark.parametrize("charset", ["utf-7", "unicode_escape", "unknown"])
def test_it_refuses_a_charset_that_is_not_utf8(client, charset):
    kind = f"multipart/form-data; boundary=x; charset={charset}"
    assert client.generic("POST", "/account/login/", b"--x--", kind).status_code == 400


@pytest.mark.parametrize(
    "address",
    [
        "/titles/%ED%A0%80/",
        "/search/?q=%ED%A0%80",
        "/search/?q=%FF",
        "/watch/a/99999999999999999999/1/",
        f"/watch/a/{'9' * 5000}/1/",
        f"/browse/?page={'9' * 5000}",
        "/browse/?page=1e999",
        "/history/?page=-1",
        f"/titles/{'x' * 5000}/",
    ],
)
def test_no_address_makes_a_page_fail(as_viewer, viewer, address):
    assert as_viewer(viewer).get(address).status_code in {200, 404}


@pytest.mark.parametrize("number", [2**63, 10**30])
def test_no_number_makes_a_form_fail(as_viewer, viewer, number):
    assert as_viewer(viewer).post(f"/history/{number}/remove/").status_code == 404


@pytest.mark.parametrize(
    "address",
    ["/profiles/", "/profiles/add/", "/account/email/", "/account/remove/", "/api/v1/home/",
     "/api/v1/docs/", "/api/v1/none/", "/none/", "/healthz"],
)  # fmt: skip
def test_a_personal_answer_is_not_stored(as_viewer, viewer, address):
    assert "no-store" in as_viewer(viewer).get(address).headers["Cache-Control"]


def test_a_refusal_and_a_redirect_are_not_stored(client):
    assert client.get("/api/v1/home/").headers["Cache-Control"] == "no-store"
    assert client.get("/").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("address", ["/", "/browse/", "/history/", "/titles/shown/"])
def test_a_page_with_rules_of_its_own_keeps_them(as_viewer, viewer, address):
    make_title(slug="shown")
    assert as_viewer(viewer).get(address).headers["Cache-Control"] == "private, no-cache"


def test_a_rendition_may_be_kept_by_anybody(client, settings):
    from django.core.files.base import ContentFile
    from django.core.files.storage import default_storage

    name = f"ab/{'cd' * 32}.webp"
    default_storage.save(name, ContentFile(b"picture"))
    first = client.get(f"/media/{name}")
    first.close()
    assert "public" in first.headers["Cache-Control"]
    again = client.get(f"/media/{name}", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.headers["Cache-Control"]) == (
        304,
        first.headers["Cache-Control"],
    )


def test_an_administrators_page_is_not_stored(client):
    client.force_login(make_account(is_staff=True, is_superuser=True))
    assert "no-store" in client.get("/admin/").headers["Cache-Control"]
