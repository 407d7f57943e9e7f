"""When a play counts as a quality play, and when it counts as finished.

A runtime of None is unknown: nobody entered one.
"""

import math

from django.conf import settings

# A play of unknown runtime ends here: a runtime is a PositiveSmallIntegerField of minutes.
LONGEST_RUNTIME_SECONDS = 32_767 * 60


def quality_seconds(runtime_minutes: int | None) -> float:
    """Return how many seconds of a title must be played for a quality play.

    QUALITY_SECONDS, or QUALITY_SHARE of the runtime where that is less. With an
    unknown runtime, QUALITY_SECONDS alone.
    """
    enough: float = settings.QUALITY_SECONDS
    if runtime_minutes is None:
        return enough
    return min(enough, settings.QUALITY_SHARE * runtime_minutes * 60)


def finishing_seconds(runtime_minutes: int | None) -> float:
    """Return the position in seconds from which a play counts as finished.

    This is where the closing credits usually run: the last five percent, but
    never more than five minutes before the end. A play of unknown runtime never
    counts as finished, so the result is infinity.
    """
    if runtime_minutes is None:
        return math.inf
    runtime = runtime_minutes * 60
    return max(0.95 * runtime, runtime - 300)


def is_over(position_seconds: int, runtime_minutes: int | None) -> bool:
    """Say whether nothing is left to resume from a position.

    A play keeps what it was by the runtime of its time. Editors may enter a runtime later, or
    correct it, and then the position may lie behind the end.
    """
    return position_seconds >= finishing_seconds(runtime_minutes)


def longest_seconds(runtime_minutes: int | None) -> int:
    """Return the last position in seconds that a play can reach."""
    return LONGEST_RUNTIME_SECONDS if runtime_minutes is None else runtime_minutes * 60
