"""The feature manifest: an allow-list of every number that a choice may depend on.

A number that is not listed here is not computed, stored or learnt from. Every window, sealed day
and model keeps the digest of its manifest. A model is refused under another manifest.
"""

import hashlib
import json
from dataclasses import asdict, dataclass

GENRES = (
    "action", "adventure", "animation", "childrens", "comedy", "crime", "documentary", "drama",
    "fantasy", "film-noir", "horror", "musical", "mystery", "romance", "sci-fi", "thriller",
    "war", "western",
)  # fmt: skip
MOODS = ("tense", "warm", "playful", "dark", "epic", "tender")
ERAS = ((0, 1959), (1960, 1979), (1980, 1999), (2000, 9999))  # first and last year of each
KINDS = ("lead", "ensemble", "supporting", "moment", "scene", "type")


@dataclass(frozen=True)
class Manifest:
    """What a viewer vector and an artwork's features are made of.

    Attributes:
        name: a name for people; it changes when the meaning does. context: names of the viewer
        vector's numbers, in order. artwork: names of an artwork's features, in order. reads: the
        fields that may be read to compute them: nothing else. half_life_days: after so long, a play
        counts half. people_kept: how many people a viewer's affinity names at the most.
    """

    name: str
    context: tuple[str, ...]
    artwork: tuple[str, ...]
    reads: tuple[str, ...]
    half_life_days: float
    people_kept: int

    @property
    def width(self) -> int:
        """Length of the viewer vector."""
        return len(self.context)

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical JSON, in hex."""
        text = json.dumps(asdict(self), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


MANIFEST = Manifest(
    name="watching-1",
    context=(
        *(f"genre:{slug}" for slug in GENRES),
        *(f"mood:{slug}" for slug in MOODS),
        *(f"era:{first}-{last}" for first, last in ERAS),
        "series",
        "length",
        "breadth",
    ),
    artwork=(
        *(f"kind:{kind}" for kind in KINDS),
        *(f"mood:{slug}" for slug in MOODS),
        "people",
        "prominence",
    ),
    reads=(
        "WatchEvent.title", "WatchEvent.started_at", "WatchEvent.watched_seconds",
        "WatchEvent.quality_at", "Title.genres", "Title.moods", "Title.year", "Title.kind",
        "Title.runtime_minutes", "Credit.person", "Credit.billing", "Artwork.kind",
        "Artwork.moods", "Artwork.depicted",
    ),
    half_life_days=90.0,
    people_kept=64,
)  # fmt: skip
NAME, WIDTH, DIGEST = MANIFEST.name, MANIFEST.width, MANIFEST.digest
