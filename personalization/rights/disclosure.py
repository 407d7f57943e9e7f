"""How pictures are chosen, for everybody: made from the model that serves, and from nothing else.

A parameter's weight is the mean square of its term in the score, over viewers and pictures. What
all pictures of a title share is taken away: that does not choose. What all viewers share of a term
counts as how the picture does with everybody. Weights are given as shares.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
from django.core.cache import cache
from django.utils.translation import gettext_noop as _

from catalog.models import ArtworkRevision, Viewer
from personalization.bandit.arrays import Floats
from personalization.bandit.model import Model
from personalization.features.artworks import ArtworkIndex, index_at
from personalization.features.manifest import MANIFEST
from personalization.journal.shares import FEWEST, coarse_shares
from personalization.models import ModelVersion, Window
from personalization.release import auditing
from personalization.release.conditions import ConditionState
from personalization.rights.explanations import percentages
from personalization.serving.models import ModelUnusable, scoring
from personalization.serving.windows import state_of

SAMPLE = 300  # of the newest windows
KEPT_SECONDS = 3600
KEY = "personalization.disclosure.{}"
# What stands for a number of the viewer vector, by the first part of its name. In English: the page
# is kept for all languages, and its template translates them.
CONTEXT_WORDS = {
    "genre": _("The genres that you watch"),
    "mood": _("The moods of what you watch"),
    "era": _("The years that what you watch is from"),
    "series": _("Whether you watch series or films"),
    "length": _("How much you have watched"),
    "breadth": _("How varied it is"),
}
CAST = _("Actors whom you have watched and the picture shows")
EVERYBODY = _("How well the picture does with everybody")
RARITY = _("How seldom the picture was shown")


@dataclass(frozen=True, slots=True)
class Parameter:
    """What counts in a choice, and its share in percent; all shares add up to 100."""

    words: str
    percent: float


@dataclass(frozen=True, slots=True)
class AuditHeadline:
    """How the audit of the serving model came out: how many bounds it kept, and what it says."""

    kept: int
    broken: int
    unknown: int
    failed: bool

    @property
    def tested(self) -> int:
        return self.kept + self.broken + self.unknown


@dataclass(frozen=True, slots=True)
class Disclosure:
    """What the public page says.

    Attributes:
        model: the one that serves; None before the first.
        parameters: the heaviest first; empty where too few viewers or no model would be shown.
        audit: None where there is no verdict.
        opted_out: percent of the profiles without personalisation, in steps of ten; None where
            fewer than ten profiles would show.
    """

    model: ModelVersion | None
    parameters: list[Parameter]
    trained: tuple[date, date] | None
    audit: AuditHeadline | None
    opted_out: int | None
    made_at: datetime


def disclosure(*, now: datetime) -> Disclosure:
    """Return what the public page says; it is made anew once an hour and for each new model."""
    model = ModelVersion.objects.serving()
    key = KEY.format(model.sha256 if model else "none")
    found: Disclosure | None = cache.get(key)
    if found is None:
        found = _made(model, now)
        cache.set(key, found, KEPT_SECONDS)
    return found


def _made(model: ModelVersion | None, now: datetime) -> Disclosure:
    days = list(model.days.order_by("day").values_list("day", flat=True)) if model else []
    return Disclosure(
        model=model,
        parameters=_parameters(model) if model else [],
        trained=(days[0], days[-1]) if days else None,
        audit=_audit(model) if model else None,
        opted_out=_opted_out(),
        made_at=now,
    )


def _parameters(version: ModelVersion) -> list[Parameter]:
    revision = ArtworkRevision.objects.values_list("number", flat=True).first() or 0
    index = index_at(revision)
    windows = list(
        Window.objects.filter(manifest_digest=MANIFEST.digest)
        .order_by("-opened_at")
        .select_related(None)[:SAMPLE]
    )
    if len({window.viewer_id for window in windows}) < FEWEST:
        return []
    try:
        model = scoring(version, index)
    except ModelUnusable:
        return []
    squares = _squares(model, index, windows)
    total = sum(squares.values())
    if not total:
        return []
    ordered = sorted(squares.items(), key=lambda each: -each[1])
    percents = percentages([square / total for _, square in ordered])
    return [
        Parameter(words, percent)
        for (words, _), percent in zip(ordered, percents, strict=True)
        if percent
    ]


def _squares(model: Model, index: ArtworkIndex, windows: list[Window]) -> dict[str, float]:
    """Return the mean square of each parameter's term, within titles.

    A term that is the same for all viewers, say of a number that hardly differs between them,
    tells no viewers apart: its mean over them counts for everybody.
    """
    rows = index.rank
    titles = np.repeat(np.arange(len(index.title_ids)), np.diff(index.starts))
    states = [state_of(window) for window in windows]
    vectors = np.stack([state.vector for state in states])
    weights = _within(model.weights[rows], titles)
    context = (weights[:, 1:-1] ** 2).mean(axis=0) * vectors.var(axis=0)
    places = np.arange(len(index.artwork_ids))
    mean, square = np.zeros(len(places)), 0.0
    for state in states:
        match = index.match(state.people, state.weights, places)
        cast = _within((model.weights[rows, -1] * match)[:, None], titles)[:, 0]
        mean += cast / len(states)
        square += float((cast**2).mean()) / len(states)
    shared = weights[:, 0] + weights[:, 1:-1] @ vectors.mean(axis=0) + mean
    found = {
        EVERYBODY: float((shared**2).mean()),
        CAST: max(0.0, square - float((mean**2).mean())),
        RARITY: float((_within(model.bonuses[rows][:, None], titles) ** 2).mean()),
    }
    for name, own in zip(MANIFEST.context, context, strict=True):
        words = CONTEXT_WORDS[name.partition(":")[0]]
        found[words] = found.get(words, 0.0) + float(own)
    return found


def _within(values: Floats, titles: np.ndarray[Any, Any]) -> Floats:
    """Return values less their title's mean: (A, D). What all pictures share does not choose."""
    sums = np.zeros((int(titles.max(initial=-1)) + 1, values.shape[1]))
    np.add.at(sums, titles, values)
    counts = np.bincount(titles, minlength=len(sums))[:, None]
    return np.asarray(values - (sums / np.maximum(counts, 1))[titles])


def _audit(model: ModelVersion) -> AuditHeadline | None:
    """Return the verdict's headline. What it says of single groups stays with the auditors."""
    auditor = auditing.auditor()
    verdict = auditor.verdict(model.pk) if auditor else None
    if verdict is None:
        return None
    states = [condition.state for condition in verdict.conditions]
    return AuditHeadline(
        kept=states.count(ConditionState.KEPT),
        broken=states.count(ConditionState.BROKEN),
        unknown=states.count(ConditionState.UNKNOWN),
        failed=verdict.failed,
    )


def _opted_out() -> int | None:
    off = Viewer.objects.filter(personalised=False).count()
    return coarse_shares({0: Viewer.objects.count() - off, 1: off})[1]
