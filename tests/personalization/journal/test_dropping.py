"""Sealed days leave the journal after the retention, and everything that reads them says so."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from personalization import storage
from personalization.journal import dropping, partitions, sealing
from personalization.models import Decision, Impression, SealedDay, Window
from personalization.night import days, running
from personalization.rights.explanations import explain
from tests.factories import NOW, make_artwork, make_title, make_viewer
from tests.personalization.factories import DAY, make_decision, make_window

pytestmark = pytest.mark.django_db
LATER = DAY + timedelta(days=31)
AT = datetime.combine(LATER, datetime.min.time(), UTC) + timedelta(hours=3)


@pytest.fixture(autouse=True)
def _no_other_days():
    """Drop the partitions that other tests committed."""
    for day in partitions.days():
        partitions.drop(day)


@pytest.fixture
def slate():
    title = make_title()
    return title, [make_artwork(title) for _ in range(3)]


@pytest.fixture
def decision(slate):
    made = make_decision(make_viewer(), *slate)
    Impression.objects.create(decision=made, day=made.day, page_view=f"{1:032x}", seen_at=NOW)
    return made


def seal(day=DAY):
    return sealing.seal(day, now=NOW + timedelta(days=3))


def test_a_sealed_day_leaves_after_the_retention_and_its_file_stays(decision):
    sealed = seal()
    assert dropping.drop_old(LATER - timedelta(days=1), now=AT) == {}
    assert Decision.objects.exists()
    assert dropping.drop_old(LATER, now=AT) == {}
    assert not Decision.objects.exists()
    assert not Impression.objects.exists()
    assert partitions.days() == []
    sealed.refresh_from_db()
    assert sealed.dropped_at == AT
    sealing.verify(sealed)


def test_dropping_again_changes_nothing(decision):
    seal()
    dropping.drop_old(LATER, now=AT)
    partitions.ensure([DAY])  # as a wrong clock may date it
    dropping.drop_old(LATER, now=AT + timedelta(days=1))
    assert partitions.days() == []
    assert SealedDay.objects.get().dropped_at == AT


def test_a_day_that_is_not_sealed_is_kept_however_old(decision):
    assert dropping.drop_old(LATER, now=AT) == {
        str(DAY): "It holds decisions and is not sealed.",
    }
    assert Decision.objects.exists()


@pytest.mark.parametrize("damage", ["altered", "missing"])
def test_a_day_whose_file_does_not_verify_is_kept_and_the_night_says_why(decision, damage):
    sealed = seal()
    path = storage.local_path(sealed.path, sealed.sha256)
    path.unlink() if damage == "missing" else path.write_bytes(b"!")
    kept = dropping.drop_old(LATER, now=AT)
    assert damage in kept[str(DAY)]
    assert Decision.objects.exists()
    assert SealedDay.objects.get().dropped_at is None


def test_an_old_day_without_decisions_goes_and_the_next_days_are_made():
    partitions.ensure([DAY])
    night = running.run(running.begin(LATER, now=AT), clock=lambda: AT)
    assert partitions.days() == [LATER + timedelta(days=ahead) for ahead in range(4)]
    assert night.report["kept"] == {}


def test_the_night_drops_and_tells(slate, signed_in):
    make_decision(make_viewer(), *slate)
    seal()
    ahead = AT + timedelta(days=2)
    make_decision(make_viewer(), *slate, first_seen_at=ahead)
    night = running.run(running.begin(LATER, now=AT), clock=lambda: AT)
    assert night.report["dropped"] == [str(DAY)]
    assert night.report["ahead"] == [str(ahead.date())]
    page = signed_in("Operators").get(
        reverse("admin:personalization_night_change", args=[night.pk])
    )
    assert f"left the journal: {DAY}" in page.content.decode()
    assert f"clock is wrong: {ahead.date()}" in page.content.decode()


def test_a_dropped_day_is_still_learnt_from(slate):
    for number in range(3):
        make_decision(make_viewer(), *slate, first_seen_at=NOW + timedelta(days=number))
        seal(DAY + timedelta(days=number))
    before = [day.sha256 for part in days.split(AT) for day in part]
    dropping.drop_old(LATER + timedelta(days=9), now=AT)
    assert not Decision.objects.exists()
    assert [day.sha256 for part in days.split(AT) for day in part] == before


def test_a_dropped_day_cannot_be_built_again_and_says_so(decision, signed_in):
    sealed = seal()
    dropping.drop_old(LATER, now=AT)
    sealed.refresh_from_db()
    with pytest.raises(sealing.RowsDropped, match=r"2026-03-02 left the journal on 2026-04-02"):
        sealing.recheck(sealed)
    page = signed_in("Auditors").post(
        reverse("admin:personalization_sealedday_changelist"),
        {"_selected_action": [sealed.pk], "action": "compare"},
        follow=True,
    )
    assert "cannot be built again and compared" in page.content.decode()
    assert "checked: each is" not in page.content.decode()


def test_the_admin_says_where_a_decisions_rows_are_gone(decision, signed_in):
    client, words = signed_in("Operators"), "Decisions up to 2026-03-02 have left the journal"
    listed = reverse("admin:personalization_decision_changelist")
    assert words not in client.get(listed).content.decode()
    seal()
    dropping.drop_old(LATER, now=AT)
    assert words in client.get(listed).content.decode()
    where = reverse("admin:personalization_decision_change", args=[decision.pk])
    page = client.get(where, follow=True).content.decode()
    assert words in page
    assert "neither be shown nor replayed" in page


def test_why_a_picture_is_shown_needs_no_row_of_the_journal(slate):
    title, _ = slate
    viewer = make_viewer()
    make_decision(viewer, *slate)
    before = explain(viewer, title, now=NOW)
    seal()
    dropping.drop_old(LATER, now=AT)
    assert explain(viewer, title, now=NOW) == before


def test_a_night_that_was_never_run_loses_nothing(slate):
    """After forty days without a night, one night seals all days, the next drops old ones."""
    for number in (0, 39):
        make_decision(make_viewer(), *slate, first_seen_at=NOW + timedelta(days=number))
    now = AT + timedelta(days=20)
    night = running.run(running.begin(now.date(), now=now), clock=lambda: now)
    assert [day["day"] for day in night.report["sealed"]] == ["2026-03-02", "2026-04-10"]
    assert night.report["dropped"] == []
    assert "sealed less than a day ago" in night.report["kept"]["2026-03-02"]
    now += timedelta(days=1)
    night = running.run(running.begin(now.date(), now=now), clock=lambda: now)
    assert night.report["dropped"] == ["2026-03-02"]


@pytest.fixture
def over(settings):
    """A day on which a window that opened on DAY is older than the retention, by a night."""
    return DAY + timedelta(days=settings.WINDOW_RETENTION_DAYS + 1)


def test_a_window_that_is_over_goes_with_its_vector(over):
    window = make_window(make_viewer(), opened_at=NOW)
    assert dropping.drop_old_windows(over - timedelta(days=1)) == 0
    assert Window.objects.get() == window
    assert dropping.drop_old_windows(over) == 1
    assert not Window.objects.exists()
    assert dropping.drop_old_windows(over) == 0


def test_a_window_that_a_clock_ahead_opened_goes():
    viewer = make_viewer()
    soon = make_window(viewer, opened_at=NOW + timedelta(hours=20))
    make_window(viewer, opened_at=NOW + timedelta(days=700))
    assert dropping.drop_windows_ahead(now=NOW) == 1
    assert Window.objects.get() == soon


def test_a_window_stays_while_the_journal_holds_a_decision_of_it(decision, over):
    """Its age does not matter: its day may not be sealed yet, and a replay reads it."""
    assert dropping.drop_old_windows(over) == 0
    seal()
    assert dropping.drop_old_windows(over) == 0
    assert Window.objects.get() == decision.window
    dropping.drop_old(over, now=AT)
    assert dropping.drop_old_windows(over) == 1


def test_the_night_deletes_old_windows_and_tells_how_many(decision, over, signed_in):
    seal()
    opened = [make_window(make_viewer(), opened_at=NOW) for _ in range(2)]
    now = datetime.combine(over, datetime.min.time(), UTC) + timedelta(hours=3)
    new = make_window(opened[0].viewer, key="999.9", opened_at=now)
    night = running.run(running.begin(over, now=now), clock=lambda: now)
    assert Window.objects.get() == new
    assert night.report["windows"] == 3
    page = signed_in("Operators").get(
        reverse("admin:personalization_night_change", args=[night.pk])
    )
    assert "Ended windows without a decision that were deleted: 3" in page.content.decode()


def test_without_its_old_windows_a_viewer_is_explained_and_learnt_from(slate, over):
    title, _ = slate
    viewer = make_viewer()
    make_decision(viewer, *slate)
    sealed = seal()
    now = datetime.combine(over, datetime.min.time(), UTC)
    before = explain(viewer, title, now=now)
    dropping.drop_old(over, now=now)
    assert dropping.drop_old_windows(over) == 1
    assert explain(viewer, title, now=now) == before
    sealing.verify(sealed)
    assert [day for part in days.split(now) for day in part] == [sealed]
