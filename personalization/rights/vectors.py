"""The viewer vector in words."""

from dataclasses import dataclass

from django.utils.translation import gettext

from catalog.models import Genre, Mood, Viewer
from personalization.features.manifest import MANIFEST
from personalization.models import Window
from personalization.rights.kinds import kind_of
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
    names = {
        "genre": dict(Genre.objects.values_list("slug", "name")),
        "mood": dict(Mood.objects.values_list("slug", "name")),
    }
    lines = [
        VectorLine(_words(name, names.get(name.partition(":")[0], {})), 100 * value)
        for name, value in zip(MANIFEST.context, state_of(window).vector.tolist(), strict=True)
        if value >= LEAST
    ]
    return window, sorted(lines, key=lambda line: -line.percent)


def _words(feature: str, names: dict[str, str]) -> str:
    if feature == "length":
        return gettext("How long your history is (100 is a thousand titles)")
    if feature == "breadth":
        return gettext("How varied it is (100 is all genres alike)")
    return kind_of(feature, names)
