"""What the choosing models expected of a sealed day's decisions."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from scipy.special import expit

from personalization import storage
from personalization.bandit import files
from personalization.bandit.fit import fit
from personalization.bandit.odds import Expected, own_rates
from personalization.bandit.reduction import reduce
from personalization.bandit.spec import Spec
from personalization.bandit.table import ArtworkTable
from personalization.features import manifest
from personalization.features.artworks import read_index
from personalization.journal import reading, sealing
from personalization.models import Decision, ModelVersion
from personalization.night.stages import silent
from personalization.serving.models import forget
from personalization.training import fitting, reducing, shards
from personalization.training.expectations import Choosers
from personalization.training.rows import WIDTH, rows
from tests.personalization import world

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 5, 9, 3, tzinfo=UTC)
SUMS = ("artwork_ids", "n", "r", "rw", "ww", "moments")


@pytest.fixture(autouse=True)
def _nothing_open():
    forget()


def seal():
    """A day of a hundred decisions made before the first model."""
    world.build(days=1, viewers=20, titles=5)
    (day,) = [sealing.seal(day, now=NOW) for day in sealing.sealable_days(NOW)]
    return day


def learn(table=None, *, seed=1):
    """A model of the catalogue's artworks, registered, and the same opened."""
    table = table or read_index(revision=0).table
    random = np.random.default_rng(seed)
    log_rows = np.column_stack([np.ones(500), random.random((500, WIDTH - 1))])
    sums = reduce(
        artwork_ids=random.choice(table.artwork_ids, 500),
        rows=log_rows,
        rewards=(random.random(500) < 0.3 * log_rows[:, 1]).astype(float),
    )
    spec = Spec(manifest.WIDTH, table.features.shape[1])
    model = fit(sums, table, spec, manifest=manifest.DIGEST)
    stored = storage.put(files.pack_model(model), folder="models", suffix=".mq")
    version = ModelVersion.objects.create(
        path=stored.path,
        sha256=stored.sha256,
        manifest_name=manifest.NAME,
        manifest_digest=manifest.DIGEST,
        created_at=NOW,
    )
    return version, model


def sums_when(shown, expected):
    return reduce(
        artwork_ids=shown.chosen, rows=rows(shown), rewards=shown.rewards, expected=expected
    )


def by_rate(shown):
    return own_rates(shown.chosen, shown.rewards, width=WIDTH)


def same(first, second):
    return all(np.array_equal(getattr(first, name), getattr(second, name)) for name in SUMS)


def chosen_by(day, *versions):
    """The day's decisions, as if these had chosen them in turns; None is no model."""
    (shown,) = reading.shown(day)
    pks = np.array([version.pk if version else reading.NO_MODEL for version in versions])
    return replace(shown, models=pks[np.arange(len(shown)) % len(pks)])


def test_a_sealed_day_says_which_model_chose():
    world.build(days=1, viewers=20, titles=5)
    version, _ = learn()
    some = list(Decision.objects.order_by("pk").values_list("pk", flat=True)[:30])
    Decision.objects.filter(pk__in=some).update(model=version)
    (day,) = [sealing.seal(day, now=NOW) for day in sealing.sealable_days(NOW)]
    (shown,) = reading.shown(day)
    assert (shown.models == version.pk).sum() == 30
    assert (shown.models == reading.NO_MODEL).sum() == 70
    (batch,) = reading.decisions(day)
    assert np.array_equal(batch.of_chosen().models, shown.models)


def test_decisions_are_seen_from_what_their_model_expected():
    day = seal()
    version, model = learn()
    shown = chosen_by(day, version)
    found = shards.sums_of(shown, Choosers.known())
    assert same(found, sums_when(shown, Expected.alike(len(shown), model.expectation)))
    assert not same(found, sums_when(shown, None))


def test_of_several_models_each_speaks_of_its_own():
    day = seal()
    (first, one), (second, other) = learn(), learn(seed=2)
    shown = chosen_by(day, first, None, second)
    found = shards.sums_of(shown, Choosers.known())
    turns = np.arange(len(shown)) % 3
    # Decisions made before the first model are scored by the first model.
    models = [one.expectation, other.expectation]
    expected = Expected(np.where(turns == 2, 1, 0), models, lambda: by_rate(shown))
    assert same(found, sums_when(shown, expected))


def test_a_model_of_an_earlier_format_leaves_the_artworks_rates(monkeypatch):
    day = seal()
    monkeypatch.setitem(files.FORMATS, "model", 1)
    version, _ = learn()
    monkeypatch.undo()
    shown = chosen_by(day, version)
    found = shards.sums_of(shown, Choosers.known())
    assert same(found, sums_when(shown, None))


def test_an_artwork_that_the_model_was_not_fitted_on_has_its_own_rate():
    day = seal()
    table = read_index(revision=0).table
    fewer = ArtworkTable(table.artwork_ids[3:], table.title_ids[3:], table.features[3:])
    version, model = learn(fewer)
    shown = chosen_by(day, version)
    found = shards.sums_of(shown, Choosers.known())
    places = np.zeros(len(shown), np.int64)
    assert same(
        found, sums_when(shown, Expected(places, [model.expectation], lambda: by_rate(shown)))
    )


def test_a_model_whose_file_is_gone_does_not_stop_the_night():
    day = seal()
    version, _ = learn()
    shown = chosen_by(day, version)
    storage.sweep("models", keep=())
    forget()
    assert same(shards.sums_of(shown, Choosers.known()), sums_when(shown, None))
    assert same(shards.sums_of(shown, Choosers({})), sums_when(shown, None))
    assert reducing.running([day], progress=silent).decisions == 100


def test_before_any_version_whom_was_just_fitted_speaks_of_what_no_model_chose():
    day = seal()
    (shown,) = reading.shown(day)
    _, model = learn()
    found = shards.sums_of(shown, Choosers({}, unnamed=model))
    assert same(found, sums_when(shown, Expected.alike(len(shown), model.expectation)))
    assert same(shards.sums_of(shown, Choosers({})), sums_when(shown, None))


def test_the_first_model_looks_twice_at_what_nobody_expected():
    """One step from rates expects too much; the second comes close to what happened."""
    world.build(days=3, viewers=60, titles=10, taste=0.5)
    days = [sealing.seal(day, now=NOW) for day in sealing.sealable_days(NOW)]
    table = read_index(revision=0).table
    spec = Spec(manifest.WIDTH, table.features.shape[1])
    once = fit(reducing.running(days, progress=silent), table, spec)
    fitted = fitting.fit(days, progress=silent)
    stored = storage.put(fitted.content, folder="models", suffix=".mq")
    path = storage.local_path(stored.path, stored.sha256)
    twice = files.open_model(path, sha256=stored.sha256, manifest=manifest.DIGEST)

    def off(model):
        found = [
            expected_and_happened(model, shown) for day in days for shown in reading.shown(day)
        ]
        expected, happened = np.sum(found, axis=0)
        return abs(expected / happened - 1.0)

    assert off(twice) < 0.05 < off(once)


def expected_and_happened(model, shown):
    lines = model.expectation.of(shown.chosen)
    odds = (lines * rows(shown).dense()).sum(axis=1)
    return expit(odds).sum(), shown.rewards.sum()


def test_sums_are_made_again_once_when_there_is_a_first_model():
    day = seal()
    before = reducing.running([day], progress=silent)
    learn()
    assert reducing.unreduced([day]) == [day]
    after = reducing.running([day], progress=silent)
    assert not same(before, after)
    assert np.array_equal(before.moments, after.moments)
    learn(seed=2)  # one more is no other first
    assert reducing.unreduced([day]) == []


def test_a_storage_that_does_not_answer_is_not_taken_for_a_file_that_is_gone(monkeypatch):
    day = seal()
    version, _ = learn(seed=3)
    shown = chosen_by(day, version)

    def silent_storage(*args, **options):
        raise ConnectionResetError("the bucket does not answer")

    monkeypatch.setattr(storage, "local_path", silent_storage)
    with pytest.raises(ConnectionResetError):
        shards.sums_of(shown, Choosers.known())
