"""The viewer vector in words."""

from dataclasses import dataclass

from catalog.models import Genre, Mood, Viewer
from personalization.features.manifest import MANIFEST
from personalization.models import Window
from personalization.serving.windows import state_of

LEAST = 0.005  # of a share; less is shown as nothing


@dataclass(frozen=True, slots=True)
class VectorLine:
    """One number of the viewer vector, in words, from 0 to 100."""

    words: str
    percent: float


def vector_in_words(viewer: Viewer) -> tuple[Window | None, list[VectorLine]]:
    """Return the viewer's newest window and the numbers in it that are not zero, largest first."""
    window = (
        Window.objects.filter(viewer=viewer, manifest_digest=MANIFEST.digest, released_at=None)
        .order_by("-opened_at", "-pk")
        .first()
    )
    if window is None:
        return None, []
    names = dict(Genre.objects.values_list("slug", "name"))
    moods = dict(Mood.objects.values_list("slug", "name"))
    lines = [
        VectorLine(_words(name, names, moods), 100 * value)
        for name, value in zip(MANIFEST.context, state_of(window).vector.tolist(), strict=True)
        if value >= LEAST
    ]
    return window, sorted(lines, key=lambda line: -line.percent)


def _words(feature: str, genres: dict[str, str], moods: dict[str, str]) -> str:
    kind, _, value = feature.partition(":")
    if kind == "genre":
        return f"Of the genre {genres.get(value, value).lower()}"
    if kind == "mood":
        return f"Of the mood {moods.get(value, value).lower()}"
    if kind == "era":
        first, _, last = value.partition("-")
        if first == "0":
            return f"From before {int(last) + 1}"
        return f"From {first} or later" if last == "9999" else f"From {first} to {last}"
    return {
        "series": "Series",
        "length": "How long your history is (100 is a thousand titles)",
        "breadth": "How varied it is (100 is all genres alike)",
    }[kind]
