import hashlib

import pytest

from personalization import storage
from personalization.models import ModelVersion, StateChange, Window
from personalization.release import registry
from tests.factories import NOW, make_account, make_viewer
from tests.personalization.factories import make_model, make_window

pytestmark = pytest.mark.django_db


def states():
    return dict(ModelVersion.objects.order_by("pk").values_list("pk", "state"))


def test_exactly_one_model_serves_after_a_promotion():
    first, second = make_model(), make_model()
    registry.promote(first, reason="the first", now=NOW)
    registry.promote(second, reason="better", now=NOW)
    assert states() == {first.pk: "retired", second.pk: "serving"}
    assert ModelVersion.objects.serving() == second


def test_promoting_what_serves_changes_nothing():
    model = registry.promote(make_model(), reason="the first", now=NOW)
    registry.promote(model, reason="again", now=NOW)
    assert StateChange.objects.count() == 1


def test_a_change_keeps_who_made_it_after_the_account_is_gone():
    account = make_account(email="op@example.com")
    registry.promote(make_model(), reason="looks right", now=NOW, by=account)
    account.delete()
    change = StateChange.objects.get()
    assert (change.by, change.by_name, change.reason) == (None, "op@example.com", "looks right")


def test_a_roll_back_restores_the_one_before_and_releases_the_windows():
    first, second = make_model(), make_model()
    registry.promote(first, reason="the first", now=NOW)
    registry.promote(second, reason="better", now=NOW)
    viewer = make_viewer()
    harmed = make_window(viewer, model=second)
    other = make_window(viewer, model=first, key="0.0")
    done = registry.roll_back(reason="shows the wrong people", now=NOW)
    assert (done.left.pk, done.serving.pk, done.windows) == (second.pk, first.pk, 1)
    assert states() == {first.pk: "serving", second.pk: "held"}
    assert Window.objects.get(pk=harmed.pk).released_at == NOW
    assert Window.objects.get(pk=other.pk).released_at is None


def test_a_roll_back_of_the_only_model_leaves_none():
    model = registry.promote(make_model(), reason="the first", now=NOW)
    assert registry.roll_back(reason="harm", now=NOW).serving is None
    assert states() == {model.pk: "held"}


def test_a_roll_back_may_name_its_target():
    models = [make_model() for _ in range(3)]
    for model in models:
        registry.promote(model, reason="better", now=NOW)
    assert registry.roll_back(reason="harm", now=NOW, to=models[0].pk).serving == models[0]


@pytest.mark.parametrize("to", [None, 10**9])
def test_a_roll_back_without_a_model_to_leave_or_to_return_to_is_refused(to):
    if to is not None:
        registry.promote(make_model(), reason="the first", now=NOW)
    with pytest.raises(registry.CannotPromote):
        registry.roll_back(reason="harm", now=NOW, to=to)


def test_the_serving_model_cannot_be_held():
    model = registry.promote(make_model(), reason="the first", now=NOW)
    with pytest.raises(registry.CannotPromote, match="roll it back"):
        registry.hold(model, reason="doubt", now=NOW)


def test_every_change_needs_a_reason():
    model = make_model()
    for change in (registry.promote, registry.hold):
        with pytest.raises(registry.CannotPromote, match="Say why"):
            change(model, reason=" ", now=NOW)
        with pytest.raises(registry.CannotPromote, match="Say why"):
            change(model, reason="\u200b\u2800 \u0301", now=NOW)
    with pytest.raises(registry.CannotPromote, match="Say why"):
        registry.roll_back(reason="", now=NOW)


def test_an_altered_model_file_never_serves():
    good, bad = make_model(), make_model()
    registry.promote(good, reason="the first", now=NOW)
    storage.local_path(bad.path, bad.sha256).write_bytes(b"altered")
    with pytest.raises(storage.StorageAltered):
        registry.promote(bad, reason="better", now=NOW)
    assert states() == {good.pk: "serving", bad.pk: "candidate"}


def test_a_roll_back_onto_an_altered_file_changes_nothing():
    first, second = make_model(), make_model()
    registry.promote(first, reason="the first", now=NOW)
    registry.promote(second, reason="better", now=NOW)
    path = storage.local_path(first.path, first.sha256)
    path.write_bytes(hashlib.sha256(b"other").digest())
    with pytest.raises(storage.StorageAltered):
        registry.roll_back(reason="harm", now=NOW)
    assert states() == {first.pk: "retired", second.pk: "serving"}
