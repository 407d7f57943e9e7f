"""A viewer who is erased leaves the sealed days, the sums and the next fit, and is forgotten."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.urls import reverse

from catalog.actions.viewers import remove_viewer
from catalog.models import Account, Viewer
from personalization import storage, tasks
from personalization.journal import erasing, sealing
from personalization.models import (
    Decision,
    Erasure,
    Impression,
    ModelVersion,
    Night,
    Reduction,
    SealedDay,
    SealedDayRewrite,
)
from personalization.night import claim, running
from tests.factories import NOW, make_artwork, make_title, make_viewer
from tests.personalization.factories import DAY, make_decision, make_model
from tests.personalization.journal.test_sealing import rows

pytestmark = pytest.mark.django_db
LATER = datetime(2026, 3, 6, 3, tzinfo=UTC)


@pytest.fixture
def slate():
    title = make_title()
    return title, [make_artwork(title) for _ in range(3)]


@pytest.fixture
def sealed(slate):
    """Two viewers on two days, and one of them on a third; all sealed."""
    both = [make_viewer() for _ in range(2)]
    for number in range(3):
        for viewer in both[number // 2 :]:
            make_decision(viewer, *slate, first_seen_at=NOW + timedelta(days=number))
        sealing.seal(DAY + timedelta(days=number), now=LATER)
    return both


def of_a_day():
    return {day.day.day: day for day in SealedDay.objects.all()}


def test_the_days_that_hold_an_erased_viewer_are_written_again_without_them(sealed):
    gone, stays = sealed
    before = of_a_day()
    remove_viewer(gone)
    assert Erasure.objects.get().public_id == gone.public_id
    assert erasing.carry_out(now=LATER) == {}
    after = of_a_day()
    for number in (2, 3):
        assert [row["viewer"] for row in rows(after[number])] == [stays.public_id.bytes]
        assert (before[number].rows, after[number].rows) == (2, 1)
        with pytest.raises(storage.StorageMissing):
            storage.verify(before[number].path, before[number].sha256)
    assert after[4].sha256 == before[4].sha256
    done = SealedDayRewrite.objects.order_by("day")
    assert [(each.day.day, each.rows_removed, each.why) for each in done] == [
        (2, 1, "erasure"),
        (3, 1, "erasure"),
    ]
    assert [each.old_sha256 for each in done] == [before[2].sha256, before[3].sha256]
    assert [each.new_sha256 for each in done] == [after[2].sha256, after[3].sha256]


def test_when_it_is_done_nobody_knows_whom_it_was_about(sealed):
    remove_viewer(sealed[0])
    erasing.carry_out(now=LATER)
    assert not Erasure.objects.exists()
    fields = {field.name for field in SealedDayRewrite._meta.get_fields()}
    assert fields == {
        "id", "day", "old_sha256", "new_sha256", "rows_removed", "why", "rewritten_at"
    }  # fmt: skip


def test_erasing_again_changes_nothing(sealed):
    remove_viewer(sealed[0])
    erasing.carry_out(now=LATER)
    before = of_a_day()
    erasing.carry_out(now=LATER)
    assert {k: day.sha256 for k, day in of_a_day().items()} == {
        k: day.sha256 for k, day in before.items()
    }
    assert SealedDayRewrite.objects.count() == 2


def test_a_day_of_nobody_else_is_sealed_empty(sealed):
    for viewer in sealed:
        remove_viewer(viewer)
    erasing.carry_out(now=LATER)
    assert [day.rows for day in SealedDay.objects.all()] == [0, 0, 0]
    sealing.recheck(SealedDay.objects.first())


@pytest.mark.parametrize(
    "removes",
    [
        remove_viewer,
        lambda viewer: viewer.delete(),
        lambda viewer: Viewer.objects.filter(pk=viewer.pk).delete(),
        lambda viewer: Account.objects.get(pk=viewer.account_id).delete(),
    ],
)
def test_however_a_viewer_goes_the_erasure_is_owed(sealed, removes):
    removes(sealed[0])
    assert list(Erasure.objects.values_list("public_id", flat=True)) == [sealed[0].public_id]


def test_a_removal_that_is_rolled_back_owes_nothing(sealed):
    class Changed(Exception):
        pass

    with pytest.raises(Changed), transaction.atomic():
        remove_viewer(sealed[0])
        raise Changed
    assert not Erasure.objects.exists()


def test_what_a_race_left_in_the_journal_goes_too(slate):
    viewer = make_viewer()
    pk = viewer.pk
    window = make_decision(viewer, *slate).window
    remove_viewer(viewer)
    # As a page's report leaves it that was written while the viewer was removed.
    left = Decision(
        viewer_id=pk, title=slate[0], window_id=window.pk, policy="uniform",
        standing="personal",
        artworks=[1], probabilities=[1.0], chosen=1, propensity=1.0, surface="home",
        position=0, first_seen_at=NOW, day=DAY,
    )  # fmt: skip
    left.save()
    Impression.objects.create(decision=left, day=DAY, page_view=f"{1:032x}", seen_at=NOW)
    erasing.carry_out(now=LATER)
    assert not Decision.objects.exists()
    assert not Impression.objects.exists()


def test_a_day_that_cannot_be_read_leaves_the_erasure_owed_and_says_why(sealed):
    damaged = SealedDay.objects.get(day=DAY)
    path = storage.local_path(damaged.path, damaged.sha256)
    content = path.read_bytes()
    path.unlink()
    remove_viewer(sealed[0])
    failed = erasing.carry_out(now=LATER)
    assert list(failed) == [str(DAY)]
    assert "missing" in failed[str(DAY)]
    assert Erasure.objects.count() == 1
    assert SealedDayRewrite.objects.count() == 1  # the other day was done
    path.write_bytes(content)
    assert erasing.carry_out(now=LATER) == {}
    assert not Erasure.objects.exists()


def test_the_sums_that_hold_an_erased_viewer_go_and_the_others_stay(sealed):
    kept = {}
    for day in SealedDay.objects.order_by("day"):
        stored = storage.put(f"sums to {day}".encode(), folder="statistics", suffix=".mq")
        kept[day.day.day] = Reduction.objects.create(
            day=day, key=str(day), path=stored.path, sha256=stored.sha256
        )
    earlier = make_decision(sealed[1], *_other(), first_seen_at=NOW - timedelta(days=1))
    first = sealing.seal(earlier.day, now=LATER)
    stored = storage.put(b"sums before", folder="statistics", suffix=".mq")
    before = Reduction.objects.create(
        day=first, key="before", path=stored.path, sha256=stored.sha256
    )
    remove_viewer(sealed[0])
    erasing.carry_out(now=LATER)
    assert list(Reduction.objects.all()) == [before]
    storage.verify(before.path, before.sha256)
    for gone in kept.values():
        with pytest.raises(storage.StorageMissing):
            storage.verify(gone.path, gone.sha256)


def _other():
    title = make_title()
    return title, [make_artwork(title)]


def test_a_model_that_learnt_from_them_is_noted(sealed, signed_in):
    days = list(SealedDay.objects.all())
    before, after = make_model(created_at=NOW), make_model(created_at=LATER + timedelta(days=1))
    before.days.set(days)
    after.days.set(days)
    remove_viewer(sealed[0])
    erasing.carry_out(now=LATER)
    assert [erasing.rows_erased_since(model) for model in (before, after)] == [2, 0]
    client = signed_in("Operators")
    page = client.get(reverse("admin:personalization_modelversion_change", args=[before.pk]))
    assert "; 2 were erased since" in page.content.decode()


def test_the_admin_tells_a_days_digests_before_and_after(sealed, signed_in):
    before = of_a_day()[2]
    remove_viewer(sealed[0])
    erasing.carry_out(now=LATER)
    client = signed_in("Auditors")
    page = client.get(reverse("admin:personalization_sealedday_change", args=[before.pk]))
    assert before.sha256 in page.content.decode()
    assert "without 1 rows (a viewer was erased)" in page.content.decode()
    for name in ("sealeddayrewrite", "erasure"):
        assert client.get(reverse(f"admin:personalization_{name}_changelist")).status_code == 200


def test_the_admin_says_what_an_erasure_waits_for(sealed, signed_in):
    remove_viewer(sealed[0])
    why = "The stored file is missing."
    Night.objects.create(date=LATER, started_at=LATER, report={"not_erased": {str(DAY): why}})
    Night.objects.create(date="2199-01-01", started_at=LATER)  # by a wrong clock
    where = reverse("admin:personalization_erasure_changelist")
    client = signed_in("Operators")
    assert f"{DAY} still holds a removed profile: {why}" in client.get(where).content.decode()
    Erasure.objects.all().delete()
    assert why not in client.get(where).content.decode()


def test_a_tick_carries_it_out_without_waiting_for_a_night(sealed):
    remove_viewer(sealed[0])
    assert "no sealed day any more" in tasks.night_tick()
    assert not Erasure.objects.exists()
    assert tasks.night_tick() == "Nothing is left to do."


def test_while_a_night_runs_the_erasure_waits_for_it(sealed):
    remove_viewer(sealed[0])
    with claim.held():
        assert "Another worker" in tasks.night_tick()
    assert Erasure.objects.exists()


def test_the_night_erases_before_it_learns_and_removes_what_no_row_names(sealed, settings):
    settings.EVALUATION_DAYS = 1
    settings.CANDIDATE_AUDITOR = ""
    remove_viewer(sealed[0])
    # A second file for a day, as a killed worker leaves one.
    stray = storage.put(b"another file for the same day", folder="days", suffix=".parquet")
    night = running.run(running.begin(LATER.date(), now=LATER), clock=lambda: LATER)
    assert not Erasure.objects.exists()
    assert stray.path in night.report["strays"]
    assert ModelVersion.objects.get().decisions == 2
    with pytest.raises(storage.StorageMissing):
        storage.verify(stray.path, stray.sha256)


def test_a_viewer_who_goes_while_a_day_is_sealed_is_erased_from_it(slate, monkeypatch):
    gone, stays = make_viewer(), make_viewer()
    for viewer in (gone, stays):
        make_decision(viewer, *slate)
    original = sealing.built

    def slowly(table, refused):
        if Viewer.objects.filter(pk=gone.pk).exists():
            remove_viewer(Viewer.objects.get(pk=gone.pk))
        return original(table, refused)

    monkeypatch.setattr(sealing, "built", slowly)
    sealed = sealing.seal(DAY, now=LATER)
    assert sealed.rows == 2
    erasing.carry_out(now=LATER)
    sealed.refresh_from_db()
    assert [row["viewer"] for row in rows(sealed)] == [stays.public_id.bytes]
