"""Where a request ends, in whatever pieces its bytes arrive."""

from contextlib import ExitStack, closing
from http import HTTPStatus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.server.arriving import ArrivingRequest, Limits

LIMITS = Limits(head=200, body=50)
HEAD = b"POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n"


@pytest.fixture
def feed():
    with ExitStack() as stack:

        def make(*pieces):
            request = stack.enter_context(closing(ArrivingRequest(LIMITS)))
            for piece in pieces:
                request.feed(piece)
            return request

        yield make


@given(body=st.binary(max_size=50), rest=st.binary(max_size=20), data=st.data())
def test_the_end_is_found_wherever_the_bytes_are_cut(body, rest, data):
    whole = HEAD % len(body) + body
    cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=8)))
    with closing(ArrivingRequest(LIMITS)) as request:
        for begin, end in zip([0, *cuts], [*cuts, len(whole)], strict=True):
            assert not request.is_whole
            request.feed(whole[begin:end] + (rest if end == len(whole) else b""))
            if request.is_whole:
                break
        assert request.is_whole
        assert request.file().read() == whole
        assert request.rest in {rest, b""}


def test_what_stands_behind_it_is_kept_for_the_next(feed):
    request = feed(HEAD % 2 + b"abGET / HTTP/1.1")
    assert request.is_whole
    assert request.rest == b"GET / HTTP/1.1"


@pytest.mark.parametrize(
    ("head", "refusal"),
    [
        (b"GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", HTTPStatus.LENGTH_REQUIRED),
        (b"GET / HTTP/1.1\r\ntransfer-encoding : gzip\r\n\r\n", HTTPStatus.LENGTH_REQUIRED),
        (HEAD % 51, HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
        (b"x" * 201, HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE),
        (
            b"GET / HTTP/1.1\r\nX: " + b"x" * 250 + b"\r\n\r\n",
            HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
        ),
    ],
)
def test_what_cannot_be_taken_is_refused_before_its_body(feed, head, refusal):
    request = feed(head)
    assert request.refusal is refusal
    assert not request.is_whole


@pytest.mark.parametrize("value", [b"-1", b"1e3", b"0x10", b"", b"1 2", b"+5", b"9" * 30])
def test_a_length_that_is_no_number_is_left_to_the_strict_parser(feed, value):
    assert feed(b"GET / HTTP/1.1\r\nContent-Length: " + value + b"\r\n\r\n").is_whole


def test_a_header_in_the_request_line_or_in_a_value_is_no_length(feed):
    assert feed(b"GET /?content-length:9 HTTP/1.1\r\nX: Content-Length: 9\r\n\r\n").is_whole


def test_a_client_waits_for_a_word_only_before_its_body(feed):
    head = b"POST / HTTP/1.1\r\nContent-Length: 3\r\nExpect: 100-Continue\r\n\r\n"
    assert feed(head).wants_continue
    assert not feed(head, b"a").wants_continue
    assert not feed(head + b"abc").wants_continue
    assert not feed(b"GET / HTTP/1.1\r\nExpect: 100-continue\r\n\r\n").wants_continue
