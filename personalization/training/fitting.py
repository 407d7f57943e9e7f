"""The fit of a night: running statistics and the catalogue's artworks become a model's file."""

from collections.abc import Sequence
from dataclasses import dataclass

from personalization.bandit import files
from personalization.bandit.fit import fit as fit_model
from personalization.bandit.policy import sharpness
from personalization.bandit.spec import Spec
from personalization.features import manifest
from personalization.features.artworks import read_index
from personalization.models import SealedDay
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

    The same days, artworks and code give the same bytes.
    """
    statistics = running(days, progress=progress)
    table = read_index(revision=0).table
    if statistics is None or not len(table):
        return None
    progress("Fitting", 0, 1)
    spec = Spec(
        context=manifest.WIDTH,
        artwork_features=table.features.shape[1],
        controls=CONTROLS,
        gamma=sharpness(statistics.decisions),
    )
    model = fit_model(statistics, table, spec, manifest=manifest.DIGEST)
    progress("Fitted", 1, 1)
    return Fitted(
        content=files.pack_model(model),
        decisions=sum(day.rows - day.begun for day in days),
        manifest_name=manifest.NAME,
        manifest_digest=manifest.DIGEST,
    )
