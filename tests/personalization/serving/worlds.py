"""Rows for the serving tests: a catalogue, a viewer with a history, a model that serves."""

import uuid
from datetime import timedelta

import numpy as np

from catalog.models import Artwork, ArtworkRevision, Mood, Viewer, WatchEvent
from personalization import storage
from personalization.bandit import files
from personalization.bandit.fit import fit
from personalization.bandit.reduction import reduce
from personalization.bandit.spec import Spec
from personalization.features.artworks import read_index
from personalization.features.manifest import GENRES, MANIFEST
from personalization.models import ModelVersion
from personalization.serving.windows import window_key
from tests.factories import (
    NOW,
    make_artwork,
    make_credit,
    make_title,
    make_viewer,
    make_watch_event,
    new_watch_event,
)

BEFORE = NOW - timedelta(days=30)


def bump():
    revision, _ = ArtworkRevision.objects.get_or_create(pk=1)
    revision.number += 1
    revision.save()
    return revision.number


def make_catalogue(titles=3, artworks=4):
    """Titles with artworks of differing moods, each showing its lead in the first."""
    made = []
    for number in range(titles):
        title = make_title(genres=(GENRES[number % len(GENRES)],))
        lead = make_credit(title).person
        for at in range(artworks):
            artwork = make_artwork(
                title,
                kind=Artwork.Kind.LEAD if at == 0 else Artwork.Kind.SCENE,
                depicted=(lead,) if at == 0 else (),
                approved_at=BEFORE,
            )
            slug = ("tense", "warm", "playful", "dark")[at % 4]
            artwork.moods.add(Mood.objects.get_or_create(slug=slug, defaults={"name": slug})[0])
        made.append(title)
    bump()
    return made


def _id_of_a_lasting_window():
    """Windows are staggered by this identifier, and random ones end at NOW now and then."""
    while True:
        viewer = Viewer(public_id=uuid.uuid4())
        if window_key(viewer, now=NOW) == window_key(viewer, now=NOW + timedelta(hours=12)):
            return viewer.public_id


def make_watcher(*titles, **fields):
    """A viewer with a history, whose window at NOW stays open for half a day more."""
    viewer = make_viewer(**{"public_id": _id_of_a_lasting_window()} | fields)
    for at, title in enumerate(titles):
        make_watch_event(viewer, title, started_at=BEFORE + timedelta(days=at))
    viewer.history_length = len(titles)
    viewer.save()
    return viewer


def make_watchers(histories, *, account):
    """Return a viewer as `make_watcher` gives for each list of titles, all saved at once."""
    viewers = Viewer.objects.bulk_create(
        Viewer(
            account=account,
            name=f"Watcher {number}",
            public_id=_id_of_a_lasting_window(),
            history_length=len(titles),
        )
        for number, titles in enumerate(histories)
    )
    WatchEvent.objects.bulk_create(
        new_watch_event(viewer, title, started_at=BEFORE + timedelta(days=at))
        for viewer, titles in zip(viewers, histories, strict=True)
        for at, title in enumerate(titles)
    )
    return viewers


def make_model(*, seed=0, state=ModelVersion.State.SERVING, decisions=4000):
    """Fit a model on random decisions of the catalogue's artworks and register it."""
    rng = np.random.default_rng(seed)
    table = read_index(0).table
    shown = rng.integers(len(table), size=decisions)
    rows = np.column_stack(
        [
            np.ones(decisions),
            rng.dirichlet(np.full(MANIFEST.width, 0.2), size=decisions),
            rng.uniform(size=decisions),
            np.zeros(decisions),
        ]
    )
    chance = 0.1 + 0.5 * (rows[np.arange(decisions), 1 + shown % 3] > 0.3)
    rewards = (rng.uniform(size=decisions) < chance).astype(float)
    statistics = reduce(artwork_ids=table.artwork_ids[shown], rows=rows, rewards=rewards)
    spec = Spec(MANIFEST.width, len(MANIFEST.artwork), gamma=50.0)
    model = fit(statistics, table, spec, manifest=MANIFEST.digest, rounds=3)
    stored = storage.put(files.pack_model(model), folder="models", suffix=".model")
    return ModelVersion.objects.create(
        state=state,
        path=stored.path,
        sha256=stored.sha256,
        manifest_name=MANIFEST.name,
        manifest_digest=MANIFEST.digest,
        created_at=NOW,
    )
