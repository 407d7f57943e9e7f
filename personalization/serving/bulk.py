"""Windows of many viewers at once, for a simulation: the rows and choices that pages make."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from catalog.models import ArtworkRevision, Viewer
from personalization.features.manifest import MANIFEST
from personalization.features.vectors import viewer_states
from personalization.models import Window
from personalization.serving import windows
from personalization.serving.windows import Pinned


def open_many(
    viewers: Sequence[Viewer],
    *,
    now: datetime,
    before: Mapping[int, datetime] | None = None,
) -> dict[int, Pinned]:
    """Return each viewer's window at `now`, opened where it was not, by viewer id.

    Two queries where all are open, a few more where not, however many viewers.
    Choose in them with `chooser.choose_in_window`. `before` ends some viewers'
    histories earlier: see `features.history.watched`.
    """
    revision = ArtworkRevision.objects.values_list("number", flat=True).first() or 0
    found = _read(viewers, now=now, revision=revision)
    missing = [viewer for viewer in viewers if viewer.pk not in found]
    if missing:
        states = viewer_states([viewer.pk for viewer in missing], at=now, before=before)
        windows.open_windows(missing, now=now, states=states)
        found |= _read(missing, now=now, revision=revision)
    return found


def _read(viewers: Sequence[Viewer], *, now: datetime, revision: int) -> dict[int, Pinned]:
    keys = {viewer.pk: windows.window_key(viewer, now=now) for viewer in viewers}
    candidates = Window.objects.filter(
        viewer__in=list(keys),
        key__in=set(keys.values()),
        released_at__isnull=True,
        manifest_digest=MANIFEST.digest,
    ).select_related("model")
    return {
        window.viewer_id: Pinned(window, windows.state_of(window), revision)
        for window in candidates
        if keys[window.viewer_id] == window.key
    }
