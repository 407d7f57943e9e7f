"""What the choosing models expected of a shard's decisions: the model versions that it names.

A model's file never changes, so a shard has the same expectations on every machine and at any
time. Decisions made before the first model are scored by the first model, which learnt from
nothing else. An artwork that no model knows is expected to be played as often as it was in the
shard. The same holds where a model's file is gone, was altered, or is of an earlier format.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial

import numpy as np
import structlog

from personalization.bandit import files
from personalization.bandit.model import Model
from personalization.bandit.odds import Expectation, Expected, own_rates
from personalization.journal.reading import NO_MODEL, Shown
from personalization.models import ModelVersion
from personalization.serving.models import UNUSABLE, opened
from personalization.training.rows import WIDTH

log = structlog.get_logger(__name__)
# A window keeps its model for days, so a day's decisions come from several models.
KEPT = 32


@dataclass(frozen=True)
class Choosers:
    """The existing model versions. No method queries the database.

    Several threads may use one at once.

    Attributes:
        versions: by number.
        unnamed: before there is any version, the model that was just fitted.
    """

    versions: Mapping[int, ModelVersion]
    unnamed: Model | None = None

    @classmethod
    def known(cls) -> "Choosers":
        return cls(ModelVersion.objects.only("pk", "path", "sha256").in_bulk())

    @cached_property
    def key(self) -> str:
        """Return the digest of the fallback model for unscored decisions: the sums depend on it."""
        if self.versions:
            return self.versions[min(self.versions)].sha256
        return hashlib.sha256(files.pack_model(self.unnamed)).hexdigest() if self.unnamed else ""

    def expected(self, shown: Shown) -> Expected:
        """Return what was expected of each of a shard's decisions."""
        # A table from version numbers to places, because the numbers are few and close together.
        own = shown.models - NO_MODEL
        times = np.bincount(own)
        places = np.full(len(times), -1)
        models: list[Expectation] = []
        for number in np.flatnonzero(times).tolist():
            found = self._opened(NO_MODEL + number)
            if found is not None:
                places[number] = len(models)
                models.append(found)
        return Expected(
            chosen_by=places[own],
            models=models,
            otherwise=partial(own_rates, shown.chosen, shown.rewards, width=WIDTH),
        )

    def _opened(self, pk: int) -> Expectation | None:
        if pk == NO_MODEL:
            if not self.versions:
                return self.unnamed.expectation if self.unnamed else None
            pk = min(self.versions)
        version = self.versions.get(pk)
        if version is None:
            log.warning("expectations_unknown", model=pk, why="there is no such model version")
            return None
        try:
            return _expectation(version.sha256, version)
        except UNUSABLE as error:
            log.warning("expectations_unknown", model=pk, why=str(error))
            return None


@lru_cache(maxsize=KEPT)
def _expectation(sha256: str, version: ModelVersion) -> Expectation:
    """The key includes the file's digest, because two versions of the same number are equal.

    Raises OSError if the storage does not answer. Nothing is then reduced, since other machines
    would get other sums.
    """
    return opened(version).expectation
