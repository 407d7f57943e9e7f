"""A request's frames have one piece of memory, however deep the request begins."""

import resource
from functools import partial

from config.frames import RoomForFramesMiddleware

CALLS = 1_000


def below(depth, function):
    """Call a function below so many frames."""
    return below(depth - 1, function) if depth else function()


def page_faults(function):
    before = resource.getrusage(resource.RUSAGE_THREAD).ru_minflt
    function()
    return resource.getrusage(resource.RUSAGE_THREAD).ru_minflt - before


def calls(_request=None):
    for _ in range(CALLS):
        below(2, int)


def test_it_asks_the_system_for_no_memory_with_each_call():
    roomy = RoomForFramesMiddleware(calls)
    faults = [page_faults(partial(below, depth, partial(roomy, None))) for depth in range(200)]
    most = max(faults)
    assert most < CALLS / 10


def test_it_gives_back_what_is_below_it():
    assert RoomForFramesMiddleware(lambda request: request * 2)(21) == 42
