"""When a play counts as a quality play."""

from django.conf import settings


def quality_seconds(runtime_minutes: int) -> float:
    """Return how many seconds of a title must be played for a quality play.

    QUALITY_SECONDS, or QUALITY_SHARE of the runtime where that is less.
    """
    return min(settings.QUALITY_SECONDS, settings.QUALITY_SHARE * runtime_minutes * 60)


def finishing_seconds(runtime_minutes: int) -> float:
    """Return the position from which a play counts as finished: the closing credits run.

    The last five percent, but never more than five minutes before the end.
    """
    runtime = runtime_minutes * 60
    return max(0.95 * runtime, runtime - 300)
