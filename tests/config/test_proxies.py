"""The client's address and scheme: believed from the named proxies, and from nobody else."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from config.proxies import MOST_HOPS, ForwardedMiddleware, TrustedProxies, parse, subscriber
from config.throttling import ClientRateThrottle

PROXY, INNER, OUTER = "10.0.0.1", "10.0.0.2", "fd00::7"
CLIENT, OTHER = "203.0.113.9", "198.51.100.4"
TRUSTED = TrustedProxies(["10.0.0.0/8", "fd00::/8"])


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        (CLIENT, "", CLIENT),  # no proxy
        (CLIENT, OTHER, CLIENT),  # a client that writes the header itself
        (PROXY, CLIENT, CLIENT),
        (PROXY, f"{OTHER}, {CLIENT}", CLIENT),  # what the client wrote stands before its address
        (PROXY, f"{PROXY}, {CLIENT}", CLIENT),  # also where it wrote a trusted proxy's
        (PROXY, f"{CLIENT}, {INNER}", CLIENT),  # a chain of trusted proxies
        (PROXY, f"{CLIENT},{OUTER},{INNER}", CLIENT),
        (OUTER, CLIENT, CLIENT),
        (f"::ffff:{PROXY}", f"::ffff:{CLIENT}", CLIENT),  # IPv4 written as IPv6
        (PROXY, "2001:db8::5", "2001:db8::5"),
        (PROXY, "[2001:db8::5]:443", "2001:db8::5"),
        (PROXY, f"{CLIENT}:51234", CLIENT),
        (PROXY, "", PROXY),  # the proxy's own probe
        (PROXY, f"{INNER}", INNER),
        (PROXY, "garbage", PROXY),
        (PROXY, f"{CLIENT}, garbage", PROXY),  # nothing before what cannot be read is believed
        (PROXY, f"garbage, {CLIENT}", CLIENT),
        (PROXY, f"{CLIENT}, garbage, {INNER}", INNER),
        (PROXY, f"{CLIENT},", PROXY),
        (PROXY, "unknown", PROXY),
        (PROXY, "::1::2", PROXY),
        (PROXY, "[", PROXY),
        (PROXY, "1" * 100_000, PROXY),
        (PROXY, ("," * 100_000) + CLIENT, CLIENT),
        (PROXY, "\x00\xff", PROXY),
        ("", CLIENT, ""),  # a Unix socket that is not trusted
        ("not an address", CLIENT, "not an address"),
    ],
)
def test_the_client_is_the_first_address_that_is_no_trusted_proxys(peer, forwarded, client):
    assert TRUSTED.client(peer, forwarded) == client


def test_a_unix_socket_is_trusted_by_its_own_name():
    assert TrustedProxies(["unix"]).client("", CLIENT) == CLIENT
    assert TrustedProxies(["unix"]).client(PROXY, CLIENT) == PROXY


def test_a_chain_without_end_is_read_so_far_and_no_further():
    chain = ", ".join([CLIENT, *[INNER] * MOST_HOPS])
    assert TRUSTED.client(PROXY, chain) == INNER


@pytest.mark.parametrize(
    "text", ["", "1.2.3", "1.2.3.4.5", "1.2.3.4/8", "::g", "a.example", "٣.٤.٥.٦"]
)
def test_what_is_no_address_is_none(text):
    assert parse(text) is None


def test_limits_count_an_ipv6_customer_once():
    assert subscriber("2001:db8:1:2::5") == subscriber("2001:db8:1:2:ffff::6")
    assert subscriber("2001:db8:1:2::5") != subscriber("2001:db8:1:3::5")
    assert subscriber("203.0.113.9") == "203.0.113.9"
    assert subscriber("") == ""


@pytest.fixture
def through(settings):
    """Send a request through the middleware, and return it as the views see it."""

    def send(**meta):
        settings.TRUSTED_PROXIES = ["10.0.0.0/8"]
        settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
        request = RequestFactory().get("/", **meta)
        ForwardedMiddleware(lambda _: HttpResponse())(request)
        return request

    return send


@pytest.mark.parametrize(
    ("peer", "scheme", "is_secure"),
    [
        (PROXY, "https", True),
        (PROXY, "http", False),
        (PROXY, "https, http", False),  # the client wrote the first
        (PROXY, "", False),
        (CLIENT, "https", False),
    ],
)
def test_the_scheme_is_the_trusted_proxys(through, peer, scheme, is_secure):
    request = through(REMOTE_ADDR=peer, HTTP_X_FORWARDED_PROTO=scheme)
    assert request.is_secure() is is_secure


def test_nothing_behind_it_sees_the_header(through):
    for peer in (PROXY, CLIENT):
        request = through(REMOTE_ADDR=peer, HTTP_X_FORWARDED_FOR=OTHER)
        assert "HTTP_X_FORWARDED_FOR" not in request.META
    assert through(REMOTE_ADDR=PROXY, HTTP_X_FORWARDED_FOR=CLIENT).META["REMOTE_ADDR"] == CLIENT


@pytest.mark.parametrize(("peer", "warnings"), [("192.168.0.7", 1), ("", 1), ("8.8.8.8", 0)])
def test_a_proxy_that_nobody_named_is_logged_once(settings, caplog, peer, warnings):
    settings.TRUSTED_PROXIES = ["10.0.0.0/8"]
    middleware = ForwardedMiddleware(lambda _: HttpResponse())
    for _ in range(3):
        middleware(RequestFactory().get("/", REMOTE_ADDR=peer, HTTP_X_FORWARDED_FOR=CLIENT))
    assert caplog.text.count("proxy_not_trusted") == warnings


def test_the_apis_throttle_counts_by_that_address(through):
    one = ClientRateThrottle().get_ident(through(REMOTE_ADDR=PROXY, HTTP_X_FORWARDED_FOR=CLIENT))
    spoofed = ClientRateThrottle().get_ident(
        through(REMOTE_ADDR=PROXY, HTTP_X_FORWARDED_FOR=f"{OTHER}, {CLIENT}")
    )
    assert one == spoofed == CLIENT


def test_the_log_names_that_address(client, db, settings, caplog):
    settings.TRUSTED_PROXIES = []
    with caplog.at_level("INFO"):
        client.get("/healthz", REMOTE_ADDR=CLIENT, HTTP_X_FORWARDED_FOR=OTHER, HTTP_X_REAL_IP=OTHER)
    assert OTHER not in caplog.text
    assert CLIENT in caplog.text
