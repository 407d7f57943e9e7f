import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages

from catalog.actions.drawn_cards import describe
from catalog.drawing.cards import Card, original_name, rendition_name

DIGEST = "ab" + 62 * "0"
NAME = f"ab/{DIGEST}.webp"


@pytest.fixture
def stored():
    default_storage.save(NAME, ContentFile(b"picture"))


def test_it_serves_a_rendition_to_anybody_for_ever(client, stored, db, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get(f"/media/{NAME}")
    assert b"".join(response.streaming_content) == b"picture"
    assert response.headers["Content-Type"] == "image/webp"
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"] == "default-src 'none'"
    assert "Content-Disposition" not in response.headers
    response.close()
    assert "Cookie" not in response.headers.get("Vary", "")


def test_it_sends_nothing_to_a_browser_that_has_it(client, stored, db):
    first = client.get(f"/media/{NAME}")
    etag = first.headers["ETag"]
    first.close()
    assert client.get(f"/media/{NAME}", headers={"If-None-Match": etag}).status_code == 304


@pytest.mark.parametrize(
    "name",
    [
        f"ab/{DIGEST[:-1]}1.webp",
        "../originals/secret.png",
        "..%2foriginals%2fsecret.png",
        "%2e%2e/originals/secret.png",
        "....//originals/secret.png",
        "/etc/passwd",
        "ab/../../originals/secret.png",
        "ab",
        "ab/",
        f"AB/{DIGEST.upper()}.webp",
        f"ab/{DIGEST}.svg",
        f"ab/{DIGEST}.webp%00.png",
        "secret.png",
    ],
)
def test_it_serves_nothing_else(client, stored, db, name):
    storages["originals"].save("secret.png", ContentFile(b"original"))
    default_storage.save("secret.png", ContentFile(b"not a rendition"))
    assert client.get(f"/media/{name}").status_code == 404


def test_it_serves_only_by_get(client, stored, db):
    assert client.post(f"/media/{NAME}").status_code == 405


def test_it_draws_a_described_picture_when_it_is_first_asked_for(client, db):
    card = Card("scene", "western")
    describe([card])
    name = rendition_name(card.digest, 320)
    response = client.get(f"/media/{name}")
    assert b"".join(response.streaming_content)[8:12] == b"WEBP"
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    etag = response.headers["ETag"]
    response.close()
    assert client.get(f"/media/{name}", headers={"If-None-Match": etag}).status_code == 304
    other = client.get(f"/media/{rendition_name(card.digest, 640)}")
    assert other.headers["ETag"] != etag
    other.close()


def test_it_draws_nothing_that_is_not_described_and_no_original(client, db):
    card = Card("scene", "western")
    assert client.get(f"/media/{rendition_name(card.digest, 320)}").status_code == 404
    describe([card])
    assert client.get(f"/media/{original_name(card.digest)}").status_code == 404
    assert client.get(f"/media/{rendition_name(card.digest, 321)}").status_code == 404
    assert client.post(f"/media/{rendition_name(card.digest, 320)}").status_code == 405
    assert not default_storage.exists(rendition_name(card.digest, 320))
