"""Why this picture: the terms that the choice was made of, in numbers and in words.

Computed from the window and the model that chose, and compared with the title's other pictures.
A sentence stands for one term of the score. Where no term says anything, there is no sentence.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from catalog.models import Artwork, Title, Viewer
from personalization.bandit import policy
from personalization.bandit.arrays import Floats, Ints
from personalization.bandit.model import Model
from personalization.features.artworks import ArtworkIndex, index_at
from personalization.features.manifest import MANIFEST
from personalization.models import Keep, ShownShare
from personalization.models.journal import Policy, Standing
from personalization.rights.sentences import Reason, Sentences
from personalization.rights.watched import watched_titles_of
from personalization.serving import windows
from personalization.serving.chooser import choose_in_window, model_of
from personalization.serving.deciding import Decided
from personalization.serving.windows import Pinned

MOST_REASONS = 4
WORTH_SAYING = 1e-3  # of log-odds; what contributed less is no reason
TENTHS = 1000  # of a percent in a whole


@dataclass(frozen=True, slots=True)
class Option:
    """One picture of the title: its chance for this viewer, and for a viewer without history.

    `percent` and `percent_elsewhere` are rounded to a tenth, so that all of a title add up to 100.
    `share` is what `journal.shares` kept of how many viewers saw it last.
    """

    artwork: Artwork
    probability: float
    elsewhere: float
    shown: bool
    percent: float
    percent_elsewhere: float
    share: ShownShare | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """How one choice came about.

    Attributes:
        options: the title's pictures, the likeliest first.
        reasons: the terms of the score, the strongest first; empty unless the choice is personal.
        keep: the viewer's own order for the title. Where it is honoured, the rest says what the
            system would have chosen.
        honoured: whether the picture shown is the one that the order asks for.
    """

    standing: Standing
    policy: str
    options: list[Option]
    reasons: list[Reason]
    history_length: int
    opened_at: datetime
    keep: Keep | None = None
    honoured: bool = False

    @property
    def is_even(self) -> bool:
        """Say whether every picture had the same chance."""
        chances = [option.probability for option in self.options]
        return bool(np.isclose(min(chances), max(chances), rtol=0, atol=1e-12))

    @property
    def against_the_odds(self) -> bool:
        """Say whether the draw fell on a picture although another was likelier."""
        likeliest = max(option.probability for option in self.options)
        return any(option.shown and option.probability < likeliest for option in self.options)


def explain(viewer: Viewer, title: Title, *, now: datetime) -> Explanation | None:
    """Explain the current choice for one title; None where it has no picture.

    Where the viewer keeps a picture, the chances are those without the viewer's order.
    """
    pinned = windows.current(viewer, now=now)
    asked = np.array([title.pk])
    decided = choose_in_window(viewer, replace(pinned, keeps={}), asked)
    if not decided:
        return None
    choice = decided[0]
    shown = choose_in_window(viewer, pinned, asked)[0]
    index = index_at(pinned.revision)
    model, _ = model_of(pinned.window, index)
    places = index.places_of(choice.artworks)
    is_personal = choice.policy == Policy.CONTEXTUAL and len(places) > 1
    return Explanation(
        standing=choice.standing,
        policy=choice.policy,
        options=_options(choice, _for_others(model, index, places), shown.artwork_id),
        # Reasons are those of the picture shown, so one that the viewer chose has none.
        reasons=_reasons(viewer, pinned, model, index, places, choice.chosen)
        if model is not None and is_personal and shown.standing != Standing.KEEPS
        else [],
        history_length=pinned.state.history_length,
        opened_at=pinned.window.opened_at,
        keep=Keep.objects.filter(viewer=viewer, title=title).first(),
        honoured=shown.standing == Standing.KEEPS,
    )


def percentages(probabilities: Sequence[float] | Floats) -> list[float]:
    """Round probabilities that sum to one to tenths of a percent that sum to 100.

    By the largest remainder (Hamilton's method): none is off by a tenth or more.
    """
    exact = np.asarray(probabilities, np.float64) * TENTHS
    tenths = np.floor(exact)
    missing = round(float(exact.sum() - tenths.sum()))
    tenths[np.argsort(tenths - exact, kind="stable")[:missing]] += 1
    return [float(each) / 10 for each in tenths]


def _options(choice: Decided, elsewhere: Floats, shown: int) -> list[Option]:
    """Return the pictures, and with them one that the viewer keeps although it is new."""
    listed = [*choice.artworks.tolist(), shown]
    artworks = Artwork.objects.select_related("shown_share").in_bulk(listed)
    columns = list(
        zip(
            choice.artworks.tolist(),
            choice.probabilities.tolist(),
            elsewhere.tolist(),
            percentages(choice.probabilities),
            percentages(elsewhere),
            strict=True,
        )
    )
    if shown not in choice.artworks:
        columns.append((shown, 0.0, 0.0, 0.0, 0.0))
    options = [
        Option(
            artworks[pk],
            chance,
            other,
            pk == shown,
            percent,
            percent_other,
            getattr(artworks[pk], "shown_share", None),
        )
        for pk, chance, other, percent, percent_other in columns
    ]
    return sorted(options, key=lambda option: -option.probability)


def _for_others(model: Model | None, index: ArtworkIndex, places: Ints) -> Floats:
    """Return the probabilities for a viewer without history: (K,)."""
    start = np.zeros(1, np.int64)
    if model is None:
        return policy.uniform(start, len(places))
    rows = index.rank[places]
    return model.explored(np.asarray(model.context_free[rows]), rows, start)


def _reasons(
    viewer: Viewer, pinned: Pinned, model: Model, index: ArtworkIndex, places: Ints, chosen: int
) -> list[Reason]:
    """Return the strongest terms that set the picture apart from the title's other pictures."""
    state, rows = pinned.state, index.rank[places]
    terms = _apart(model.weights[rows][:, 1 : 1 + len(state.vector)] * state.vector, chosen)
    match = index.match(state.people, state.weights, places)
    cast = float(_apart((model.weights[rows, -1] * match)[:, None], chosen)[0])
    rarity = float(_apart(model.bonuses[rows][:, None], chosen)[0])
    sentences = Sentences(watched_titles_of(viewer, at=pinned.window.opened_at))
    people = _depicted_and_watched(index, places[chosen], state.people)
    effects = sorted(
        [
            *(
                (float(effect), name, None)
                for name, effect in zip(MANIFEST.context, terms, strict=True)
            ),
            (cast, "", people),
            (rarity, "rarity", None),
        ],
        key=lambda effect: -abs(effect[0]),
    )
    reasons: list[Reason] = []
    for effect, name, depicted in effects:
        if abs(effect) < WORTH_SAYING or len(reasons) == MOST_REASONS:
            break
        if depicted is not None:
            reason = sentences.of_cast(depicted, effect)
        elif name == "rarity":
            reason = sentences.of_rarity(effect)
        else:
            reason = sentences.of_feature(name, effect)
        if reason is not None:
            reasons.append(reason)
    return reasons


def _apart(terms: Floats, chosen: int) -> Floats:
    """Return the chosen picture's terms less the mean of the others': (D,) of (K, D)."""
    others = np.delete(terms, chosen, axis=0)
    return np.asarray(terms[chosen] - others.mean(axis=0))


def _depicted_and_watched(index: ArtworkIndex, place: int, people: Ints) -> list[int]:
    """Return the people whom a picture shows and the viewer has watched."""
    depicted = index.cast_people[index.cast_indptr[place] : index.cast_indptr[place + 1]]
    return sorted(set(depicted.tolist()) & set(people.tolist()))
