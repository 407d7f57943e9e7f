"""Synthetic viewers for the demo: accounts, planted tastes, and histories from these tastes."""

from datetime import datetime, timedelta
from uuid import UUID

import numpy as np
from django.contrib.auth.hashers import make_password
from django.db import transaction
from scipy import sparse

from catalog.demo.audience import audience
from catalog.models import Account, Viewer
from personalization.bandit.arrays import Floats, Ints
from personalization.features.history import TitleFacts, title_facts
from personalization.features.manifest import GENRES
from personalization.simulation.crowds import Crowd, begun, shown_titles
from personalization.simulation.plays import Play, record_plays

SOURCE = "demo"
FAVOURITES = 4  # favourite people of each viewer
FONDNESS = 6.0  # how many times likelier a title with a favourite was watched
SHORTEST, LONGEST = 2, 16  # titles in a history before the first simulated day
BEFORE = timedelta(days=120)


@transaction.atomic
def planted(number: int, *, seed: int, start: datetime) -> Crowd:
    """Return `number` synthetic viewers. Missing ones are made with their histories.

    The same seed gives the same people. Existing viewers keep their history.
    """
    title_ids = shown_titles(SOURCE)
    facts = title_facts(title_ids)
    tastes = np.array(
        [[taste.genres[genre] for genre in GENRES] for taste in audience(number, seed)]
    ).reshape(number, len(GENRES))
    affinity, persons = _favourites(number, facts, seed)
    names = [f"{seed}-{at}" for at in range(number)]
    there = set(Viewer.objects.filter(source=SOURCE).values_list("source_id", flat=True))
    made = [at for at, name in enumerate(names) if name not in there]
    _make_viewers([names[at] for at in made])
    by_name = {v.source_id: v for v in Viewer.objects.filter(source=SOURCE, source_id__in=names)}
    viewers = [by_name[name] for name in names]
    likings = _likings(tastes, affinity, persons, facts)
    record_plays(
        [
            play
            for at in made
            for play in _history(viewers[at], likings[at], title_ids, [seed, at, 4], start)
        ]
    )
    # Read again: their histories have lengths now.
    order = np.argsort([viewer.pk for viewer in viewers])
    viewers = list(Viewer.objects.filter(pk__in=[v.pk for v in viewers]).order_by("pk"))
    return Crowd(
        viewers=viewers,
        title_ids=title_ids,
        tastes=tastes[order],
        affinity=affinity[order],
        persons=persons,
        cuts={},
        watched=begun(viewers, title_ids),
    )


def _make_viewers(names: list[str]) -> None:
    """Make an account and a viewer for each name; nobody can sign in to them."""
    nobody = make_password(None)
    accounts = Account.objects.bulk_create(
        Account(email=f"synthetic-{name}@marquee.example", password=nobody, synthetic=True)
        for name in names
    )
    Viewer.objects.bulk_create(
        Viewer(
            account=account,
            name=f"Synthetic {name}",
            # The name depends only on the seed, so that the same seed draws the same pictures.
            public_id=UUID(bytes=np.random.default_rng(_digits(name)).bytes(16), version=4),
            synthetic=True,
            source=SOURCE,
            source_id=name,
        )
        for account, name in zip(accounts, names, strict=True)
    )


def _digits(name: str) -> list[int]:
    return [*(int(part) for part in name.split("-")), 5]


def _favourites(number: int, facts: TitleFacts, seed: int) -> tuple[sparse.csr_array, Ints]:
    """Draw each viewer's favourite people: (number, P), and the persons (P,)."""
    persons = np.unique(facts.cast_person)
    count = min(FAVOURITES, len(persons))
    columns = [
        np.random.default_rng([seed, at, 3]).choice(len(persons), count, replace=False)
        for at in range(number)
    ]
    rows = np.repeat(np.arange(number), count)
    column = np.concatenate(columns) if columns else rows
    share = np.full(len(rows), 1.0 / max(count, 1))
    return sparse.csr_array((share, (rows, column)), shape=(number, len(persons))), persons


def _likings(
    tastes: Floats, affinity: sparse.csr_array, persons: Ints, facts: TitleFacts
) -> Floats:
    """Return how likely each viewer is to have watched each title, up to a factor: (V, T)."""
    cast = sparse.csr_array(
        (
            np.ones(len(facts.cast_person)),
            (np.searchsorted(persons, facts.cast_person), facts.cast_title),
        ),
        shape=(len(persons), len(facts.ids)),
    )
    fond = np.asarray((affinity @ cast).todense()) > 0
    return np.asarray(
        (tastes @ facts.shares[:, : len(GENRES)].T + 0.005) * np.where(fond, FONDNESS, 1.0)
    )


def _history(
    viewer: Viewer, liking: Floats, title_ids: Ints, seed: list[int], start: datetime
) -> list[Play]:
    random = np.random.default_rng(seed)
    length = min(int(random.integers(SHORTEST, LONGEST + 1)), len(title_ids) // 2)
    titles = random.choice(title_ids, length, replace=False, p=liking / liking.sum())
    return [
        Play(
            viewer_id=viewer.pk,
            title_id=int(title),
            at=start - BEFORE * float(random.uniform(0.02, 1.0)),
            play_id=UUID(bytes=random.bytes(16), version=4),
            share=float(random.uniform(0.5, 1.0)),
        )
        for title in titles
    ]
