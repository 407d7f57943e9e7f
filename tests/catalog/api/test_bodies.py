"""No request makes the API fail: what it cannot take it refuses in JSON."""

import json
import uuid

import pytest

from tests.factories import make_title

pytestmark = pytest.mark.django_db

WRITES = ["/api/v1/plays/", "/api/v1/seen/"]
BODIES = {
    "nested lists": "[" * 3000 + "]" * 3000,
    "nested lists without end": "[" * 100_000,
    "nested objects": '{"a":' * 3000 + "1" + "}" * 3000,
    "nested a little": "[" * 40 + "]" * 40,
    "NaN": '{"title": NaN}',
    "Infinity": '{"title": -Infinity}',
    "a number too large for a float": '{"title": 1e999}',
    "a number of many digits": '{"title": ' + "9" * 10_000 + "}",
    "half a character": '{"origin": "\\ud800"}',
    "half a character as a key": '{"\\udfff": 1}',
    "half a character, deep": '{"tokens": [["\\ud83d"]]}',
    "NUL": '{"origin": "a\\u0000b"}',
    "nothing": "",
    "a byte order mark": "\ufeff{}",
}


def heartbeat(**fields):
    return {
        "play_id": str(uuid.uuid4()),
        "title": make_title().pk,
        "origin": "home",
        "position_seconds": 0,
        "watched_seconds": 0,
    } | fields


@pytest.mark.parametrize("address", WRITES)
@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
def test_it_refuses_a_body_that_makes_no_sense(api, address, body):
    response = api.post(address, body, content_type="application/json")
    assert response.status_code == 400
    assert response.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize("field", ["play_id", "title", "episode", "origin", "position_seconds"])
@pytest.mark.parametrize(
    "value",
    [
        "\ud800",
        "\x00",
        "x" * 100_000,
        2**200,
        -(2**63) - 1,
        10**400,
        1e300,
        [[[[]]]],
        {"a": {"b": 1}},
    ],
)
def test_it_refuses_any_value_that_makes_no_sense(api, field, value):
    response = api.post(
        "/api/v1/plays/", json.dumps(heartbeat(**{field: value})), content_type="application/json"
    )
    assert response.status_code in {400, 404}


@pytest.mark.parametrize("field", ["page_view", "tokens"])
@pytest.mark.parametrize(
    "value", ["\ud800", ["\ud800"], ["\x00"], 2**200, 10**400, [[["x"]]], None]
)
def test_it_refuses_any_batch_that_makes_no_sense(api, field, value):
    body = {"page_view": str(uuid.uuid4()), "tokens": ["x"]} | {field: value}
    response = api.post("/api/v1/seen/", json.dumps(body), content_type="application/json")
    assert response.status_code == 400


@pytest.mark.parametrize("address", WRITES)
def test_a_body_over_the_limit_gets_the_apis_own_413(api, settings, address):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    body = json.dumps({"tokens": ["x" * 2000]})
    response = api.post(address, body, content_type="application/json")
    assert response.status_code == 413
    assert response.json() == {"detail": "The request body is too large."}


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "text/plain", "x"])
def test_a_body_that_is_no_json_gets_the_apis_own_415(api, settings, kind):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    response = api.post("/api/v1/plays/", "a=" + "x" * 2000, content_type=kind)
    assert response.status_code == 415
    assert "detail" in response.json()


@pytest.mark.parametrize("charset", ["utf-7", "unicode_escape", "utf-16", "bz2_codec", "none"])
def test_it_takes_no_charset_but_utf8(api, charset):
    body = json.dumps(heartbeat()).encode()
    kind = f"application/json; charset={charset}"
    response = api.generic("POST", "/api/v1/plays/", body, content_type=kind)
    assert response.status_code == 400
    assert "detail" in response.json()


@pytest.mark.parametrize(
    "address",
    [
        "titles/%00/",
        "titles/a%00b/",
        "titles/?genre=%00",
        "titles/?cursor=%00",
        "titles/?limit=%00",
        "titles/?limit=" + "9" * 5000,
        "titles/?genre=%ED%A0%80",
        "titles/?genre=" + "x" * 5000,
        f"titles/{'x' * 5000}/",
        f"people/{'x' * 5000}/",
        "people/%ED%A0%80/",
        "search/?q=%00",
        "search/?q=%ED%A0%80",
        "history/11111111-1111-4111-8111-11111111111%00/",
        f"history/{'1' * 5000}/",
    ],
)
def test_no_address_makes_it_fail(api, address):
    response = api.get(f"/api/v1/{address}")
    assert response.status_code in {200, 400, 404}
    assert response.headers["Content-Type"] == "application/json"
