"""Reports of pictures: who sends them, how often, who decides, and what the sender sees."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from rest_framework.throttling import ScopedRateThrottle

from personalization.actions.reporting import MOST_WAITING, ReportRefused, send_report
from personalization.models import PictureReport
from tests.factories import NOW, make_account, make_artwork, make_title, make_viewer

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(as_viewer):
    """A viewer, a title with a picture, and a function that sends a report of it."""
    title = make_title(name="Red Harbour")
    artwork = make_artwork(title)
    viewer = make_viewer(name="Robin")
    client = as_viewer(viewer)

    def send(**fields):
        named = {"artwork": artwork.pk, "reason": "mood", "words": "It is a comedy."} | fields
        return client.post(f"/pictures/{title.slug}/report/send/", named, follow=True)

    return viewer, title, artwork, client, send


def test_a_report_waits_and_its_sender_sees_its_state(sent):
    viewer, title, artwork, client, send = sent
    form = client.get(f"/pictures/{title.slug}/report/").text
    assert f'name="artwork" value="{artwork.pk}"' in form
    page = send().text
    assert "was sent" in page
    assert "Waiting" in page
    PictureReport.objects.update(state="upheld", answer="We took it down.")
    page = client.get("/reports/").text
    assert "Upheld" in page
    assert "We took it down." in page
    report = PictureReport.objects.get()
    assert (report.viewer, report.artwork, report.words) == (viewer, artwork, "It is a comedy.")


def test_a_second_report_of_the_same_picture_replaces_the_first(sent):
    *_, send = sent
    for words in ("one", "two", "two"):
        send(words=words)
    assert [report.words for report in PictureReport.objects.all()] == ["two"]


def test_a_child_may_report(as_viewer):
    title = make_title(maturity=0)
    artwork = make_artwork(title)
    client = as_viewer(make_viewer(is_child=True))
    client.post(f"/pictures/{title.slug}/report/send/", {"artwork": artwork.pk, "reason": "wrong"})
    assert PictureReport.objects.count() == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"reason": ""},
        {"reason": "because"},
        {"artwork": ""},
        {"artwork": "x"},
        {"artwork": "-1"},
        {"artwork": "9" * 30},
        {"artwork": "0"},
        {"words": "x" * 501},
        {"words": "a\x00b"},
    ],
)
def test_what_is_no_report_is_refused_in_words(sent, fields):
    *_, send = sent
    answer = send(**fields)
    assert answer.status_code == 422
    assert "errorlist" in answer.text
    assert not PictureReport.objects.exists()


def test_a_picture_of_another_title_is_refused(sent):
    *_, send = sent
    answer = send(artwork=make_artwork(make_title()).pk)
    assert answer.status_code == 422
    assert "not a picture of this title" in answer.text


def test_words_are_shown_as_text(sent):
    *_, client, send = sent
    send(words="<script>alert(1)</script> 🎬")
    page = client.get("/reports/").text
    assert "<script>alert" not in page
    assert "🎬" in page


def test_a_thousand_reports_meet_a_limit(sent, monkeypatch):
    monkeypatch.setitem(ScopedRateThrottle.THROTTLE_RATES, "reports", "3/hour")
    cache.clear()
    *_, send = sent
    assert [send().status_code for _ in range(5)] == [200, 200, 200, 429, 429]


def test_only_so_many_of_a_profile_wait():
    viewer = make_viewer()
    for _ in range(MOST_WAITING):
        title = make_title()
        artwork = make_artwork(title)
        send_report(viewer, title, artwork.pk, reason="other", words="", now=NOW)
    title = make_title()
    with pytest.raises(ReportRefused, match="wait for an answer"):
        send_report(viewer, title, make_artwork(title).pk, reason="other", words="", now=NOW)
    PictureReport.objects.update(state="dismissed")
    send_report(viewer, title, make_artwork(title).pk, reason="other", words="", now=NOW)


def test_reports_are_their_senders_alone(sent, as_viewer):
    _, title, _, _, send = sent
    send()
    other = as_viewer(make_viewer(), Client())
    assert "Red Harbour" not in other.get("/reports/").text
    assert Client().get("/reports/").status_code == 302
    url = f"/pictures/{title.slug}/report/send/"
    assert Client().post(url).url.startswith(reverse("account_login"))
    nobody = Client()
    nobody.force_login(make_account())
    assert nobody.post(url).url.startswith(reverse("catalog:profiles"))
    assert other.get(url).status_code == 405


def test_a_report_goes_with_its_profile(sent):
    viewer, *_, send = sent
    send()
    viewer.delete()
    assert not PictureReport.objects.exists()


QUEUE = "/admin/personalization/picturereport/"


@pytest.mark.parametrize("group", ["Editors", "Auditors", "Operators"])
def test_staff_decide_in_the_queue_and_are_not_told_who_sent_it(sent, signed_in, group):
    viewer, _title, _, _, send = sent
    send()
    report = PictureReport.objects.get()
    staff = signed_in(group)
    listed = staff.get(QUEUE, {"state__exact": "waiting", "q": "harbour"})
    assert "Red Harbour" in listed.text
    page = staff.get(f"{QUEUE}{report.pk}/change/").text
    assert "It is a comedy." in page
    for secret in (viewer.name, str(viewer.public_id), viewer.account.email):
        assert secret not in listed.text + page
    answer = staff.post(
        f"{QUEUE}{report.pk}/change/", {"state": "upheld", "answer": "You are right."}
    )
    assert answer.status_code == 302
    report.refresh_from_db()
    assert (report.state, report.answer, report.words) == (
        "upheld",
        "You are right.",
        "It is a comedy.",
    )
    assert report.decided_at is not None
    assert report.decided_by_name


def test_no_lookup_leads_to_the_sender(sent, signed_in):
    viewer, *_, send = sent
    send()
    staff = signed_in("Auditors")
    for lookup in ("viewer__exact", "viewer__account__email__startswith", "viewer__public_id"):
        assert staff.get(QUEUE, {lookup: viewer.pk}).status_code in {302, 400}
    assert staff.get(f"{QUEUE}add/").status_code == 403
    report = PictureReport.objects.get()
    assert staff.post(f"{QUEUE}{report.pk}/delete/", {"post": "yes"}).status_code == 403


def test_viewers_do_not_reach_the_queue(sent):
    *_, client, send = sent
    send()
    assert client.get(QUEUE).status_code == 302
    report = PictureReport.objects.get()
    assert client.post(f"{QUEUE}{report.pk}/change/", {"state": "upheld"}).status_code == 302
    report.refresh_from_db()
    assert report.state == "waiting"
    assert report.sent_at <= timezone.now()
