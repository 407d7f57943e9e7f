"""Which responses are compressed: text, for people who came from the site itself."""

import gzip

import pytest
from django.http import FileResponse, HttpResponse
from django.test import RequestFactory

from config.compression import CompressTextMiddleware

TEXT = "A marquee above the door. " * 200


def answered(response, **headers):
    request = RequestFactory().get("/", headers={"accept-encoding": "gzip, br", **headers})
    return CompressTextMiddleware(lambda _: response)(request)


@pytest.mark.parametrize(
    "kind",
    ["text/html; charset=utf-8", "application/json", "image/svg+xml", "application/manifest+json"],
)
def test_it_compresses_text(kind):
    response = answered(HttpResponse(TEXT, content_type=kind))
    assert response.headers["Content-Encoding"] == "gzip"
    assert response.headers["Vary"] == "Accept-Encoding"
    assert len(response.content) < 500
    assert gzip.decompress(response.content).decode() == TEXT


@pytest.mark.parametrize("kind", ["image/webp", "image/avif", "application/zip", "font/woff2", ""])
def test_it_leaves_what_is_compressed_already(kind):
    response = HttpResponse(TEXT)
    response.headers["Content-Type"] = kind
    assert "Content-Encoding" not in answered(response).headers


def test_it_leaves_files_to_keep(tmp_path):
    file = tmp_path / "data.json"
    file.write_text(TEXT)
    with file.open("rb") as opened:
        response = answered(FileResponse(opened, content_type="application/json"))
    assert "Content-Encoding" not in response.headers


@pytest.mark.parametrize("came_from", ["cross-site", "same-site"])
def test_no_other_site_learns_a_compressed_length(came_from):
    response = answered(HttpResponse(TEXT), **{"sec-fetch-site": came_from})
    assert "Content-Encoding" not in response.headers
    assert len(response.content) == len(TEXT)


@pytest.mark.parametrize("came_from", ["same-origin", "none"])
def test_the_site_itself_and_its_bookmarks_get_it_compressed(came_from):
    response = answered(HttpResponse(TEXT), **{"sec-fetch-site": came_from})
    assert response.headers["Content-Encoding"] == "gzip"


def test_one_page_has_many_lengths():
    lengths = {len(answered(HttpResponse(TEXT)).content) for _ in range(40)}
    assert len(lengths) > 5


def test_who_does_not_ask_gets_plain_text():
    request = RequestFactory().get("/")
    response = CompressTextMiddleware(lambda _: HttpResponse(TEXT))(request)
    assert response.content.decode() == TEXT
