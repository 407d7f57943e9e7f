"""What the mock player knows of a title's course: chapters, opening titles and captions.

There is no film. The marks are made from the runtime alone, and only for invented titles: of
real ones nobody entered any. The captions say what is on the screen, which is a picture.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle

from django.utils.translation import gettext

from catalog.models import Episode, Title
from catalog.quality import finishing_seconds

# All in seconds. A shorter title has no marks.
SHORTEST_MARKED = 10 * 60
PART = 15 * 60
MOST_PARTS = 9
COLD_OPEN = 30
INTRO = 45
CAPTION_EVERY = 30
CAPTION_SHOWN = 8
# Captions of a title of unknown runtime end here.
CAPTIONED = 3 * 3600


@dataclass(frozen=True, slots=True)
class Chapter:
    """A mark on the seek bar: where it starts, in seconds, and its name."""

    start: int
    name: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """The marks of a title. `intro` is where its opening titles start and end, in seconds."""

    chapters: tuple[Chapter, ...] = ()
    intro: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Cue:
    """One caption, shown from `start` to `end` (seconds)."""

    start: int
    end: int
    text: str


def runtime_of(title: Title, episode: Episode | None) -> int | None:
    """Return the minutes of what is played, or None where they are unknown."""
    return episode.runtime_minutes if episode else title.runtime_minutes


def timeline_of(title: Title, episode: Episode | None) -> Timeline:
    """Return the marks of a film or an episode; none for real titles and for short ones."""
    minutes = runtime_of(title, episode)
    if not title.synthetic or minutes is None or minutes * 60 < SHORTEST_MARKED:
        return Timeline()
    closing = int(finishing_seconds(minutes))
    intro = (COLD_OPEN, COLD_OPEN + INTRO) if episode else (0, INTRO)
    opening = [Chapter(0, gettext("Cold open"))] if episode else []
    chapters = (
        *opening,
        Chapter(intro[0], gettext("Opening titles")),
        *_parts(intro[1], closing),
        Chapter(closing, gettext("Closing titles")),
    )
    return Timeline(chapters, intro if episode else None)


def _parts(start: int, end: int) -> Iterator[Chapter]:
    """Yield chapters of equal length, each about a quarter of an hour."""
    count = max(2, min(MOST_PARTS, round((end - start) / PART)))
    for number in range(count):
        name = gettext("Part %(number)s") % {"number": number + 1}
        yield Chapter(start + (end - start) * number // count, name)


def captions_of(title: Title, episode: Episode | None, picture: str) -> list[Cue]:
    """Return the captions of a film or an episode, in order.

    `picture` says what the picture on the screen shows, or is "". Where a chapter starts, its
    name is shown; in between, in turn, the picture and the sentences of the synopsis.
    """
    minutes = runtime_of(title, episode)
    end = CAPTIONED if minutes is None else minutes * 60
    named = {chapter.start: chapter.name for chapter in timeline_of(title, episode).chapters}
    starts = sorted({*named, *range(0, end, CAPTION_EVERY)})
    said = cycle(_lines(title, episode, picture))
    cues = []
    for start, following in zip(starts, [*starts[1:], end], strict=True):
        text = f"[{named[start]}]" if start in named else next(said)
        cues.append(Cue(start, min(start + CAPTION_SHOWN, following), text))
    return cues


def _lines(title: Title, episode: Episode | None, picture: str) -> Sequence[str]:
    shown = gettext("[On the screen: %(picture)s]") % {"picture": picture.rstrip(".") or title.name}
    synopsis = (episode and episode.synopsis) or title.synopsis
    told = [f"{sentence.strip().rstrip('.')}." for sentence in synopsis.split(". ")]
    return [shown, *(sentence for sentence in told if sentence != ".")]


def web_vtt(cues: Sequence[Cue]) -> str:
    """Return a WebVTT file (https://www.w3.org/TR/webvtt1/). Text is escaped, one line a cue."""
    blocks = [f"{_stamp(cue.start)} --> {_stamp(cue.end)}\n{_escaped(cue.text)}" for cue in cues]
    return "\n\n".join(["WEBVTT", *blocks]) + "\n"


def _stamp(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.000"


def _escaped(text: str) -> str:
    plain = " ".join(text.split())
    return plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
