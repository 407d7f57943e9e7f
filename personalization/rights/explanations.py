"""Why this picture: the reasons actually applied, in numbers and in words.

Computed from the same window row and model that chose, not told afterwards.
"""

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from catalog.models import Artwork, Genre, Mood, Person, Title, Viewer
from personalization.bandit import policy
from personalization.bandit.arrays import Floats, Ints
from personalization.bandit.model import Model
from personalization.features.artworks import ArtworkIndex, index_at
from personalization.features.manifest import MANIFEST
from personalization.features.vectors import ViewerState
from personalization.models.journal import Policy, Standing
from personalization.serving import windows
from personalization.serving.chooser import choose_in_window, model_of

MOST_REASONS = 4
WORTH_SAYING = 1e-3  # of log-odds; what contributed less is no reason


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that spoke for the picture shown, or against it.

    All are of the viewer's history but one: how seldom the picture itself was shown.
    """

    words: str
    effect: float  # in log-odds, against the title's other pictures


@dataclass(frozen=True, slots=True)
class Option:
    """One picture of the title: its chance for this viewer, and for a viewer without history."""

    artwork: Artwork
    probability: float
    elsewhere: float
    shown: bool


@dataclass(frozen=True, slots=True)
class Explanation:
    standing: Standing
    policy: str
    options: list[Option]
    reasons: list[Reason]
    history_length: int
    opened_at: datetime

    @property
    def against_the_odds(self) -> bool:
        """Say whether the draw fell on a picture although another was likelier."""
        likeliest = max(option.probability for option in self.options)
        return any(option.shown and option.probability < likeliest for option in self.options)


def explain(viewer: Viewer, title: Title, *, now: datetime) -> Explanation | None:
    """Explain the current choice for one title; None where it has no picture."""
    pinned = windows.current(viewer, now=now)
    decided = choose_in_window(viewer, pinned, np.array([title.pk]))
    if not decided:
        return None
    choice = decided[0]
    index = index_at(pinned.revision)
    model, _ = model_of(pinned.window, index)
    places = index.places_of(choice.artworks)
    artworks = Artwork.objects.in_bulk(choice.artworks.tolist())
    elsewhere = _for_others(model, index, places)
    return Explanation(
        standing=choice.standing,
        policy=choice.policy,
        options=[
            Option(artworks[int(pk)], float(p), float(other), at == choice.chosen)
            for at, (pk, p, other) in enumerate(
                zip(choice.artworks, choice.probabilities, elsewhere, strict=True)
            )
        ],
        reasons=_reasons(model, index, places, choice.chosen, pinned.state)
        if model is not None and choice.policy == Policy.CONTEXTUAL
        else [],
        history_length=pinned.state.history_length,
        opened_at=pinned.window.opened_at,
    )


def _for_others(model: Model | None, index: ArtworkIndex, places: Ints) -> Floats:
    """Return the probabilities of who has no history here: (K,)."""
    start = np.zeros(1, np.int64)
    if model is None:
        return policy.uniform(start, len(places))
    rows = index.rank[places]
    return model.explored(np.asarray(model.context_free[rows]), rows, start)


def _reasons(
    model: Model, index: ArtworkIndex, places: Ints, chosen: int, state: ViewerState
) -> list[Reason]:
    """Return what set the picture shown apart from the mean of the title's pictures."""
    rows = index.rank[places]
    weights = model.weights[rows]
    apart = weights[chosen] - weights.mean(axis=0)
    named = _names()
    effects = [
        (float(apart[1 + at] * state.vector[at]), named[name])
        for at, name in enumerate(MANIFEST.context)
    ]
    match = index.match(state.people, state.weights, places)
    cast = float(weights[chosen, -1] * match[chosen] - (weights[:, -1] * match).mean())
    effects.append((cast, _cast_words(index, places[chosen], state)))
    effects.append(_seldom(model.hopes[rows], chosen))
    strong = sorted((e for e in effects if e[1] and abs(e[0]) >= WORTH_SAYING), key=_strength)
    return [Reason(words, effect) for effect, words in strong[:MOST_REASONS]]


def _seldom(hopes: Floats, chosen: int) -> tuple[float, str]:
    """Return what the doubt about the picture shown was worth, which it has the benefit of."""
    effect = float(hopes[chosen] - hopes.mean())
    often = "how often" if effect < 0 else "how seldom"
    return effect, f"{often} this picture has been shown to anybody so far"


def _strength(effect: tuple[float, str]) -> float:
    return -abs(effect[0])


def _names() -> dict[str, str]:
    """Return words for each number of the viewer vector."""
    genres = dict(Genre.objects.values_list("slug", "name"))
    moods = dict(Mood.objects.values_list("slug", "name"))
    words: dict[str, str] = {
        "series": "how many series you watch",
        "length": "how much you have watched",
        "breadth": "how varied your watching is",
    }
    for feature in MANIFEST.context:
        kind, _, value = feature.partition(":")
        if kind == "genre":
            words[feature] = f"how much {genres.get(value, value).lower()} you watch"
        elif kind == "mood":
            words[feature] = f"how many {moods.get(value, value).lower()} titles you watch"
        elif feature.startswith("era"):
            first, _, last = feature.removeprefix("era:").partition("-")
            span = f"before {int(last) + 1}" if first == "0" else f"from {first} to {last}"
            words[feature] = f"how many titles {span.replace(' to 9999', ' on')} you watch"
    return words


def _cast_words(index: ArtworkIndex, place: int, state: ViewerState) -> str:
    """Name the depicted people whom the viewer has watched."""
    depicted = index.cast_people[index.cast_indptr[place] : index.cast_indptr[place + 1]]
    known = sorted(set(depicted.tolist()) & set(state.people.tolist()))
    names = list(Person.objects.filter(pk__in=known).values_list("name", flat=True))
    return f"that you have watched {' and '.join(names)}" if names else ""
