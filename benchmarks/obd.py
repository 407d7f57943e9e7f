"""The Open Bandit Dataset as logs: https://research.zozo.com/data.html (Saito et al. 2020).

The folder has `random/` and `bts/`, and in each of them `all/all.csv`, `men/men.csv` and
`women/women.csv`: the samples that come with `obp`, or the whole data set. It is not part of this
repository.
"""

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from pyarrow import csv

from personalization.bandit.arrays import Floats, Ints
from personalization.bandit.errors import BadInput
from personalization.bandit.estimators import DecisionLog

CAMPAIGNS, POLICIES, POSITIONS = ("all", "men", "women"), ("random", "bts"), 3
VARIABLE = "OPEN_BANDIT"


class NoData(Exception):
    """The folder with the data set is not named, or files are missing."""


@dataclass(frozen=True)
class Impressions:
    """N impressions of one item each, at one of three places, under one policy.

    Attributes:
        items: (N,) from 0; places: (N,) 0, 1 or 2.
        count: how many items the campaign has.
    """

    log: DecisionLog
    items: Ints
    places: Ints
    count: int


def folder() -> Path:
    """Return the folder that the environment names; raises NoData."""
    named = os.environ.get(VARIABLE, "")
    if not named:
        raise NoData(f"Set {VARIABLE} to the folder with the Open Bandit Dataset.")
    return Path(named)


def read(place: Path, policy: str, campaign: str) -> Impressions:
    """Read one log. Raises NoData if its file is missing, BadInput if a row is wrong.

    The data set has no viewers. Impressions at the same moment with the same user features are one
    page and one cluster. Every other impression is a cluster of its own.
    """
    path = place / policy / campaign / f"{campaign}.csv"
    if not path.is_file():
        raise NoData(f"{path} is missing.")
    table = csv.read_csv(path)
    items = table["item_id"].to_numpy().astype(np.int64)
    places = table["position"].to_numpy().astype(np.int64) - 1
    if len(places) and (places.min() < 0 or places.max() >= POSITIONS):
        raise BadInput(f"position must lie from 1 to {POSITIONS}")
    page = ["timestamp", *(f"user_feature_{number}" for number in range(4))]
    words = zip(*(table[name].to_pylist() for name in page), strict=True)
    seen: dict[tuple[object, ...], int] = {}
    clusters = [seen.setdefault(each, len(seen)) for each in words]
    log = DecisionLog(
        rewards=table["click"].to_numpy().astype(np.float64),
        propensities=table["propensity_score"].to_numpy().astype(np.float64),
        viewers=np.array(clusters, np.int64),
    )
    return Impressions(log, items, places, int(items.max()) + 1)


def even(count: int) -> Floats:
    """Return the random policy: (items, POSITIONS), the same for every item."""
    return np.full((count, POSITIONS), 1.0 / count)


def averaged(logged: Impressions) -> Floats:
    """Return Bernoulli Thompson sampling's distribution: (items, POSITIONS), each place sums to 1.

    This is the mean of the propensities that it logged for each item at a place, normalised. An
    item that was never shown there gets none. The policy depends on no context, so this is its
    distribution as far as it did not change while it logged.
    """
    size = logged.count * POSITIONS
    cell = logged.items * POSITIONS + logged.places
    shown = np.bincount(cell, minlength=size)
    sums = np.bincount(cell, logged.log.propensities, minlength=size)
    means = np.divide(sums, shown, out=np.zeros(size), where=shown > 0)
    table = means.reshape(logged.count, POSITIONS)
    return np.asarray(table / table.sum(axis=0), np.float64)
