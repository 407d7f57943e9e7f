"""The beacon: what it accepts, what it refuses, what it leaves alone."""

import uuid
from datetime import timedelta
from datetime import timezone as offset_zone
from unittest.mock import patch

import pytest
from django.core import signing
from django.utils import timezone

from catalog.actions.viewers import remove_viewer
from catalog.middleware import SESSION_KEY
from catalog.models import Viewer
from personalization.actions.journal import Counted, record_seen
from personalization.actions.journal_in_bulk import DayIsSealed, Seen, record_seen_in_bulk
from personalization.inspection import impressions_of_titles
from personalization.journal import partitions, sealing
from personalization.models import Decision, Impression, Window
from personalization.serving import tokens, windows
from personalization.serving.chooser import PersonalChooser, choose_in_window
from personalization.serving.tokens import SALT, TokenRefused
from tests.factories import NOW, make_account, make_viewer, make_watch_event
from tests.personalization.serving.worlds import make_catalogue, make_model, make_watcher

URL = "/api/v1/seen/"


@pytest.fixture
def world(db):
    titles = make_catalogue(titles=3)
    return titles, make_watcher(*titles), make_model()


def tokens_for(viewer, titles, *, now=NOW):
    choices = PersonalChooser().choose(viewer, titles, surface="home", now=now)
    return [choices[title.pk].token for title in titles]


def made_at(now, viewer, titles):
    """Return the tokens of a page that a server made at `now`, by its clock."""
    with clock(now):
        return tokens_for(viewer, titles, now=now)


def reported_at(now, viewer, sent):
    with clock(now):
        return seen(viewer, sent, now=now)


def clock(now):
    return patch("django.core.signing.time.time", return_value=now.timestamp())


def seen(viewer, sent, *, page_view=None, now=NOW):
    return record_seen(viewer, sent, page_view=page_view or uuid.uuid4(), now=now)


def test_a_decision_that_was_seen_is_written_as_it_was_made(world):
    titles, viewer, model = world
    sent = tokens_for(viewer, titles)
    assert seen(viewer, sent) == Counted(accepted=3)
    decision = Decision.objects.get(title=titles[1])
    made = tokens.unpack(sent[1]).decided
    assert decision.artworks == made.artworks.tolist()
    assert decision.probabilities == made.probabilities.tolist()
    assert (decision.chosen, decision.propensity) == (made.artwork_id, made.propensity)
    assert (decision.position, decision.surface, decision.model) == (1, "home", model)
    assert decision.day == NOW.date()


def test_the_same_page_view_again_changes_nothing(world):
    titles, viewer, _ = world
    sent, page = tokens_for(viewer, titles), uuid.uuid4()
    seen(viewer, sent, page_view=page)
    assert seen(viewer, sent, page_view=page) == Counted(repeated=3)
    assert (Decision.objects.count(), Impression.objects.count()) == (3, 3)


@pytest.fixture
def one_window(monkeypatch):
    """Keep a viewer's window open: when the next one begins depends on the public id."""
    monkeypatch.setattr(windows, "window_key", lambda viewer, *, now: "1.0")


def test_batches_out_of_order_count_as_those_in_order(world):
    """A phone sends what it kept while it was without a connection: the newest first."""
    titles, viewer, _ = world
    sent = tokens_for(viewer, titles)
    last, first = uuid.uuid4(), uuid.uuid4()
    assert seen(viewer, sent[2:], page_view=last) == Counted(accepted=1)
    assert seen(viewer, sent[:2][::-1], page_view=first) == Counted(accepted=2)
    assert seen(viewer, sent[::-1], page_view=first) == Counted(repeated=3)
    decided = {row.title_id: row.position for row in Decision.objects.all()}
    assert decided == {title.pk: place for place, title in enumerate(titles)}
    assert Impression.objects.count() == 3


def test_a_token_repeated_ten_thousand_times_counts_once(world):
    titles, viewer, _ = world
    sent = made_at(NOW, viewer, titles[:1])
    assert reported_at(NOW, viewer, sent) == Counted(accepted=1)
    shown = impressions_of_titles([titles[0].pk])
    for quarter in range(4 * 12 + 1):  # as long as the token lives; another page view each time
        now = NOW + timedelta(minutes=15 * quarter)
        assert reported_at(now, viewer, sent * 200) == Counted(repeated=200)
    assert (Decision.objects.count(), Impression.objects.count()) == (1, 1)
    assert impressions_of_titles([titles[0].pk]) == shown == {titles[0].pk: 1}


def test_a_page_loaded_again_and_again_on_one_day_counts_once(world, one_window):
    titles, viewer, _ = world
    for minute in range(20):
        now = NOW + timedelta(minutes=minute)
        counted = reported_at(now, viewer, made_at(now, viewer, titles))
        assert counted == (Counted(repeated=3) if minute else Counted(accepted=3))
    assert Decision.objects.first().first_seen_at == NOW


def test_a_page_of_another_day_is_another_impression_of_the_same_decision(world, one_window):
    titles, viewer, _ = world
    for days in (0, 1, 3):
        now = NOW + timedelta(days=days)
        sent = made_at(now, viewer, titles)
        assert reported_at(now, viewer, sent) == Counted(accepted=3)
        assert reported_at(now + timedelta(minutes=1), viewer, sent) == Counted(repeated=3)
    assert (Decision.objects.count(), Impression.objects.count()) == (3, 9)
    assert set(Impression.objects.values_list("day", flat=True)) == {NOW.date()}


def test_a_page_of_yesterday_counts_today_only_if_it_did_not_yesterday(world, one_window):
    titles, viewer, _ = world
    night = NOW.replace(hour=23, minute=59)
    first, second = made_at(night, viewer, titles[:1]), made_at(night, viewer, titles[1:2])
    after = night + timedelta(minutes=2)
    assert reported_at(night, viewer, first) == Counted(accepted=1)
    assert reported_at(after, viewer, first) == Counted(repeated=1)
    assert reported_at(after, viewer, second) == Counted(accepted=1)
    # The new day's page adds nothing to what was seen that day.
    pages = made_at(after, viewer, titles[:2])
    assert reported_at(after, viewer, pages) == Counted(accepted=1, repeated=1)


def test_a_token_twice_in_one_batch_counts_once(world):
    titles, viewer, _ = world
    sent = tokens_for(viewer, titles[:1])
    assert seen(viewer, sent * 3) == Counted(accepted=1, repeated=2)


def test_a_title_begun_before_is_marked(world):
    titles, _, _ = world
    viewer = make_watcher(titles[0])
    seen(viewer, tokens_for(viewer, titles))
    assert list(Decision.objects.filter(begun=True).values_list("title", flat=True)) == [
        titles[0].pk
    ]


def test_a_play_that_begins_after_the_impression_is_no_beginning(world):
    titles, _, _ = world
    viewer = make_viewer()
    make_watch_event(viewer, titles[0], started_at=NOW + timedelta(minutes=1))
    seen(viewer, tokens_for(viewer, titles[:1]))
    assert not Decision.objects.get().begun


def test_another_viewers_tokens_are_refused_and_do_no_harm(world):
    titles, viewer, _ = world
    thief = make_viewer(account=viewer.account)
    assert seen(thief, tokens_for(viewer, titles)) == Counted(refused=3)
    assert not Decision.objects.exists()


@pytest.mark.parametrize(
    "damage",
    [
        lambda token: token[:-1] + ("A" if token[-1] != "A" else "B"),
        lambda token: "A" + token[1:],
        lambda token: "",
        lambda token: "not:a:token",
        lambda token: "\x00" * 50,
        lambda token: signing.TimestampSigner(salt=SALT).sign("short"),
        lambda token: signing.TimestampSigner(salt=SALT).sign("€"),
        lambda token: signing.TimestampSigner(salt="another").sign(token.split(":")[0]),
    ],
)
def test_a_forged_or_damaged_token_is_refused(world, damage):
    titles, viewer, _ = world
    sent = tokens_for(viewer, titles[:1])
    with pytest.raises(TokenRefused):
        tokens.unpack(damage(sent[0]))
    assert seen(viewer, [damage(sent[0])]) == Counted(refused=1)


def test_an_old_token_is_refused(world, settings):
    titles, viewer, _ = world
    sent = tokens_for(viewer, titles[:1])
    settings.DECISION_TOKEN_HOURS = 0
    assert seen(viewer, sent) == Counted(refused=1)


def test_tokens_of_a_title_that_was_deleted_are_refused(world):
    titles, viewer, _ = world
    sent = tokens_for(viewer, titles)
    titles[0].delete()
    assert seen(viewer, sent) == Counted(accepted=2, refused=1)


def test_tokens_of_a_viewer_that_was_erased_are_refused(world):
    titles, viewer, _ = world
    sent = tokens_for(viewer, titles)
    Window.objects.all().delete()
    assert seen(viewer, sent) == Counted(refused=3)


def test_a_clock_an_hour_behind_dates_no_impression_before_its_decision(world):
    titles, viewer, _ = world
    sent = tokens_for(viewer, titles)
    seen(viewer, sent)
    assert seen(viewer, sent, now=NOW - timedelta(hours=1)) == Counted(repeated=3)
    assert set(Decision.objects.values_list("first_seen_at", "day")) == {(NOW, NOW.date())}
    assert set(Impression.objects.values_list("seen_at", "day")) == {(NOW, NOW.date())}


def test_a_clock_two_days_behind_the_window_dates_nothing(world):
    titles, viewer, _ = world
    sent = tokens_for(viewer, titles)
    assert seen(viewer, sent, now=NOW - timedelta(days=2)) == Counted(refused=3)
    assert not Decision.objects.exists()
    assert seen(viewer, sent) == Counted(accepted=3)


def test_a_clock_ahead_dates_by_what_it_says_and_a_right_one_leaves_that(world):
    titles, viewer, _ = world
    sent, ahead = tokens_for(viewer, titles), NOW + timedelta(days=3)
    assert seen(viewer, sent, now=ahead) == Counted(accepted=3)
    assert seen(viewer, sent) == Counted(repeated=3)
    assert set(Decision.objects.values_list("first_seen_at", "day")) == {(ahead, ahead.date())}


def test_a_page_of_a_server_with_its_clock_ahead_counts_once_a_day(world):
    titles, viewer, _ = world
    sent = made_at(NOW + timedelta(days=30), viewer, titles)
    assert reported_at(NOW, viewer, sent) == Counted(refused=3)  # its window opens too late
    sent = tokens_for(viewer, titles)  # signed by this machine's clock, months after NOW
    assert reported_at(NOW, viewer, sent) == Counted(accepted=3)
    assert reported_at(NOW + timedelta(hours=1), viewer, sent) == Counted(repeated=3)


def test_a_late_batch_is_a_repetition_where_its_decision_is_known_even_if_the_day_is_sealed(world):
    titles, viewer, _ = world
    sent = tokens_for(viewer, titles)
    seen(viewer, sent[:2])
    sealed = sealing.seal(NOW.date(), now=NOW + timedelta(days=2))
    # Only a clock that jumped back can come with a first impression now.
    assert seen(viewer, sent, now=NOW + timedelta(minutes=1)) == Counted(repeated=2, refused=1)
    assert (sealed.rows, Decision.objects.count()) == (2, 2)
    sealing.verify(sealed)


def test_the_day_is_that_of_utc(world):
    titles, viewer, _ = world
    now = NOW.replace(hour=1).astimezone(offset_zone(timedelta(hours=-8)))
    seen(viewer, tokens_for(viewer, titles[:1]), now=now)
    assert Decision.objects.get().day == NOW.date()


def test_tokens_of_a_profile_that_was_removed_are_refused(world):
    titles, viewer, _ = world
    sent = tokens_for(viewer, titles)
    seen(viewer, sent)
    remove_viewer(Viewer.objects.get(pk=viewer.pk))
    assert seen(viewer, sent) == Counted(refused=3)
    assert not Decision.objects.exists()


def test_a_batch_costs_the_same_queries_whatever_its_size(world, django_assert_max_num_queries):
    titles, viewer, _ = world
    sent = tokens_for(viewer, titles)
    partitions.ensure([NOW.date()])
    with django_assert_max_num_queries(6):  # four, and a savepoint that begins and ends
        seen(viewer, sent)


def test_bulk_writes_what_the_beacon_writes(world):
    titles, viewer, _ = world
    other = make_watcher(*titles)
    seen(other, tokens_for(other, titles))
    pinned = windows.current(viewer, now=NOW)
    decided = choose_in_window(viewer, pinned, [title.pk for title in titles])
    rows = [
        Seen(viewer.pk, pinned.window.pk, pinned.window.model_id, choice, "home", at, NOW,
             uuid.uuid4(), begun=True)
        for at, choice in enumerate(decided)
    ]  # fmt: skip
    assert record_seen_in_bulk(rows) == 3
    assert record_seen_in_bulk(rows) == 0
    skipped = {"id", "viewer_id", "window_id", "artworks", "probabilities", "chosen", "propensity"}
    ours, theirs = (
        [{k: v for k, v in row.items() if k not in skipped}
         for row in Decision.objects.filter(viewer=who).order_by("position").values()]
        for who in (viewer, other)
    )  # fmt: skip
    assert ours == theirs
    assert Impression.objects.filter(decision__viewer=viewer).count() == 3


def in_bulk(viewer, titles, *times):
    """One row for each title and time, as a simulation would have it."""
    pinned = windows.current(viewer, now=NOW)
    decided = choose_in_window(viewer, pinned, [title.pk for title in titles])
    return [
        Seen(viewer.pk, pinned.window.pk, pinned.window.model_id, choice, "home", at, time,
             uuid.uuid4(), begun=False)
        for time in times
        for at, choice in enumerate(decided)
    ]  # fmt: skip


def test_bulk_makes_one_decision_of_what_was_seen_on_several_days(world):
    titles, viewer, _ = world
    times = [NOW + timedelta(days=days) for days in (2, 0, 1)]
    assert record_seen_in_bulk(in_bulk(viewer, titles, *times)) == 3
    assert set(Decision.objects.values_list("first_seen_at", flat=True)) == {NOW}
    assert record_seen_in_bulk(in_bulk(viewer, titles, NOW + timedelta(days=4))) == 0


def test_bulk_adds_nothing_to_a_sealed_day(world):
    titles, viewer, _ = world
    seen(viewer, tokens_for(viewer, titles[:1]))
    sealing.seal(NOW.date(), now=NOW + timedelta(days=2))
    with pytest.raises(DayIsSealed, match="2026-03-02 is sealed"):
        record_seen_in_bulk(in_bulk(viewer, titles, NOW, NOW + timedelta(days=1)))
    assert Decision.objects.count() == 1


@pytest.fixture
def signed_in(client, world):
    _, viewer, _ = world
    client.force_login(viewer.account)
    session = client.session
    session[SESSION_KEY] = viewer.pk
    session.save()
    return client


def post(client, body):
    return client.post(URL, body, content_type="application/json")


def test_the_endpoint_counts(world, signed_in):
    titles, viewer, _ = world
    sent = tokens_for(viewer, titles, now=timezone.now())
    body = {"page_view": str(uuid.uuid4()), "tokens": [*sent, "forged"]}
    assert post(signed_in, body).json() == {"accepted": 3, "repeated": 0, "refused": 1}


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"page_view": "no uuid", "tokens": ["x"]},
        {"page_view": str(uuid.uuid4()), "tokens": []},
        {"page_view": str(uuid.uuid4()), "tokens": "x"},
        {"page_view": str(uuid.uuid4()), "tokens": ["x"] * 201},
        {"page_view": str(uuid.uuid4()), "tokens": ["x" * 6001]},
        [],
    ],
)
def test_what_is_no_batch_is_refused_with_its_reason(signed_in, body):
    assert post(signed_in, body).status_code == 400


def test_nobody_reports_without_signing_in_or_without_a_profile(client, db):
    body = {"page_view": str(uuid.uuid4()), "tokens": ["x"]}
    assert post(client, body).status_code == 403
    client.force_login(make_account())
    assert post(client, body).status_code == 403


def test_a_foreign_site_cannot_report(world, signed_in):
    signed_in.handler.enforce_csrf_checks = True
    body = {"page_view": str(uuid.uuid4()), "tokens": ["x"]}
    assert post(signed_in, body).status_code == 403


def test_reading_the_endpoint_is_not_possible(signed_in):
    assert signed_in.get(URL).status_code == 405
