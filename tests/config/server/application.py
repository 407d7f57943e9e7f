"""A small WSGI application for the worker's tests: says what it was sent."""

import hashlib
import os
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


def application(environ, start_response):
    path = environ["PATH_INFO"]
    if path == "/busy":
        time.sleep(0.5)
    if path == "/breaks":
        raise RuntimeError("broken on purpose")
    body = environ["wsgi.input"].read()
    if path == "/large":
        answer = b"x" * 8_000_000
    else:
        answer = f"{path} {len(body)} {hashlib.sha256(body).hexdigest()}".encode()
    start_response("200 OK", [("Content-Length", str(len(answer)))])
    return [answer]
