"""Opens windows and decides pages for many viewers at once, for simulations."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

import numpy as np

from catalog.models import ArtworkRevision, Viewer
from personalization.bandit import draw
from personalization.bandit.arrays import Floats, Ints
from personalization.bandit.choosing import choose
from personalization.bandit.model import Model
from personalization.features.artworks import ArtworkIndex
from personalization.features.manifest import MANIFEST
from personalization.features.vectors import viewer_states
from personalization.models import Window
from personalization.models.journal import Policy
from personalization.serving import windows
from personalization.serving.deciding import Decided, Page, decide, named
from personalization.serving.keeping import keeps_of_viewer, parsed
from personalization.serving.windows import Pinned

TOGETHER = (
    64  # pages; what is computed between scores and choices then fits in the processor's cache
)


def open_many(
    viewers: Sequence[Viewer],
    *,
    now: datetime,
    before: Mapping[int, datetime] | None = None,
) -> dict[int, Pinned]:
    """Return each viewer's window at `now`, by viewer id. Missing windows are opened.

    It takes two queries where all are open and a few more where not, for any number of viewers.
    Choose in the windows with `decide_many`. `before` ends some viewers' histories earlier: see
    `features.history.watched`.
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
        window.viewer_id: Pinned(window, windows.state_of(window), revision, parsed(window.keeps))
        for window in candidates.annotate(keeps=keeps_of_viewer())
        if keys[window.viewer_id] == window.key
    }


def decide_many(pages: Sequence[Page], index: ArtworkIndex, *, key: bytes) -> list[list[Decided]]:
    """Return what `deciding.decide` gives for each page, to the bit.

    Pages of the same model are decided together, as one long page.
    """
    alike: dict[tuple[int, str], list[int]] = defaultdict(list)
    found: list[list[Decided]] = [[] for _ in pages]
    for at, page in enumerate(pages):
        if page.is_plain:
            alike[id(page.model), page.policy].append(at)
        else:
            found[at] = decide(page, index, key=key)
    for group in alike.values():
        for first in range(0, len(group), TOGETHER):
            part = group[first : first + TOGETHER]
            together = _together([pages[at] for at in part], index, key)
            for at, decided in zip(part, together, strict=True):
                found[at] = decided
    return found


def _together(pages: Sequence[Page], index: ArtworkIndex, key: bytes) -> list[list[Decided]]:
    """Decide pages of one model and policy whose artworks are all available."""
    slates = [page.slate for page in pages]
    sizes = np.array([len(slate.places) for slate in slates])
    titles = np.array([len(slate.title_ids) for slate in slates])
    begins = sizes.cumsum() - sizes
    model = pages[0].model
    assert model is not None, "plain pages go by a model"
    u = draw.page_uniforms(
        key,
        [page.viewer for page in pages],
        [page.window_key for page in pages],
        np.concatenate([slate.title_ids for slate in slates]),
        titles,
    )
    rows = index.rank[np.concatenate([slate.places for slate in slates])]
    chances, drawn = choose(
        model,
        _scored(pages, model, index, rows, sizes),
        rows,
        np.concatenate([slate.starts for slate in slates]) + begins.repeat(titles),
        u,
    )
    drawn -= begins.repeat(titles)
    return [
        named(page, index, mine, places)
        for page, mine, places in zip(
            pages,
            np.split(chances, begins[1:]),
            np.split(drawn, titles.cumsum()[:-1]),
            strict=True,
        )
    ]


def _scored(
    pages: Sequence[Page], model: Model, index: ArtworkIndex, rows: Ints, sizes: Ints
) -> Floats:
    """As `deciding.scored`, for the pages one after the other: (K,)."""
    if pages[0].policy == Policy.CONTEXT_FREE:
        return np.asarray(model.context_free[rows])
    match = [index.match(p.state.people, p.state.weights, p.slate.places) for p in pages]
    vectors = np.stack([page.state.vector for page in pages])
    return model.page_scores(vectors, np.concatenate(match), rows, sizes)
