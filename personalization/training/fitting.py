"""The fit of a night: from running statistics and the catalogue's artworks to a model's file."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from personalization.bandit import files
from personalization.bandit.fit import fit as fit_model
from personalization.bandit.model import Model
from personalization.bandit.policy import least_probability, sharpness
from personalization.bandit.spec import Spec
from personalization.features import manifest
from personalization.features.artworks import read_index
from personalization.models import SealedDay
from personalization.training.expectations import Choosers
from personalization.training.reducing import Progress, running
from personalization.training.rows import CONTROLS

SUFFIX = ".mq"


@dataclass(frozen=True)
class Fitted:
    """A model's file before it is stored, and what it was made from."""

    content: bytes
    decisions: int
    manifest_name: str
    manifest_digest: str


def fit(days: Sequence[SealedDay], *, progress: Progress) -> Fitted | None:
    """Fit a model on `days`, oldest first; None if they hold no decision to learn from.

    The same days, artworks, model versions and code give the same bytes.
    """
    choosers = Choosers.known()
    model = _fit(days, choosers, progress)
    if model is None:
        return None
    if not choosers.versions:
        # No model expected anything of these decisions. Reduce again, with the model just fitted.
        model = _fit(days, replace(choosers, unnamed=model), progress)
        assert model is not None
    progress("Fitted", 1, 1)
    return Fitted(
        content=files.pack_model(model),
        decisions=sum(day.rows - day.begun for day in days),
        manifest_name=manifest.NAME,
        manifest_digest=manifest.DIGEST,
    )


def _fit(days: Sequence[SealedDay], choosers: Choosers, progress: Progress) -> Model | None:
    statistics = running(days, progress=progress, choosers=choosers)
    table = read_index(revision=0).table
    if statistics is None or not len(table):
        return None
    progress("Fitting", 0, 1)
    spec = Spec(
        context=manifest.WIDTH,
        artwork_features=table.features.shape[1],
        controls=CONTROLS,
        gamma=sharpness(statistics.decisions),
        floor=least_probability(statistics.decisions),
    )
    return fit_model(statistics, table, spec, manifest=manifest.DIGEST)
