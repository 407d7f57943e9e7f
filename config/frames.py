"""Gives a request's Python frames one piece of memory.

CPython 3.11 keeps the frames of a thread in pieces of 16 KB, and gives a piece back to the system
as soon as the last frame in it returns. A loop that runs just below the end of a piece gets and
returns memory with each call that it makes. Below twenty middlewares home's template did:
rendering took twice its time, with 4,000 page faults. A frame that is larger than a piece gets one
of twice its size, and whatever it calls shares the rest of that.
"""

from collections.abc import Callable
from types import FunctionType

from django.http import HttpRequest, HttpResponse

GetResponse = Callable[[HttpRequest], HttpResponse]
# Of 8 bytes each. The rest of the piece, as large again, holds a thousand frames and more; memory
# that no frame reaches is never used.
SLOTS = 2**15


def _call(function: GetResponse, request: HttpRequest) -> HttpResponse:
    return function(request)


_call_with_room = FunctionType(_call.__code__.replace(co_stacksize=SLOTS), globals())


class RoomForFramesMiddleware:
    """Calls all that is below it with room for its frames."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response: HttpResponse = _call_with_room(self.get_response, request)
        return response
