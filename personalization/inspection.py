"""The one door, beside the models, by which `audits` reads personalization. It only reads.

An audit measures the policy itself: for a panel of viewers and a slate of titles it reads
every probability that a model version gives, without any traffic. Beside that it reads what
the panel watched, what was really shown, and the logged decisions that judge a model.
"""

import hashlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from django.db.models import Count

from catalog.models import Viewer, WatchEvent
from personalization.bandit import estimators
from personalization.bandit.arrays import Floats, Ints
from personalization.evaluation import policies
from personalization.features.artworks import read_index
from personalization.features.history import Replaced, watched
from personalization.features.manifest import MANIFEST, Manifest
from personalization.features.vectors import viewer_states
from personalization.journal import reading
from personalization.models import Impression, ModelVersion, SealedDay
from personalization.models.journal import Policy, Standing
from personalization.serving.deciding import SCORED
from personalization.serving.models import fitted
from personalization.serving.replay import replay
from personalization.serving.windows import pinned_states

__all__ = [
    "JudgedLog",
    "PolicyPanel",
    "Replaced",
    "feature_manifest",
    "impressions_of_panel",
    "impressions_of_titles",
    "judged_log",
    "plays_counted",
    "policy_panel",
    "swapped_panel",
    "watched_titles",
]


@dataclass(frozen=True)
class PolicyPanel:
    """What a model version would choose for V viewers among A artworks of T titles.

    Attributes:
        title_ids: (T,) those asked for that have an artwork, increasing.
        artwork_ids: (A,); artwork_titles: (A,) the title's id of each.
        probabilities: (V, A), summing to one within each title.
        tastes: (V,) the genre that each viewer watches most, as its place in the manifest's
            genres; their number where a viewer has watched none.
        vectors: (V, d) the viewer vectors, and matches: (V, A) each viewer's affinity to who is
            depicted: what the probabilities are computed from.
        pinned: how many of the viewers have a window that pinned their vector.
        digests: SHA-256 of what the probabilities follow from: the viewer vectors with the
            affinities, the viewers' standings, the artworks with their features and depictions.
    """

    title_ids: Ints
    artwork_ids: Ints
    artwork_titles: Ints
    probabilities: Floats
    tastes: Ints
    vectors: Floats
    matches: Floats
    pinned: int
    digests: dict[str, str]


@dataclass(frozen=True)
class JudgedLog:
    """N logged decisions of the days that judge a model, as the model would have chosen.

    Attributes:
        viewers: (N,) public ids, 16 bytes each.
        titles: (N,) ids.
        weights: (N,) the model's probability of the artwork shown, over the logged propensity.
        rewards: (N,) 0 or 1.
        values: (N,) doubly robust value of the model's policy on each decision (Dudík, Langford
            and Li 2011).
        even, standard: (N,) the same of even draws, and of the titles' standard pictures.
    """

    viewers: list[bytes]
    titles: Ints
    weights: Floats
    rewards: Floats
    values: Floats
    even: Floats
    standard: Floats


def policy_panel(
    model: ModelVersion | None,
    viewer_ids: Sequence[int],
    title_ids: Sequence[int],
    *,
    at: datetime,
    from_windows: bool = False,
) -> PolicyPanel:
    """Compute a model version's whole policy for viewers as they were at `at`.

    Args:
        model: None for the even choice.
        viewer_ids: V ids; title_ids: the slate.
        from_windows: take the vectors that choices were made from: those that each viewer's newest
            window had pinned. A viewer without a window gets the vector that one opened at `at`
            would pin, as everybody does otherwise.

    Raises:
        ModelUnusable: the version's file cannot be used; the words say why.
    """
    pinned = pinned_states(viewer_ids, at=at) if from_windows else {}
    now = viewer_states(viewer_ids, at=at, as_of=True)
    states = [pinned.get(viewer, own) for viewer, own in zip(viewer_ids, now, strict=True)]
    shown = replay(model, viewer_ids, title_ids, at=at, as_of=True, states=states)
    return PolicyPanel(
        title_ids=shown.title_ids,
        artwork_ids=shown.artwork_ids,
        artwork_titles=shown.title_ids[shown.artwork_title],
        probabilities=shown.probabilities,
        tastes=_tastes(shown.vectors),
        vectors=shown.vectors,
        matches=shown.matches,
        pinned=len(pinned),
        digests={
            "vectors": _sha256(*(state.digest.encode() for state in shown.states)),
            "standings": _sha256(",".join(shown.standings).encode()),
            "artwork_features": shown.index_digest,
        },
    )


def swapped_panel(
    model: ModelVersion | None,
    viewer_ids: Sequence[int],
    title_ids: Sequence[int],
    *,
    instead: Replaced,
    at: datetime,
) -> Floats:
    """Return the policy for viewers who had watched other titles: (V, A), as in `policy_panel`.

    Args:
        model: None for the even choice.
        viewer_ids: V ids; title_ids: the slate.
        instead: which titles of which histories are taken for others.

    Raises:
        ModelUnusable: the version's file cannot be used; the words say why.
    """
    shown = replay(model, viewer_ids, title_ids, at=at, as_of=True, instead=instead)
    return shown.probabilities


def plays_counted(viewer_ids: Sequence[int], *, at: datetime) -> int:
    """Return how many plays count as the viewers' histories at `at`."""
    return WatchEvent.objects.filter(
        viewer__in=list(viewer_ids), quality_at__lte=at, started_at__lte=at
    ).count()


def watched_titles(viewer_ids: Sequence[int], *, at: datetime) -> tuple[Ints, Floats]:
    """Return which titles each viewer had watched at `at`.

    Returns:
        (H,) the ids of the titles that at least one of the viewers had watched, increasing; and
        (V, H), 1 where watched.
    """
    seen = watched(viewer_ids, at=at, as_of=True)
    titles, column = np.unique(seen.titles, return_inverse=True)
    row = {viewer: place for place, viewer in enumerate(viewer_ids)}
    matrix = np.zeros((len(viewer_ids), len(titles)))
    matrix[[row[int(viewer)] for viewer in seen.viewers], column] = 1.0
    return titles, matrix


def impressions_of_panel(
    model: ModelVersion | None, viewer_ids: Sequence[int], artwork_ids: Ints, *, until: datetime
) -> Floats | None:
    """Return how often each viewer had really seen each artwork of the model's choice: (V, A).

    Until `until`, as far back as the journal went then. Days that have left it since are read from
    their sealed files, which count impressions within the attribution window. What another model
    chose, an even draw before any model served, or a picture that the viewer chose, is not
    counted. None where nothing is left; without a model, even draws are what is counted.

    Raises:
        StorageAltered, StorageMissing: a sealed day is not as it was written.
        OtherSchema: a sealed day was written by another version of this software.
    """
    row = {viewer: place for place, viewer in enumerate(viewer_ids)}
    column = {int(artwork): place for place, artwork in enumerate(artwork_ids)}
    counts = np.zeros((len(viewer_ids), len(artwork_ids)))
    left = SealedDay.objects.filter(dropped_at__gt=until, day__lte=until.astimezone(UTC).date())
    found = [*_in_journal(model, row, column, until=until, days_but=left)]
    if left:
        found += _in_files(model, row, column, until=until, days=left)
    for viewer, artwork, times in found:
        counts[row[viewer], column[artwork]] += times
    return counts if counts.any() else None


_Seen = Iterator[tuple[int, int, int]]  # viewer, artwork, impressions


def _policies(model: ModelVersion | None) -> list[str]:
    """Return the policies whose choices count as the model's; without one, even draws."""
    return [str(policy) for policy in (SCORED if model else (Policy.UNIFORM,))]


def _in_journal(
    model: ModelVersion | None,
    viewers: Collection[int],
    artworks: Collection[int],
    *,
    until: datetime,
    days_but: Collection[SealedDay],
) -> _Seen:
    """Yield what the journal holds, but of days that leave it now."""
    seen = Impression.objects.filter(
        decision__model=model,
        decision__policy__in=_policies(model),
        decision__chosen__in=list(artworks),
        decision__viewer_id__in=list(viewers),
        seen_at__lte=until,
    ).exclude(day__in=[sealed.day for sealed in days_but])
    rows = seen.values_list("decision__viewer_id", "decision__chosen")
    yield from rows.annotate(times=Count("id"))


def _in_files(
    model: ModelVersion | None,
    viewers: Collection[int],
    artworks: Collection[int],
    *,
    until: datetime,
    days: Collection[SealedDay],
) -> _Seen:
    ids = Viewer.objects.filter(pk__in=list(viewers)).values_list("public_id", "pk")
    known = {public_id.bytes: number for public_id, number in ids}
    for sealed in days:
        for viewer, artwork, times in reading.seen(
            sealed,
            model=model.pk if model else None,
            policies=_policies(model),
            viewers=known,
            artworks=artworks,
            until=until,
        ):
            yield known[viewer], artwork, times


def impressions_of_titles(title_ids: Sequence[int]) -> dict[int, int]:
    """Return how often each title's artworks were really seen, for those that were."""
    return dict(
        Impression.objects.filter(decision__title_id__in=list(title_ids))
        .exclude(decision__standing=Standing.KEEPS)
        .values_list("decision__title_id")
        .annotate(times=Count("id"))
    )


def judged_log(model: ModelVersion, *, at: datetime) -> JudgedLog | None:
    """Return the logged decisions of the days that judge a model; None where there is none.

    Decisions on an artwork that had left the catalogue at `at` are left out.

    Raises:
        ModelUnusable: the model's file cannot be used.
        StorageAltered, StorageMissing: a sealed day is not as it was written.
        OtherSchema: a sealed day was written by another version of this software.
    """
    table = read_index(revision=0, at=at).table
    ours = fitted(model).adopt(table)
    parts: list[JudgedLog] = []
    for day in model.evaluation_days.order_by("day"):
        for batch in reading.decisions(day):
            known = batch.among(table.artwork_ids)
            if len(known):
                parts.append(_judged(known, policies.judge(known, ours, None)))
    if not parts:
        return None
    return JudgedLog(
        viewers=[viewer for part in parts for viewer in part.viewers],
        titles=np.concatenate([part.titles for part in parts]),
        weights=np.concatenate([part.weights for part in parts]),
        rewards=np.concatenate([part.rewards for part in parts]),
        values=np.concatenate([part.values for part in parts]),
        even=np.concatenate([part.even for part in parts]),
        standard=np.concatenate([part.standard for part in parts]),
    )


def feature_manifest() -> Manifest:
    """Return the feature manifest of this version: every number that a choice may depend on."""
    return MANIFEST


def _tastes(vectors: Floats) -> Ints:
    genres = [at for at, name in enumerate(MANIFEST.context) if name.startswith("genre:")]
    shares = vectors[:, genres]
    return np.where(shares.max(axis=1) > 0, shares.argmax(axis=1), len(genres)).astype(np.int64)


def _sha256(*parts: bytes) -> str:
    return hashlib.sha256(b"".join(parts)).hexdigest()


def _judged(decisions: reading.Decisions, judged: policies.Judged) -> JudgedLog:
    log = estimators.DecisionLog(
        rewards=decisions.rewards,
        propensities=decisions.propensities,
        viewers=np.unique(decisions.viewers, return_inverse=True)[1].astype(np.int64),
    )
    values = {
        name: estimators.dr_values(
            log, judged.shown[name], judged.expected[name], judged.expected_shown
        )
        for name in ("candidate", "uniform", "default")
    }
    return JudgedLog(
        viewers=[bytes(viewer) for viewer in decisions.viewers],
        titles=np.asarray(decisions.titles, np.int64),
        weights=judged.shown["candidate"] / decisions.propensities,
        rewards=decisions.rewards,
        values=values["candidate"],
        even=values["uniform"],
        standard=values["default"],
    )
