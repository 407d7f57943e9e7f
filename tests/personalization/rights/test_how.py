"""The public page on how pictures are chosen."""

import numpy as np
import pytest
from django.core.cache import cache

from catalog.models import Viewer
from personalization.models import Window
from personalization.release.auditing import AuditVerdict, ConditionState, bound
from personalization.rights import disclosure as module
from personalization.rights.disclosure import CONTEXT_WORDS, EVERYBODY, disclosure
from personalization.serving import windows
from personalization.serving.windows import state_of
from tests.factories import NOW, make_viewer
from tests.personalization.serving.worlds import make_catalogue, make_model, make_watcher

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_cached():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def busy():
    """A model that serves and twelve viewers whose windows are open."""
    titles = make_catalogue(titles=3)
    version = make_model()
    for number in range(12):  # who have not all watched the same
        windows.current(make_watcher(*titles[: 2 + number % 2]), now=NOW)
    return version


def test_it_needs_no_sign_in_and_works_before_the_first_model(client):
    page = client.get("/how-pictures-are-chosen/")
    assert page.status_code == 200
    assert "No model serves yet" in page.text
    assert "no model to audit yet" in page.text
    assert "has not been audited" not in page.text
    assert client.post("/how-pictures-are-chosen/").status_code == 405


def test_the_parameters_come_from_the_model_and_add_up(busy):
    found = disclosure(now=NOW).parameters
    assert sum(each.percent for each in found) == pytest.approx(100)
    percents = [each.percent for each in found]
    assert percents == sorted(percents, reverse=True)
    genres = CONTEXT_WORDS["genre"]
    assert {each.words for each in found} >= {EVERYBODY, genres}


def parameters_with(monkeypatch, change):
    """Return the parameters by words, once `change` has been made to the model's weights."""
    opened = module.scoring

    def changed(version, index):
        model = opened(version, index)
        weights = model.weights.copy()
        change(weights)
        object.__setattr__(model, "weights", weights)
        monkeypatch.setattr(type(model), "bonuses", np.zeros(len(weights)))
        return model

    with monkeypatch.context() as patched:
        patched.setattr(module, "scoring", changed)
        cache.clear()
        return {each.words: each.percent for each in disclosure(now=NOW).parameters}


def test_a_model_that_goes_by_genres_alone_says_so(busy, monkeypatch):
    def genres_alone(weights):
        weights[:, 0] = 0
        weights[:, 1 + 18 :] = 0

    found = parameters_with(monkeypatch, genres_alone)
    # What its viewers' genres have in common tells nobody apart.
    assert found.keys() == {CONTEXT_WORDS["genre"], EVERYBODY}
    assert found[CONTEXT_WORDS["genre"]] > 0


def test_a_number_that_is_the_same_for_all_viewers_counts_for_everybody(busy, monkeypatch):
    vectors = np.stack([state_of(window).vector for window in Window.objects.all()])
    (same, *_) = np.flatnonzero(~vectors.var(axis=0).astype(bool) & (vectors[0] > 0))

    def by_it_alone(weights):
        kept = weights[:, 1 + same] + np.arange(len(weights))
        weights[:] = 0
        weights[:, 1 + same] = kept

    assert parameters_with(monkeypatch, by_it_alone) == {EVERYBODY: 100.0}


def test_it_shows_no_shares_of_few_viewers():
    titles = make_catalogue(titles=3)
    make_model()
    windows.current(make_watcher(*titles), now=NOW)
    assert disclosure(now=NOW).parameters == []


def test_the_audits_headline_names_no_group(busy, client, monkeypatch):
    words = "gender, women: difference in what is shown is 0.031"

    class Said:
        def verdict(self, model_id):
            assert model_id == busy.pk
            states = [ConditionState.KEPT, ConditionState.KEPT, ConditionState.UNKNOWN]
            return AuditVerdict(tuple(bound("exposure", state, words) for state in states))

    monkeypatch.setattr(module.auditing, "auditor", Said)
    page = " ".join(client.get("/how-pictures-are-chosen/").text.split())
    assert "tested 3 bounds" in page
    assert "2 kept" in page
    assert "women" not in page


def test_how_many_go_without_is_coarse_and_hidden_where_few(busy, client):
    assert disclosure(now=NOW).opted_out is None
    for _ in range(10):
        make_viewer(personalised=False)
    cache.clear()
    assert Viewer.objects.count() == 22
    assert disclosure(now=NOW).opted_out == 50
    assert "About 50 % of the profiles use it" in client.get("/how-pictures-are-chosen/").text


def test_it_is_made_once_an_hour(busy, django_assert_max_num_queries):
    disclosure(now=NOW)
    with django_assert_max_num_queries(2):
        disclosure(now=NOW)
