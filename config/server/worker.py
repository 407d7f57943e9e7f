"""A gunicorn worker in which slow clients occupy no thread.

Gunicorn's threaded worker gives a connection to a thread that waits for the request's bytes, and
then for the client to take the answer's: as many slow clients as there are threads stop it. This
one collects each request without a thread, in the loop that accepts connections, gives it to a
thread when it is whole, and sends the answer from the loop again. A request that does not arrive
in time is refused; an answer that nobody takes is given up.

It builds on gunicorn.workers.gthread as of gunicorn 27, whose methods it replaces by name;
tests/config/server/test_worker.py drives it over real connections.
"""

import contextlib
import errno
import selectors
import socket
import tempfile
import time
from concurrent.futures import Future
from functools import partial
from http import HTTPStatus
from typing import Any

from gunicorn import http
from gunicorn.http.unreader import SocketUnreader
from gunicorn.workers.gthread import TConn, ThreadWorker

from config.server.arriving import IN_MEMORY, ArrivingRequest, Limits

HEAD_SECONDS = 10.0  # for a request's first byte, and for its head
SILENT_SECONDS = 20.0  # between two pieces of a body or an answer
WHOLE_SECONDS = 300.0  # for a whole request, and for a whole answer
CLOSE_SECONDS = 2.0  # for a client to read the last answer and close
STOP_SECONDS = 2.0  # between two pieces, once the worker stops
MOST_HEAD = 64 * 1024
PIECE = 64 * 1024
MADE_ROOM = 16  # connections that are closed when the system has no descriptor for another
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
REFUSALS = {
    HTTPStatus.REQUEST_TIMEOUT: "The request did not arrive in time.",
    HTTPStatus.LENGTH_REQUIRED: "Send the length of the body in a Content-Length header.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The request is larger than this site takes.",
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE: "The request's headers are too large.",
    HTTPStatus.SERVICE_UNAVAILABLE: "The server is too busy. Try again in a moment.",
}


class _WholeRequest:
    """What gunicorn reads a request from: the bytes that arrived, and never the connection."""

    def __init__(self, request: ArrivingRequest) -> None:
        self._file = request.file()

    def recv(self, size: int) -> bytes:
        return self._file.read(size)


class _Answer:
    """What gunicorn writes an answer to: in place of the connection, while a thread has it."""

    def __init__(self, client: socket.socket) -> None:
        self.client = client
        # Open until the last byte is sent: longer than any block here.
        self.file = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115
        self.unsent = b""

    def sendall(self, data: bytes) -> None:
        self.file.write(data)

    def send(self, data: bytes) -> int:
        return self.file.write(data)

    def piece(self) -> bytes:
        """Return the next bytes to send; none at the end."""
        self.unsent = self.unsent or self.file.read(PIECE)
        return self.unsent

    def setblocking(self, blocking: bool) -> None:
        """The thread never waits for the client."""

    def settimeout(self, seconds: float | None) -> None:
        """The thread never waits for the client."""

    def gettimeout(self) -> float:
        return 0.0

    def recv(self, size: int) -> bytes:
        return b""

    def shutdown(self, how: int) -> None:
        """Gunicorn gives up after an error; the loop closes the connection."""

    def close(self) -> None:
        """Gunicorn gives up after an error; the loop closes the connection."""


class _Connection(TConn):  # type: ignore[misc]
    """A client's connection, with the request that arrives on it and the answer that leaves."""

    request: ArrivingRequest
    answer: _Answer | None = None
    begun_at: float  # when the request was first waited for, or the answer first sent
    heard_at: float  # when the last bytes arrived, or left
    is_kept = False  # whether the client may send another request
    closes_at: float


class BufferingWorker(ThreadWorker):  # type: ignore[misc]
    """Gives requests to threads when they are whole."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.arriving: set[_Connection] = set()
        self.answering: set[_Connection] = set()
        self.closing: set[_Connection] = set()

    def init_process(self) -> None:
        if self.cfg.is_ssl or self.cfg.protocol != "http" or self.cfg.proxy_protocol != "off":
            raise ValueError("BufferingWorker speaks plain HTTP: let the proxy end TLS.")
        self.cfg.set("sendfile", False)  # it would write past the answer
        super().init_process()

    def load_wsgi(self) -> None:
        super().load_wsgi()
        from django.conf import settings

        # An upload that is somewhat too large is still refused by its page, in its words.
        self.limits = Limits(head=MOST_HEAD, body=2 * settings.MAX_UPLOAD_BYTES + 1024 * 1024)

    # --- Connections, as gunicorn's loop hands them over ---

    def accept(self, listener: socket.socket) -> None:
        try:
            client, address = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return  # another worker took it, or it is gone
        except OSError as error:
            if error.errno not in {errno.EMFILE, errno.ENFILE}:
                raise
            self.log.warning("No file descriptor is free for a connection: %s", error)
            for conn in self._longest_waiting(MADE_ROOM):
                self._drop(conn)
            return
        self.nr_conns += 1
        self._wait(_Connection(self.cfg, client, address, listener.getsockname()))

    def on_client_socket_readable(self, conn: _Connection, client: socket.socket) -> None:
        """A client that was kept sends its next request."""
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self._wait(conn)

    def finish_request(self, conn: _Connection, future: Future[Any]) -> None:
        """A thread is done with a request: send its answer."""
        assert conn.answer is not None
        conn.request.close()
        conn.sock = conn.answer.client
        conn.sock.setblocking(False)
        conn.answer.file.seek(0)
        conn.is_kept = not future.cancelled() and not future.exception() and bool(future.result())
        conn.begun_at = conn.heard_at = time.monotonic()
        self.answering.add(conn)
        self.poller.register(conn.sock, selectors.EVENT_WRITE, partial(self._on_writable, conn))
        self._on_writable(conn, conn.sock)

    def _on_writable(self, conn: _Connection, client: socket.socket) -> None:
        """Send as much of an answer as the client takes now."""
        answer = conn.answer
        assert answer is not None
        try:
            while piece := answer.piece():
                sent = client.send(piece)
                answer.unsent = piece[sent:]
                conn.heard_at = time.monotonic()
        except BlockingIOError:
            return
        except OSError:
            self._drop(conn)
            return
        self._forget(conn)
        answer.file.close()
        if not conn.is_kept:
            self._close(conn)
        elif conn.request.rest:
            self._wait(conn, conn.request.rest)
        else:
            self._keep(conn)

    def _keep(self, conn: _Connection) -> None:
        """Wait for the client's next request, as gunicorn does."""
        conn.set_timeout()
        if not self.alive:
            conn.timeout = min(conn.timeout, time.monotonic() + STOP_SECONDS)
        self.keepalived_conns.append(conn)
        self.poller.register(
            conn.sock, selectors.EVENT_READ, partial(self.on_client_socket_readable, conn)
        )

    def murder_pending(self) -> None:
        """End what takes too long. The loop calls it at least once a second."""
        super().murder_pending()
        now = time.monotonic()
        for conn in [conn for conn in self.arriving if self._is_late(conn, now)]:
            self._refuse(conn, HTTPStatus.REQUEST_TIMEOUT)
        stuck = [conn for conn in self.answering if self._is_stuck(conn, now)]
        for conn in [*stuck, *(conn for conn in self.closing if conn.closes_at < now)]:
            self._drop(conn)
        # Full: those who were waited for longest make room, so that a quick client gets in.
        excess = self.nr_conns - self.worker_connections * 9 // 10
        if excess > 0:
            for conn in self._longest_waiting(excess):
                self._refuse(conn, HTTPStatus.SERVICE_UNAVAILABLE)

    def _longest_waiting(self, count: int) -> list[_Connection]:
        return sorted(self.arriving, key=lambda conn: conn.begun_at)[:count]

    # --- A request arrives ---

    def _wait(self, conn: _Connection, data: bytes = b"") -> None:
        conn.request = ArrivingRequest(self.limits)
        conn.begun_at = conn.heard_at = time.monotonic()
        self.arriving.add(conn)
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._on_bytes, conn))
        if data:
            self._take(conn, data)

    def _on_bytes(self, conn: _Connection, client: socket.socket) -> None:
        try:
            data = client.recv(PIECE)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if data:
            conn.heard_at = time.monotonic()
            self._take(conn, data)
        else:
            self._drop(conn)

    def _take(self, conn: _Connection, data: bytes) -> None:
        request = conn.request
        try:
            request.feed(data)
        except OSError as error:  # the disk is full
            self.log.error("A request cannot be collected: %s", error)
            self._refuse(conn, HTTPStatus.SERVICE_UNAVAILABLE)
            return
        if request.refusal:
            self._refuse(conn, request.refusal)
        elif request.is_whole:
            self._give_to_a_thread(conn)
        elif request.wants_continue:
            request.wants_continue = False
            self._send(conn, CONTINUE)

    def _is_late(self, conn: _Connection, now: float) -> bool:
        if not self.alive:  # the worker stops: only who is just sending is waited for
            return now - conn.heard_at > STOP_SECONDS
        if not conn.request.has_head:
            return now - conn.begun_at > HEAD_SECONDS
        return self._is_stuck(conn, now)

    @staticmethod
    def _is_stuck(conn: _Connection, now: float) -> bool:
        return now - conn.heard_at > SILENT_SECONDS or now - conn.begun_at > WHOLE_SECONDS

    def _give_to_a_thread(self, conn: _Connection) -> None:
        self._forget(conn)
        conn.answer = _Answer(conn.sock)
        conn.sock = conn.answer
        source = _WholeRequest(conn.request)
        if conn.parser is None:
            conn.parser = http.get_parser(self.cfg, source, conn.client)
            conn.initialized = conn.data_ready = True
        else:
            conn.parser.unreader = SocketUnreader(source)
        self.enqueue_req(conn)

    # --- A connection ends ---

    def _refuse(self, conn: _Connection, status: HTTPStatus) -> None:
        if conn.request.has_begun:
            words = REFUSALS[status].encode()
            head = (
                f"HTTP/1.1 {status.value} {status.phrase}\r\nConnection: close\r\n"
                f"Content-Type: text/plain; charset=utf-8\r\nContent-Length: {len(words)}\r\n\r\n"
            )
            self._send(conn, head.encode() + words)
        self._forget(conn)
        self._close(conn)

    def _close(self, conn: _Connection) -> None:
        """Say that nothing more comes, and let the client read it before the end (RFC 9112, 9.6).

        Gunicorn waits for the client in its loop, up to two seconds each, and accepts nobody else
        meanwhile.
        """
        conn.request.close()
        conn.closes_at = time.monotonic() + CLOSE_SECONDS
        try:
            conn.sock.setblocking(False)
            conn.sock.shutdown(socket.SHUT_WR)
            self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._on_last, conn))
        except (OSError, ValueError):  # the client, or an error, closed it already
            self._drop(conn)
        else:
            self.closing.add(conn)

    def _on_last(self, conn: _Connection, client: socket.socket) -> None:
        """Read and forget what a client still sends, until it closes."""
        try:
            if client.recv(PIECE):
                return
        except BlockingIOError:
            return
        except OSError:
            pass
        self._drop(conn)

    def _drop(self, conn: _Connection) -> None:
        self._forget(conn)
        conn.request.close()
        if conn.answer is not None:
            conn.answer.file.close()
        self.nr_conns -= 1
        conn.close()

    def _forget(self, conn: _Connection) -> None:
        """Listen no longer to a connection's socket."""
        self.arriving.discard(conn)
        self.answering.discard(conn)
        self.closing.discard(conn)
        with contextlib.suppress(KeyError, ValueError, OSError):
            self.poller.unregister(conn.sock)

    def _send(self, conn: _Connection, data: bytes) -> None:
        """Send a few bytes if the client takes them at once."""
        with contextlib.suppress(OSError):
            conn.sock.send(data)
