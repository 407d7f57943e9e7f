"""The web server over real connections: slow clients stop nobody, and odd ones are refused."""

import contextlib
import hashlib
import os
import resource
import socket
import time
from contextlib import ExitStack, closing

import pytest

from tests.config.server.servers import read_all, read_answer, serving

APPLICATION = "tests.config.server.application:application"
THREADS = 2
SLOW = 40  # clients, against two threads
SOON = 5  # seconds in which somebody else must be answered; far less than any slow client takes
SHORT = "import config.server.worker as worker; worker.HEAD_SECONDS = worker.SILENT_SECONDS = 1.0"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("server")
    with serving(
        APPLICATION, folder, "--workers=1", f"--threads={THREADS}", WEB_CONCURRENCY="1"
    ) as server:
        yield server.wait()


@pytest.fixture(scope="module")
def hasty_server(tmp_path_factory):
    """The same, with less patience, so that the tests need not wait."""
    folder = tmp_path_factory.mktemp("hasty")
    (folder / "hasty.py").write_text(
        f"{SHORT}\nfrom {APPLICATION.split(':')[0]} import application\n"
    )
    with serving(
        "hasty", folder, "--workers=1", f"--threads={THREADS}", f"--pythonpath={folder}"
    ) as server:
        yield server.wait()


@pytest.fixture
def clients():
    with ExitStack() as stack:
        yield lambda client: stack.enter_context(closing(client))


def post(path, body, *headers):
    lines = "".join(f"{line}\r\n" for line in headers)
    return (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n{lines}\r\n"
    ).encode() + body


def said(path, body):
    return f"{path} {len(body)} {hashlib.sha256(body).hexdigest()}".encode()


@pytest.mark.parametrize(
    "beginning",
    [
        b"",
        b"G",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nhalf a b",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\nGET / HTTP/1.1\r\nHos",  # a second, slow one
    ],
    ids=["silent", "one byte", "headers", "no body", "half a body", "expecting", "pipelined"],
)
def test_slow_clients_stop_nobody_else(server, clients, beginning):
    for _ in range(SLOW):
        clients(server.connect()).sendall(beginning)
    began = time.monotonic()
    for _ in range(3):
        assert b"200 OK" in server.get("/healthz", timeout=SOON)
    assert time.monotonic() - began < SOON


def test_clients_that_do_not_close_stop_nobody_else(server, clients):
    """Gunicorn's own worker waits two seconds in its loop for each of them."""
    for _ in range(SLOW):
        client = clients(server.connect())
        client.sendall(b"GET / HTTP/1.0\r\nHost: localhost\r\n\r\n")
    began = time.monotonic()
    assert b"200 OK" in server.get("/healthz", timeout=SOON)
    assert time.monotonic() - began < SOON


def test_clients_that_do_not_read_stop_nobody_else(server, clients):
    for _ in range(10):
        client = clients(socket.socket())
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        client.connect(("127.0.0.1", server.port))
        client.sendall(b"GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n")
    time.sleep(0.5)  # for the answers to fill what the system holds
    assert b"200 OK" in server.get("/healthz", timeout=SOON)


def test_a_client_that_reads_slowly_gets_it_all(server, clients):
    client = clients(server.connect())
    client.sendall(b"GET /large HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    time.sleep(0.5)
    assert len(read_all(client).partition(b"\r\n\r\n")[2]) == 8_000_000


def test_an_answer_that_nobody_takes_is_given_up(hasty_server, clients):
    client = clients(hasty_server.connect())
    client.sendall(b"GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n")
    time.sleep(4)
    with contextlib.suppress(ConnectionResetError):
        assert len(read_all(client)) < 8_000_000


def test_an_error_is_answered_and_the_next_request_served(server):
    assert server.get("/breaks").startswith(b"HTTP/1.1 500")
    assert b"200 OK" in server.get("/")


def test_a_body_that_comes_in_pieces_is_read_whole(server, clients):
    body = os.urandom(300_000)
    client = clients(server.connect())
    data = post("/pieces", body, "Connection: close")
    for place in range(0, len(data), 40_000):
        client.sendall(data[place : place + 40_000])
        time.sleep(0.01)
    assert read_all(client).endswith(said("/pieces", body))


def test_a_large_upload_is_read_whole(server):
    body = os.urandom(20 * 1024 * 1024)
    assert server.send(post("/upload", body, "Connection: close")).endswith(said("/upload", body))


def test_one_byte_at_a_time_is_read_too(server, clients):
    client = clients(server.connect())
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for byte in post("/bytes", b"abc", "Connection: close"):
        client.sendall(bytes([byte]))
    assert read_all(client).endswith(said("/bytes", b"abc"))


def test_a_connection_is_kept_for_the_next_request(server, clients):
    client = clients(server.connect())
    for number in range(5):
        client.sendall(post(f"/{number}", b"x" * number))
        assert read_answer(client)[1] == said(f"/{number}", b"x" * number)
        time.sleep(0.02)


def test_requests_sent_at_once_are_answered_in_turn(server):
    requests = [post(f"/{n}", b"x" * n) for n in range(3)]
    requests.append(post("/last", b"end", "Connection: close"))
    answer = server.send(b"".join(requests))
    places = [answer.index(said(f"/{n}", b"x" * n)) for n in range(3)]
    assert places == sorted(places)
    assert answer.endswith(said("/last", b"end"))


def test_a_client_that_asks_first_is_told_to_go_on(server, clients):
    client = clients(server.connect(timeout=SOON))
    head, _, body = post("/asks", b"body", "Expect: 100-continue").partition(b"\r\n\r\n")
    client.sendall(head + b"\r\n\r\n")
    assert client.recv(100).startswith(b"HTTP/1.1 100 Continue\r\n\r\n")
    client.sendall(body)
    answer = client.recv(10_000)
    while said("/asks", b"body") not in answer:
        answer += client.recv(10_000)


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", b"411"),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999\r\n\r\n", b"413"),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 100_000 + b"\r\n\r\n", b"431"),
        (b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: y\r\n" * 2_000 + b"\r\n", b"4"),
        (b"POST / HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", b"400"),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", b"400"),
        (b"\x16\x03\x01 not http\r\n\r\n", b"400"),
    ],
    ids=["chunked", "too large", "long header", "many headers", "two lengths", "negative", "TLS"],
)
def test_what_cannot_be_taken_is_refused_and_the_next_is_served(server, request_, status):
    assert server.send(request_).startswith(b"HTTP/1.1 " + status)
    assert b"200 OK" in server.get("/")


def test_the_body_of_one_request_is_never_the_next_request(server):
    hidden = b"GET /hidden HTTP/1.1\r\nHost: a\r\n\r\n"
    answer = server.send(post("/outer", hidden, "Connection: close"))
    assert answer.count(b"HTTP/1.1") == 1
    assert answer.endswith(said("/outer", hidden))


@pytest.mark.parametrize(
    "beginning",
    [b"GET / HTTP/1.1\r\nHost:", b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf"],
    ids=["headers", "body"],
)
def test_what_does_not_arrive_in_time_is_refused(hasty_server, clients, beginning):
    client = clients(hasty_server.connect())
    client.sendall(beginning)
    assert read_all(client).startswith(b"HTTP/1.1 408")


def test_a_client_that_says_nothing_is_let_go(hasty_server, clients):
    assert read_all(clients(hasty_server.connect())) == b""


def test_headers_that_trickle_do_not_buy_time(hasty_server, clients):
    client = clients(hasty_server.connect())
    client.sendall(b"GET / HTTP/1.1\r\nHost: a\r\nX: ")
    deadline = time.monotonic() + 30
    with pytest.raises(OSError):
        while time.monotonic() < deadline:
            client.sendall(b"x")
            time.sleep(0.1)


def test_when_all_places_are_taken_the_longest_waiting_make_room(tmp_path, clients):
    with serving(
        APPLICATION, tmp_path, "--workers=1", "--threads=2", "--worker-connections=20"
    ) as server:
        server.wait()
        for _ in range(30):
            clients(server.connect()).sendall(b"GET / HTTP/1.1\r\n")
        assert b"200 OK" in server.get("/", timeout=SOON)


def test_a_full_disk_refuses_large_bodies_and_nothing_else(tmp_path):
    limit = (resource.RLIMIT_FSIZE, (100_000, 100_000))
    with serving(APPLICATION, tmp_path, "--workers=1", "--threads=2", limit=limit) as server:
        server.wait()
        assert server.send(post("/", b"x" * 300_000)).startswith(b"HTTP/1.1 503")
        assert b"200 OK" in server.get("/", timeout=SOON)


def test_a_system_without_descriptors_closes_the_longest_waiting(tmp_path, clients):
    limit = (resource.RLIMIT_NOFILE, (64, 64))
    with serving(APPLICATION, tmp_path, "--workers=1", "--threads=2", limit=limit) as server:
        server.wait()
        for _ in range(100):
            clients(server.connect()).sendall(b"GET / HTTP/1.1\r\n")
        assert b"200 OK" in server.get("/", timeout=SOON)
        assert "Traceback" not in server.log.read_text()


def test_a_worker_that_stops_answers_what_it_has_taken(tmp_path, clients):
    with serving(APPLICATION, tmp_path, "--workers=1", "--threads=2") as server:
        server.wait()
        busy = clients(server.connect())
        busy.sendall(b"GET /busy HTTP/1.1\r\nHost: a\r\n\r\n")
        clients(server.connect()).sendall(
            b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n"
        )
        time.sleep(0.2)
        server.process.terminate()
        assert b"200 OK" in read_all(busy)
        assert server.process.wait(30) == 0
