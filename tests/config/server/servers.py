"""A gunicorn of the tests' own on 127.0.0.1, with the configuration that is shipped."""

import os
import resource
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing, contextmanager

from config import paths

PATIENCE = 90  # seconds: a machine may be busy, and the first start compiles


class Server:
    """A gunicorn; `limit` is a limit of the system for it, as resource.setrlimit takes one."""

    def __init__(self, application, folder, *options, limit=None, **environment):
        with closing(socket.socket()) as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.log = folder / "gunicorn.log"
        command = [sys.executable, "-m", "gunicorn", application, "--config", "gunicorn.conf.py",
                   f"--bind=127.0.0.1:{self.port}", *options]  # fmt: skip
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command, cwd=paths.BASE, env=os.environ | environment, stdout=log, stderr=log,
                start_new_session=True, preexec_fn=limit and (lambda: resource.setrlimit(*limit)),
            )  # fmt: skip

    def wait(self, path="/"):
        deadline = time.monotonic() + PATIENCE
        while True:
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < deadline, self.log.read_text()
            try:
                if self.get(path).startswith(b"HTTP/1.1 200"):
                    return self
            except OSError:
                time.sleep(0.1)

    def connect(self, timeout=30):
        client = socket.create_connection(("127.0.0.1", self.port), timeout)
        client.settimeout(timeout)
        return client

    def send(self, data, timeout=30):
        """Send bytes on a connection of their own and return all that comes back."""
        with closing(self.connect(timeout)) as client:
            client.sendall(data)
            return read_all(client)

    def get(self, path, timeout=30, **headers):
        lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
        return self.send(
            f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{lines}\r\n".encode(),
            timeout,
        )

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()


def read_all(client):
    pieces = []
    while piece := client.recv(65536):
        pieces.append(piece)
    return b"".join(pieces)


def read_answer(client):
    """Read one answer with a Content-Length; the connection stays open."""
    data = b""
    while b"\r\n\r\n" not in data:
        piece = client.recv(65536)
        assert piece, data
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
    while len(body) < length:
        body += client.recv(65536)
    return head, body


@contextmanager
def serving(application, folder, *options, limit=None, **environment):
    server = Server(application, folder, *options, limit=limit, **environment)
    try:
        yield server
    finally:
        server.stop()
