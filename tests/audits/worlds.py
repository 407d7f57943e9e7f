"""A small world with a planted difference: two groups that watch different genres."""

import numpy as np

from audits.actions import declare_many
from catalog.models import Viewer
from personalization import storage
from personalization.bandit import files
from personalization.bandit.fit import fit
from personalization.bandit.reduction import reduce
from personalization.bandit.spec import Spec
from personalization.features.artworks import read_index
from personalization.features.manifest import MANIFEST
from personalization.models import ModelVersion
from tests.factories import NOW, make_account
from tests.personalization.serving.worlds import make_catalogue, make_watchers

ALL = ["default", "protected", "vault"]


def make_world(*, women=36, men=36, undeclared=12, apart=True, titles=6):
    """Return the serving model of a world; if `apart`, women and men watch different titles.

    A title's genre follows from its number, and the model's choices depend on genres.
    """
    made = make_catalogue(titles=titles)
    account = make_account()
    half = titles // 2
    histories = [
        made[:half] if number < women or not apart else made[half:] for number in range(women + men)
    ]
    viewers = make_watchers([*histories, *[made] * undeclared], account=account)
    rows = [
        (viewer.public_id, "gender", "woman" if number < women else "man")
        for number, viewer in enumerate(viewers[: women + men])
    ]
    declare_many(rows, synthetic=False)
    assert Viewer.objects.count() == women + men + undeclared
    return make_model(genres=half)


def make_model(*, genres=0, decisions=6000, likes_leads=None):
    """Fit on even decisions: viewers of the first `genres` genres like leads, others scenes.

    Or those for whose vectors (N, d) `likes_leads` is true: (N,).
    """
    rng = np.random.default_rng(0)
    table = read_index(0).table
    shown = rng.integers(len(table), size=decisions)
    context = rng.dirichlet(np.full(MANIFEST.width, 0.2), size=decisions)
    controls = [rng.uniform(size=decisions), np.zeros(decisions)]
    rows = np.column_stack([np.ones(decisions), context, *controls])
    is_lead = table.features[shown, 0] > 0
    likes = likes_leads(context) if likes_leads else context[:, :genres].sum(axis=1) > 0.15
    rewards = (rng.uniform(size=decisions) < 0.1 + 0.5 * (is_lead == likes)).astype(float)
    statistics = reduce(artwork_ids=table.artwork_ids[shown], rows=rows, rewards=rewards)
    spec = Spec(MANIFEST.width, len(MANIFEST.artwork), gamma=50.0)
    model = fit(statistics, table, spec, manifest=MANIFEST.digest, rounds=3)
    stored = storage.put(files.pack_model(model), folder="models", suffix=".model")
    return ModelVersion.objects.create(
        state=ModelVersion.State.SERVING,
        path=stored.path,
        sha256=stored.sha256,
        manifest_name=MANIFEST.name,
        manifest_digest=MANIFEST.digest,
        created_at=NOW,
    )
