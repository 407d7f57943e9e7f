"""Bad days: each has a defined outcome, in words."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from django.db import IntegrityError, connection, transaction

from catalog.models import Artwork, WatchEvent
from personalization import storage
from personalization.bandit import files
from personalization.features import manifest
from personalization.features.manifest import DIGEST
from personalization.journal import partitions, sealing
from personalization.models import Decision, Night, SealedDay, Window
from personalization.night import running
from personalization.release.data_facts import data_facts
from personalization.serving.chooser import PersonalChooser
from tests.factories import NOW, make_artwork, make_title, make_viewer
from tests.personalization import world
from tests.personalization.factories import DAY, make_decision, make_window
from tests.personalization.serving.worlds import bump

pytestmark = pytest.mark.django_db
NIGHT = datetime(2026, 3, 9, 3, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _no_audit(settings):
    settings.CANDIDATE_AUDITOR = ""


def run():
    return running.run(running.begin(NIGHT.date(), now=NIGHT), clock=lambda: NIGHT)


def model_of(night):
    version = night.candidate
    path = storage.local_path(version.path, version.sha256)
    return files.open_model(path, sha256=version.sha256, manifest=DIGEST)


def chances(model, vector, rows):
    scores = model.slate_scores(vector, np.zeros(len(rows)), rows)
    return model.explored(scores, rows, np.zeros(1, np.int64))


def test_days_without_any_reward_are_sealed_fitted_and_held_in_words():
    world.build(days=5, viewers=20, titles=3)
    WatchEvent.objects.all().delete()
    night = run()
    assert night.outcome == Night.Outcome.HELD
    assert "hold no quality play at all" in night.reason
    assert {day.rewards for day in SealedDay.objects.all()} == {0}
    model = model_of(night)
    assert np.isfinite(model.weights).all()
    assert np.isfinite(model.context_free).all()


def test_one_artwork_with_all_the_rewards_leaves_the_others_their_floor():
    slates = world.build(days=5, viewers=40, titles=3)
    WatchEvent.objects.all().delete()
    winner = slates[0][1][0]
    WatchEvent.objects.bulk_create(
        WatchEvent(
            viewer_id=found.viewer_id,
            title_id=found.title_id,
            play_id=f"{found.pk:032x}",
            origin="home",
            started_at=found.first_seen_at,
            last_at=found.first_seen_at,
            quality_at=found.first_seen_at + timedelta(minutes=5),
        )
        for found in Decision.objects.filter(chosen=winner.pk)
    )
    night = run()
    assert night.stage == Night.Stage.DONE
    model = model_of(night)
    assert np.isfinite(model.weights).all()
    rows = np.searchsorted(model.artwork_ids, [artwork.pk for artwork in slates[0][1]])
    found = chances(model, np.full(manifest.WIDTH, 0.1), rows)
    assert np.argmax(found) == 0
    assert (found >= model.spec.floor / len(rows) - 1e-12).all()


def test_an_artwork_that_was_never_shown_starts_from_others_like_it():
    slates = world.build(days=5, viewers=40, titles=3)
    title, artworks = slates[0]
    new = make_artwork(title, kind=artworks[0].kind)
    model = model_of(run())
    at = np.searchsorted(model.artwork_ids, [artwork.pk for artwork in [*artworks, new]])
    assert model.artwork_ids[at[-1]] == new.pk
    assert model.information[at[-1]] == 0
    assert np.isfinite(model.weights[at[-1]]).all()
    assert chances(model, np.full(manifest.WIDTH, 0.1), at)[-1] > 0


def test_a_title_whose_artworks_all_retired_is_learnt_from_and_shown_without_a_picture():
    slates = world.build(days=5, viewers=20, titles=3)
    retired, kept = slates[0][0], slates[1][0]
    retired.artworks.update(state=Artwork.State.WITHDRAWN, withdrawn_at=NIGHT)
    bump()
    night = run()
    assert night.stage == Night.Stage.DONE
    assert all(day.rows == 20 * 3 for day in SealedDay.objects.all())
    shown = PersonalChooser().choose(make_viewer(), [retired, kept], surface="home", now=NIGHT)
    assert set(shown) == {kept.pk}


@pytest.mark.parametrize("propensity", [0.0, -0.1, 1.5, None])
def test_the_database_takes_no_propensity_that_is_none(propensity):
    title = make_title()
    with pytest.raises(IntegrityError), transaction.atomic():
        make_decision(make_viewer(), title, [make_artwork(title)], propensity=propensity)


@pytest.mark.parametrize("propensity", [0.0, -0.1, 1.5, float("nan")])
def test_a_propensity_that_a_damaged_journal_holds_is_left_out_by_name(propensity):
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE personalization_decision DROP CONSTRAINT propensity_is_a_probability"
        )
    title = make_title()
    artworks = [make_artwork(title)]
    make_decision(make_viewer(), title, artworks, propensity=propensity)
    sealed = sealing.seal(DAY, now=NIGHT)
    assert sealed.rows == 0
    assert list(sealed.refused) == [
        "propensity: missing, 0, above 1, or not the probability of the artwork chosen"
    ]


@pytest.mark.parametrize("field", ["policy", "standing", "surface"])
def test_a_name_that_nobody_knows_is_left_out_by_name(field):
    title = make_title()
    make_decision(make_viewer(), title, [make_artwork(title)], **{field: "telepathy"})
    sealed = sealing.seal(DAY, now=NIGHT)
    assert (sealed.rows, sum(sealed.refused.values())) == (0, 1)
    assert next(iter(sealed.refused)).startswith("policy, standing or surface")


def test_a_null_inside_a_list_is_left_out_by_name():
    title = make_title()
    found = make_decision(make_viewer(), title, [make_artwork(title)])
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE personalization_decision SET artworks = artworks || NULL::bigint WHERE id = %s",
            [found.pk],
        )
    sealed = sealing.seal(DAY, now=NIGHT)
    assert (sealed.rows, [words.split(":")[0] for words in sealed.refused]) == (0, ["artworks"])


def test_a_day_missing_in_the_middle_is_named_and_the_rest_is_learnt_from():
    world.build(days=6, viewers=20, titles=3)
    missing = DAY + timedelta(days=2)
    partitions.drop(missing)
    night = run()
    assert data_facts(night.candidate).missing == (str(missing),)
    assert f"1 of the newest seven days are missing ({missing})" in str(night.candidate.gate)
    assert night.candidate.decisions == 3 * 20 * 3


def test_a_second_row_for_a_sealed_day_is_impossible():
    world.build(days=1, viewers=2, titles=2)
    sealed = sealing.seal(DAY, now=NIGHT)
    with pytest.raises(IntegrityError, match="personalization_sealedday_day"), transaction.atomic():
        SealedDay.objects.create(
            day=DAY, path="days/other", sha256="0" * 64, rows=1, rewards=0,
            schema_version=sealed.schema_version, manifest_digest=DIGEST, sealed_at=NIGHT,
        )  # fmt: skip
    assert sealing.seal(DAY, now=NIGHT) == sealed


def test_days_of_another_manifest_are_named_and_not_learnt_from():
    world.build(days=6, viewers=20, titles=3)
    for day in sealing.sealable_days(NIGHT):
        sealing.seal(day, now=NIGHT - timedelta(days=1))
    first = DAY + timedelta(days=1)
    SealedDay.objects.filter(day__lt=first).update(manifest_digest="f" * 64)
    night = run()
    assert night.report["other_features"] == [str(DAY)]
    assert min(night.candidate.days.values_list("day", flat=True)) == first


def test_a_manifest_that_changed_within_a_day_leaves_the_older_windows_out_by_name():
    title = make_title()
    artworks = [make_artwork(title)]
    old = make_window(make_viewer(), manifest_digest="f" * 64)
    make_decision(old.viewer, title, artworks, window=old)
    make_decision(make_viewer(), title, artworks)
    sealed = sealing.seal(DAY, now=NIGHT)
    assert sealed.rows == 1
    assert sealed.refused == {"manifest: the window's vector has other features": 1}
    assert Window.objects.count() == 2


def test_a_day_is_open_until_its_last_decision_can_earn_no_more():
    """Late: a play within the attribution window counts, whenever its decision's day began."""
    title = make_title()
    viewer = make_viewer()
    last = datetime(2026, 3, 2, 23, 59, 59, tzinfo=UTC)
    make_decision(viewer, title, [make_artwork(title)], first_seen_at=last)
    WatchEvent.objects.create(
        viewer=viewer, title=title, play_id=f"{1:032x}", origin="home", started_at=last,
        last_at=last, quality_at=last + timedelta(hours=24),
    )  # fmt: skip
    assert sealing.sealable_days(last + timedelta(hours=23)) == []
    assert date(2026, 3, 2) in sealing.sealable_days(last + timedelta(hours=24, seconds=1))
    assert sealing.seal(DAY, now=NIGHT).rewards == 1


def test_a_play_that_is_reported_after_the_seal_is_not_learnt_from_and_recheck_says_so():
    title = make_title()
    viewer = make_viewer()
    make_decision(viewer, title, [make_artwork(title)])
    sealed = sealing.seal(DAY, now=NIGHT)
    WatchEvent.objects.create(
        viewer=viewer, title=title, play_id=f"{1:032x}", origin="home", started_at=NOW,
        last_at=NOW, quality_at=NOW,
    )  # fmt: skip
    with pytest.raises(sealing.SealDiffers, match="would hold 1 decisions with 1 rewards"):
        sealing.recheck(sealed)
    assert SealedDay.objects.get().rewards == 0
