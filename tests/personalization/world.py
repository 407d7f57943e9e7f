"""A small world with a planted taste: what a night can learn from, and how much of it."""

import uuid
from datetime import UTC, date, datetime, time, timedelta

import numpy as np

from catalog.models import Viewer, WatchEvent
from personalization.features import manifest
from personalization.journal import partitions
from personalization.models import Decision, Window
from tests.factories import make_account, make_artwork, make_title
from tests.personalization.factories import DAY, digest

KINDS = ("lead", "ensemble", "moment", "scene")


def build(*, days=6, viewers=60, titles=10, taste=0.15, seed=1, first=DAY, shift=0.0):
    """Fill `days` with one even decision for each viewer and title a day.

    A viewer likes one kind of artwork more by `taste`, which shows in the
    vector; without taste nobody does. Titles and kinds differ for everybody.
    `shift` moves the last number of everybody's vector.
    """
    random = np.random.default_rng(seed)
    slates = [_title(kind) for kind in range(titles)]
    people = _viewers(viewers, seed)
    likes = random.integers(0, len(KINDS), viewers)
    vectors = np.abs(random.normal(0.1, 0.05, (viewers, manifest.WIDTH)))
    vectors[np.arange(viewers), likes] += 0.8
    vectors[:, -1] += shift
    base = random.uniform(0.03, 0.15, titles)
    liked_by_all = random.uniform(0.0, 0.03, len(KINDS))
    for number in range(days):
        day = first + timedelta(days=number)
        windows = _windows(people, vectors, day)
        chosen = random.integers(0, len(KINDS), (viewers, titles))
        chance = base + liked_by_all[chosen] + taste * (chosen == likes[:, None])
        _day(day, windows, slates, chosen, random.random((viewers, titles)) < chance)
    return slates


def _title(number):
    title = make_title()
    artworks = [make_artwork(title, kind=kind) for kind in KINDS]
    title.default_artwork = artworks[number % len(KINDS)]
    title.save()
    return title, artworks


def _viewers(count, seed):
    account = make_account()
    return Viewer.objects.bulk_create(
        Viewer(
            account=account,
            name=f"Viewer {number}",
            public_id=uuid.uuid5(uuid.NAMESPACE_OID, f"{seed}.{number}"),
        )
        for number in range(count)
    )


def _windows(people, vectors, day):
    return Window.objects.bulk_create(
        Window(
            viewer=viewer,
            key=f"{day}.10",
            manifest_digest=manifest.DIGEST,
            vector=vector.astype("<f8").tobytes(),
            affinity_people=b"",
            affinity_weights=b"",
            vector_digest=digest(vector.astype("<f8").tobytes()),
            history_length=10,
            opened_at=_at(day, 8),
        )
        for viewer, vector in zip(people, vectors, strict=True)
    )


def _day(day, windows, slates, chosen, rewarded):
    decisions, plays = [], []
    for row, window in enumerate(windows):
        for column, (title, artworks) in enumerate(slates):
            seen = _at(day, 9, minutes=column)
            ids = [artwork.pk for artwork in artworks]
            decisions.append(
                Decision(
                    viewer_id=window.viewer_id,
                    title=title,
                    window=window,
                    policy="uniform",
                    standing="personal",
                    artworks=ids,
                    probabilities=[0.25] * 4,
                    chosen=ids[chosen[row, column]],
                    propensity=0.25,
                    surface="home",
                    position=column,
                    first_seen_at=seen,
                    day=day,
                )
            )
            if rewarded[row, column]:
                plays.append(
                    WatchEvent(
                        viewer_id=window.viewer_id,
                        title=title,
                        play_id=uuid.uuid4(),
                        origin="home",
                        started_at=seen,
                        last_at=seen,
                        quality_at=seen + timedelta(minutes=5),
                    )
                )
    partitions.ensure([day])
    Decision.objects.bulk_create(decisions, batch_size=2000)
    WatchEvent.objects.bulk_create(plays, batch_size=2000)


def _at(day: date, hour: int, minutes: int = 0):
    return datetime.combine(day, time(hour), UTC) + timedelta(minutes=minutes)
