"""One HTTP/1.1 request as its bytes arrive: where it ends, and whether it may go on.

This only finds a request's end. Gunicorn parses the same bytes afterwards, strictly, and reads
nothing else: where the two disagree, the request is refused or ends early, and is never answered
with another's bytes.
"""

import re
import tempfile
from dataclasses import dataclass
from http import HTTPStatus
from typing import IO

END_OF_HEAD = b"\r\n\r\n"
CONTENT_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*([0-9]{1,18})[ \t]*(?=\r\n)", re.IGNORECASE)
TRANSFER_ENCODING = re.compile(rb"\r\ntransfer-encoding[ \t]*:", re.IGNORECASE)
EXPECTS_CONTINUE = re.compile(rb"\r\nexpect:[ \t]*100-continue[ \t]*(?=\r\n)", re.IGNORECASE)
IN_MEMORY = 64 * 1024  # bytes; more of a request waits in a temporary file


@dataclass(frozen=True)
class Limits:
    """The most bytes that a request may have: before its body, and in its body."""

    head: int
    body: int


class ArrivingRequest:
    """Collects a request's bytes until it is whole.

    Attributes:
        is_whole: all its bytes are here.
        refusal: the status with which it must be refused, if it must.
        rest: bytes that arrived behind it: the beginning of the client's next request.
        wants_continue: the client waits for a word before it sends the body.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.is_whole = False
        self.refusal: HTTPStatus | None = None
        self.rest = b""
        self.wants_continue = False
        self._head = b""
        self._missing: int | None = None  # bytes of the body; None before the head's end
        self._file: IO[bytes] | None = None

    @property
    def has_begun(self) -> bool:
        return bool(self._head) or self._missing is not None

    @property
    def has_head(self) -> bool:
        return self._missing is not None

    def feed(self, data: bytes) -> None:
        """Take the next bytes of the connection."""
        if self._missing is None:
            # The end may lie across two pieces.
            begin = max(0, len(self._head) - len(END_OF_HEAD) + 1)
            self._head += data
            end = self._head.find(END_OF_HEAD, begin)
            if end < 0 or end > self.limits.head:
                if len(self._head) > self.limits.head:
                    self.refusal = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
                return
            end += len(END_OF_HEAD)
            self._head, data = self._head[:end], self._head[end:]
            self._begin_body()
        if self.refusal is None:
            self._take_body(data)

    def file(self) -> IO[bytes]:
        """Return the whole request, to be read from its beginning."""
        assert self.is_whole and self._file is not None
        self._file.seek(0)
        return self._file

    def close(self) -> None:
        """Forget the bytes."""
        self._head = b""
        if self._file is not None:
            self._file.close()

    def _begin_body(self) -> None:
        if TRANSFER_ENCODING.search(self._head):
            # Django reads no body without a length, so it would silently be lost.
            self.refusal = HTTPStatus.LENGTH_REQUIRED
            return
        lengths = set(CONTENT_LENGTH.findall(self._head))
        # Where lengths contradict each other, gunicorn refuses the head.
        self._missing = int(lengths.pop()) if len(lengths) == 1 else 0
        if self._missing > self.limits.body:
            self.refusal = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
            return
        self.wants_continue = bool(self._missing and EXPECTS_CONTINUE.search(self._head))
        # Open until close(): longer than any block here.
        self._file = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115
        self._file.write(self._head)

    def _take_body(self, data: bytes) -> None:
        assert self._missing is not None and self._file is not None
        self._file.write(data[: self._missing])
        self.rest = data[self._missing :]
        self._missing -= len(data) - len(self.rest)
        self.is_whole = self._missing == 0
        if data:
            self.wants_continue = False
