"""Windows: what a viewer's choices depend on, pinned when the window opens."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import numpy as np
from django.conf import settings
from django.db.models import BigIntegerField, QuerySet, Value
from django.db.models.expressions import Subquery
from django.db.models.functions import Coalesce

from catalog.models import ArtworkRevision, Viewer
from personalization.features.manifest import MANIFEST
from personalization.features.vectors import ViewerState, viewer_states
from personalization.models import ModelVersion, Window
from personalization.serving.draw_key import draw_key
from personalization.serving.keeping import ViewerKeeps, keeps_of_viewer, parsed


@dataclass(frozen=True)
class Pinned:
    """A window with its arrays unpacked, and what is read with it because it is not pinned.

    Attributes:
        revision: the catalogue's; keeps: the pictures that the viewer chose, by title.
    """

    window: Window
    state: ViewerState
    revision: int
    keeps: ViewerKeeps = field(default_factory=dict)


def window_key(viewer: Viewer, *, now: datetime) -> str:
    """Return the key of the window that `now` falls in, as “2951.3”.

    The calendar part counts windows of WINDOW_DAYS, staggered by viewer, so that pictures do not
    change for everybody on one day. The other part is a coarse step of the history's length, so
    that a newcomer's pictures change sooner.
    """
    length = timedelta(days=settings.WINDOW_DAYS).total_seconds()
    digest = hashlib.blake2b(
        viewer.public_id.bytes,
        key=draw_key(),
        person=b"stagger",
        digest_size=8,
    ).digest()
    offset = int.from_bytes(digest, "big") / 2**64 * length
    calendar = int((now.timestamp() + offset) // length)
    step = int(np.searchsorted(settings.HISTORY_STEPS, viewer.history_length, side="right")) - 1
    return f"{calendar}.{step}"


def current(viewer: Viewer, *, now: datetime) -> Pinned:
    """Return the viewer's window, and open it at the first request. An open one takes one query."""
    key = window_key(viewer, now=now)
    found = _read(viewer, key)
    if found is None:
        open_windows([viewer], now=now)
        found = _read(viewer, key)
    if found is None:  # Released by a rollback between the two queries.
        open_windows([viewer], now=now)
        found = _read(viewer, key)
    assert found is not None, "a window that was just opened can be read"
    return found


def open_windows(
    viewers: Sequence[Viewer],
    *,
    now: datetime,
    states: Sequence[ViewerState] | None = None,
) -> None:
    """Open the windows of viewers that have none open at `now`, pinning the serving model.

    If another process has just opened a window, its row is kept. `states` are the viewers' states,
    if the caller has them.
    """
    serving = ModelVersion.objects.filter(state=ModelVersion.State.SERVING).first()
    known = states or viewer_states([viewer.pk for viewer in viewers], at=now)
    _release_of_other_manifests(viewers, now=now)
    Window.objects.bulk_create(
        [
            Window(
                viewer=viewer,
                key=window_key(viewer, now=now),
                model=serving,
                manifest_digest=MANIFEST.digest,
                vector=state.vector.astype("<f8").tobytes(),
                affinity_people=state.people.astype("<i8").tobytes(),
                affinity_weights=state.weights.astype("<f8").tobytes(),
                vector_digest=state.digest,
                history_length=state.history_length,
                opened_at=now,
            )
            for viewer, state in zip(viewers, known, strict=True)
        ],
        ignore_conflicts=True,
    )


def _release_of_other_manifests(viewers: Sequence[Viewer], *, now: datetime) -> None:
    """End windows that an older version of this software opened with other features."""
    Window.objects.filter(
        viewer__in=[viewer.pk for viewer in viewers], released_at__isnull=True
    ).exclude(manifest_digest=MANIFEST.digest).update(released_at=now)


@cache
def _readable() -> QuerySet[Any]:
    """Return the windows that count, with all that a page reads of one: made once, read anew."""
    revision = Coalesce(
        Subquery(ArtworkRevision.objects.values("number")[:1]),
        Value(0),
        output_field=BigIntegerField(),
    )
    windows = Window.objects.filter(released_at__isnull=True)
    return windows.select_related("model").annotate(revision=revision, keeps=keeps_of_viewer())


def _read(viewer: Viewer, key: str) -> Pinned | None:
    wanted = _readable().filter(viewer=viewer, key=key, manifest_digest=MANIFEST.digest)
    window = wanted.first()
    if window is None:
        return None
    return Pinned(window, state_of(window), window.revision, parsed(window.keeps))


def pinned_states(viewer_ids: Sequence[int], *, at: datetime) -> dict[int, ViewerState]:
    """Return, by viewer, the state that the newest window opened until `at` had pinned.

    Viewers without a window are left out. So are windows of another feature manifest.
    """
    newest = (
        Window.objects.filter(
            viewer__in=list(viewer_ids), opened_at__lte=at, manifest_digest=MANIFEST.digest
        )
        .order_by("viewer_id", "-opened_at", "-id")
        .distinct("viewer_id")
    )
    return {window.viewer_id: state_of(window) for window in newest}


def state_of(window: Window) -> ViewerState:
    """Return the viewer state that a window pinned."""
    return ViewerState(
        np.frombuffer(window.vector, "<f8"),
        np.frombuffer(window.affinity_people, "<i8"),
        np.frombuffer(window.affinity_weights, "<f8"),
        window.history_length,
    )
