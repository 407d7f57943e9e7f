"""My data: what is kept, a copy of it, and erasing it. Whose it is, and who may not."""

import csv
import io
import json
import uuid
import zipfile
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from catalog.actions import opinions
from catalog.actions.portraits import set_portrait
from catalog.models import HiddenTitle, ListedTitle, Portrait, PutAside, Rating, WatchedMark
from personalization.actions import copying, own_data
from personalization.actions.journal import record_seen
from personalization.actions.keeping import keep_picture
from personalization.journal import erasing, sealing
from personalization.models import (
    DataCopy,
    Decision,
    Erasure,
    HistoryErasure,
    Impression,
    Keep,
    Window,
)
from personalization.serving.chooser import PersonalChooser
from personalization.tasks import rights_tick
from tests.catalog.artwork.pictures import picture
from tests.factories import make_account, make_artwork, make_title, make_viewer

PAGES = ["data", "data_plays", "data_decisions", "data_impressions", "data_progress"]
ORDERS = ["data_copy", "data_erase", "data_undo"]


def address(name, viewer):
    return reverse(f"personalization:{name}", args=[viewer.public_id])


def see(viewer, titles, *, now):
    choices = PersonalChooser().choose(viewer, titles, surface="home", now=now)
    sent = [choice.token for choice in choices.values()]
    record_seen(viewer, sent, page_view=uuid.uuid4(), now=now)


@pytest.fixture
def seen(world, as_viewer):
    """A viewer with plays, a window, decisions, impressions and a kept picture."""
    titles, viewer = world
    see(viewer, titles, now=timezone.now())
    keep_picture(viewer, titles[0], titles[0].artworks.first().pk, now=timezone.now())
    return titles, viewer, as_viewer(viewer)


def test_it_shows_what_is_kept_and_the_vector_in_words(seen):
    _, viewer, client = seen
    page = client.get(address("data", viewer)).text
    assert "Genre: " in page
    assert "How long your history is" in page
    plays = client.get(address("data_plays", viewer)).text
    assert "3 rows, the newest first" in plays
    assert "<td>50:00</td>" in plays
    assert "3 rows, the newest first" in client.get(address("data_decisions", viewer)).text
    assert "3 rows, the newest first" in client.get(address("data_impressions", viewer)).text


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("data_plays", "This profile has watched nothing."),
        ("data_decisions", "No picture was really seen by this profile."),
        ("data_impressions", "No picture was really seen by this profile."),
    ],
)
def test_a_page_without_rows_says_what_will_stand_there(as_viewer, db, name, words):
    viewer = make_viewer()
    page = as_viewer(viewer).get(address(name, viewer)).text
    assert words in page
    assert address("data", viewer) in page
    assert "<table" not in page and "0 rows" not in page


@pytest.mark.parametrize("name", [*PAGES, "data_download", *ORDERS])
def test_somebody_elses_data_are_not_found(seen, as_viewer, name):
    _, viewer, _ = seen
    method = "post" if name in ORDERS else "get"
    stranger = as_viewer(make_viewer(), Client())
    assert getattr(stranger, method)(address(name, viewer)).status_code == 404
    nobody = getattr(Client(), method)(address(name, viewer))
    assert nobody.url.startswith(reverse("account_login"))
    assert not HistoryErasure.objects.exists()
    assert not DataCopy.objects.exists()


@pytest.mark.parametrize("name", [*PAGES, "data_download", *ORDERS])
def test_a_child_neither_reads_copies_nor_erases(seen, as_viewer, name):
    _, viewer, _ = seen
    child = make_viewer(account=viewer.account, name="Kit", is_child=True)
    client = as_viewer(child, Client())
    method = "post" if name in ORDERS else "get"
    for profile in (viewer, child):
        answer = getattr(client, method)(address(name, profile))
        assert answer.url.startswith(reverse("catalog:grown_up"))
    assert not HistoryErasure.objects.exists()
    # The parent does, for the child's profile too.
    parent = as_viewer(viewer, Client())
    assert getattr(parent, method)(address(name, child)).status_code in {200, 302, 404}


@pytest.mark.parametrize("name", ORDERS)
def test_an_order_needs_a_token_and_the_right_method(seen, as_viewer, name):
    _, viewer, _ = seen
    client = as_viewer(viewer, Client(enforce_csrf_checks=True))
    assert client.post(address(name, viewer)).status_code == 403
    assert client.get(address(name, viewer)).status_code == 405


def say_everything(viewer, title):
    now = timezone.now()
    opinions.put_on_list(viewer, title, now=now)
    opinions.rate(viewer, title, "no", now=now)
    opinions.hide(viewer, title, now=now)
    opinions.mark_watched(viewer, title, watched=True, now=now)
    opinions.put_aside(viewer, title, now=now)


def archive(client, viewer):
    answer = client.get(address("data_download", viewer))
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    return zipfile.ZipFile(io.BytesIO(answer.content))


def test_a_copy_holds_every_table_as_json_and_csv(seen):
    titles, viewer, client = seen
    assert client.get(address("data_download", viewer)).status_code == 404
    say_everything(viewer, titles[0])
    client.post(address("data_copy", viewer))
    made = archive(client, viewer)
    names = ["profile", "plays", "windows", "decisions", "sealed", "impressions", "list",
             "ratings", "hidden", "marks", "aside", "keeps", "reports", "erasures"]  # fmt: skip
    assert set(made.namelist()) == {
        "README.txt", *(f"{name}.{kind}" for name in names for kind in ("json", "csv"))
    }  # fmt: skip
    rows = {name: json.loads(made.read(f"{name}.json")) for name in names}
    assert {name: len(found) for name, found in rows.items()} == {
        "profile": 1, "plays": 3, "windows": 1, "decisions": 3, "sealed": 0, "impressions": 3,
        "list": 1, "ratings": 1, "hidden": 1, "marks": 1, "aside": 1, "keeps": 1, "reports": 0,
        "erasures": 0,
    }  # fmt: skip
    table = list(csv.DictReader(io.StringIO(made.read("decisions.csv").decode())))
    assert [row["title"] for row in table] == [row["title"] for row in rows["decisions"]]
    assert {row["title"] for row in table} == {title.name for title in titles}
    recorded = Decision.objects.order_by("day", "pk").first()
    assert rows["decisions"][0]["probabilities"] == recorded.probabilities
    assert "genre:action" in rows["windows"][0]
    assert rows["ratings"][0]["value"] == "no"
    assert rows["list"][0]["title__name"] == titles[0].name


def test_a_copy_holds_the_portrait_as_it_is_kept(seen):
    _, viewer, client = seen
    set_portrait(viewer, picture())
    client.post(address("data_copy", viewer))
    made = archive(client, viewer)
    assert made.read("portrait.webp") == bytes(Portrait.objects.get(viewer=viewer).webp)
    assert "portrait.webp" in made.read("README.txt").decode()


def test_a_large_copy_is_made_by_a_worker(seen, monkeypatch):
    _, viewer, client = seen
    monkeypatch.setattr(copying, "LARGE", 1)
    client.post(address("data_copy", viewer))
    assert DataCopy.objects.get().state == "waiting"
    page = client.get(address("data", viewer)).text
    assert "The copy is being made" in page
    assert "every 2s" in client.get(address("data_progress", viewer)).text
    client.post(address("data_copy", viewer))  # asked twice, it is made once
    assert "made 1 copies" in rights_tick()
    assert "Download the copy" in client.get(address("data_progress", viewer)).text
    assert archive(client, viewer).namelist()
    assert "made 0 copies" in rights_tick()


def test_a_copy_whose_worker_is_gone_is_made_again_and_an_old_one_is_deleted(seen):
    _, viewer, _ = seen
    now = timezone.now()
    copy = own_data.ask_for_copy(viewer, rows_expected=9, now=now)
    DataCopy.objects.update(state="making", reported_at=now)
    assert copying.make_waiting(now=now) == 0
    assert copying.make_waiting(now=now + timedelta(minutes=4)) == 1
    copy.refresh_from_db()
    assert copy.state == "ready"
    assert own_data.forget_old_copies(now=now + timedelta(hours=25)) == 1


def test_a_sealed_day_whose_rows_are_gone_is_in_the_copy(seen):
    titles, viewer, client = seen
    day = timezone.now().date()
    sealed = sealing.seal(day, now=timezone.now())
    sealed.dropped_at = timezone.now()
    sealed.save()
    other = make_viewer()
    see(other, titles, now=timezone.now() + timedelta(days=1))
    copy = own_data.ask_for_copy(viewer, rows_expected=0, now=timezone.now())
    assert copying.make(copy.pk, now=timezone.now())
    rows = json.loads(archive(client, viewer).read("sealed.json"))
    assert {row["title"] for row in rows} == {title.name for title in titles}
    assert len(rows) == 3


def test_texts_of_a_copy_are_no_formulas():
    rows = [{"words": "=HYPERLINK(1)", "list": [1], "number": -1}]
    assert list(csv.reader(io.StringIO(copying._csv(rows))))[1] == ["'=HYPERLINK(1)", "[1]", "-1"]


def test_the_history_is_erased_after_ten_seconds_and_says_what_is_owed(seen):
    titles, viewer, client = seen
    say_everything(viewer, titles[0])
    client.post(address("data_erase", viewer))
    client.post(address("data_erase", viewer))  # a second tab
    assert HistoryErasure.objects.count() == 1
    page = client.get(address("data", viewer)).text
    assert "The history is erased in" in page
    assert viewer.watch_events.count() == 3
    now = timezone.now()
    assert own_data.carry_out_due(now=now) == 0
    HistoryErasure.objects.update(due_at=now)
    assert "Erased 1 histories" in rights_tick()
    viewer.refresh_from_db()
    assert viewer.history_length == 0
    assert not viewer.watch_events.exists()
    for rows in (Window, Decision, Impression):
        assert not rows.objects.exists()
    # Marks are history. What the viewer said besides stays, as the page says.
    for rows in (WatchedMark, PutAside):
        assert not rows.objects.exists()
    for rows in (Keep, ListedTitle, Rating, HiddenTitle):
        assert rows.objects.exists()
    page = " ".join(client.get(address("data", viewer)).text.split())
    assert "3 plays · 1 window · 3 choices with their" in page
    assert "Still owed" in page
    erasing.carry_out(now=now)
    assert not Erasure.objects.exists()
    assert "were written again without you" in client.get(address("data", viewer)).text
    assert "Erased 0 histories" in rights_tick()


def test_an_erasure_leaves_no_row_in_sealed_days(seen):
    titles, viewer, _ = seen
    stranger = make_viewer()
    see(stranger, titles, now=timezone.now())
    day = sealing.seal(timezone.now().date(), now=timezone.now())
    assert day.rows == 6
    own_data.ask_to_erase_history(viewer, now=timezone.now())
    own_data.carry_out_due(now=timezone.now() + timedelta(seconds=11))
    erasing.carry_out(now=timezone.now())
    day.refresh_from_db()
    assert day.rows == 3
    assert Decision.objects.filter(viewer=stranger).count() == 3


def test_it_can_be_undone_for_ten_seconds(seen):
    _, viewer, client = seen
    client.post(address("data_erase", viewer))
    page = client.post(address("data_undo", viewer), follow=True).text
    assert "Nothing was erased." in page
    assert own_data.carry_out_due(now=timezone.now() + timedelta(minutes=1)) == 0
    assert viewer.watch_events.count() == 3
    client.post(address("data_erase", viewer))
    HistoryErasure.objects.update(due_at=timezone.now())
    page = client.post(address("data_undo", viewer), follow=True).text
    assert "It is too late" in page
    assert not viewer.watch_events.exists()  # the page carried it out


def test_the_profile_can_be_removed_while_an_erasure_waits(seen):
    _, viewer, _ = seen
    own_data.ask_to_erase_history(viewer, now=timezone.now())
    own_data.carry_out_due(now=timezone.now() + timedelta(seconds=11))
    assert Erasure.objects.count() == 1
    viewer.delete()
    assert Erasure.objects.count() == 1
    assert not HistoryErasure.objects.exists()
    assert own_data.carry_out_due(now=timezone.now()) == 0


@pytest.mark.django_db
def test_a_profile_without_anything_has_a_page_and_a_copy(as_viewer):
    viewer = make_viewer(account=make_account())
    make_artwork(make_title())
    client = as_viewer(viewer)
    assert "Nothing at the moment" in client.get(address("data", viewer)).text
    client.post(address("data_copy", viewer))
    assert json.loads(archive(client, viewer).read("plays.json")) == []


def test_a_removed_profile_has_a_page_that_says_what_is_owed(seen):
    _, viewer, client = seen
    url = address("owed", viewer)
    assert Client().get(url).status_code == 404  # it exists
    assert url in client.get(f"/profiles/{viewer.public_id}/remove/").text
    client.post(f"/profiles/{viewer.public_id}/remove/")
    assert "Still owed" in Client().get(url).text
    erasing.carry_out(now=timezone.now())
    page = Client().get(url).text
    assert "Nothing is owed" in page
    never = Client().get(reverse("personalization:owed", args=[uuid.uuid4()])).text
    assert "Nothing is owed" in never
    assert Client().post(url).status_code == 405


@pytest.mark.django_db
@pytest.mark.parametrize("ahead", [timedelta(hours=1), timedelta(days=730)])
def test_what_was_asked_under_a_clock_that_was_ahead_does_not_wait_for_it(ahead):
    viewer, now = make_viewer(), timezone.now()
    own_data.ask_to_erase_history(viewer, now=now + ahead)
    assert not own_data.undo_erasure(viewer, now=now)
    assert own_data.carry_out_due(now=now) == 1
    copy = own_data.ask_for_copy(viewer, rows_expected=1, now=now + ahead)
    DataCopy.objects.update(state=DataCopy.State.MAKING, reported_at=now + ahead)
    assert copying.make(copy.pk, now=now)
    assert own_data.forget_old_copies(now=now) == 1


@pytest.mark.django_db
def test_clocks_that_differ_a_little_change_nothing():
    viewer, now = make_viewer(), timezone.now()
    own_data.ask_to_erase_history(viewer, now=now + timedelta(minutes=1))
    assert own_data.carry_out_due(now=now) == 0
    assert own_data.undo_erasure(viewer, now=now)
