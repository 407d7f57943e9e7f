"""A picture that the viewer chose is recorded, and never taken for a decision of a policy."""

import uuid
from datetime import datetime, timedelta

import numpy as np
import pytest

from catalog.models import WatchEvent
from personalization import inspection
from personalization.actions.journal import record_seen
from personalization.actions.keeping import choose_again, keep_picture
from personalization.features.artworks import index_at
from personalization.journal import reading, replaying, sealing
from personalization.models import Decision, Impression, ModelVersion
from personalization.models.journal import Policy, Standing
from personalization.serving.bulk import decide_many, open_many
from personalization.serving.chooser import PersonalChooser, page_of
from personalization.serving.draw_key import draw_key
from tests.factories import NOW, make_watch_event
from tests.personalization.serving.worlds import make_catalogue, make_model, make_watcher

LATER = NOW + timedelta(days=3)


@pytest.fixture
def one(db):
    (title,) = make_catalogue(titles=1)
    make_model()
    return title, make_watcher(title, history_length=1)


def token(viewer, title, *, now=NOW):
    return PersonalChooser().choose(viewer, [title], surface="home", now=now)[title.pk].token


def see(viewer, *tokens, now=NOW):
    return record_seen(viewer, tokens, page_view=uuid.uuid4(), now=now)


def another(viewer, title):
    choice = PersonalChooser().choose(viewer, [title], surface="home", now=NOW)[title.pk]
    return title.artworks.exclude(pk=choice.artwork_id).order_by("pk").first()


def play(viewer, title, *, after: timedelta, at: datetime = NOW):
    when = at + after
    return make_watch_event(viewer, title, started_at=when, last_at=when, quality_at=when)


def sealed_rows():
    day = sealing.seal(NOW.date(), now=LATER)
    batches = list(reading.decisions(day))
    return day, batches


def test_a_kept_picture_has_a_row_beside_the_policys(one):
    title, viewer = one
    first = token(viewer, title)
    see(viewer, first)
    keep_picture(viewer, title, another(viewer, title).pk, now=NOW)
    kept = token(viewer, title)
    assert see(viewer, kept, kept, now=NOW + timedelta(minutes=1)).accepted == 1
    rows = Decision.objects.order_by("pk")
    assert [row.standing == Standing.KEEPS for row in rows] == [False, True]
    assert rows[1].policy == Policy.VIEWER
    assert Impression.objects.filter(decision=rows[0]).count() == 1
    assert Impression.objects.filter(decision=rows[1]).count() == 1
    # Both in one batch, and again: nothing new.
    counted = see(viewer, first, kept, now=NOW + timedelta(minutes=2))
    assert (counted.accepted, counted.repeated) == (0, 2)


def test_each_kept_picture_has_its_row(one):
    title, viewer = one
    for artwork in title.artworks.order_by("pk")[:3]:
        keep_picture(viewer, title, artwork.pk, now=NOW)
        see(viewer, token(viewer, title))
    assert Decision.objects.filter(standing=Standing.KEEPS).count() == 3


def test_no_sealed_day_holds_a_kept_picture(one):
    title, viewer = one
    keep_picture(viewer, title, another(viewer, title).pk, now=NOW)
    see(viewer, token(viewer, title))
    play(viewer, title, after=timedelta(minutes=9))
    WatchEvent.objects.filter(quality_at__lt=NOW).delete()
    choose_again(viewer, title)
    see(viewer, token(viewer, title), now=NOW + timedelta(hours=1))
    day, batches = sealed_rows()
    assert (day.rows, day.rewards, day.kept) == (1, 0, 1)
    assert all(
        title.artworks.filter(pk__in=batch.artworks.tolist()).count() == 4 for batch in batches
    )
    assert [len(shown) for shown in reading.shown(day)] in ([0], [1])


def test_a_day_of_kept_pictures_alone_is_sealed_empty(one):
    title, viewer = one
    keep_picture(viewer, title, another(viewer, title).pk, now=NOW)
    see(viewer, token(viewer, title))
    assert sealing.sealable_days(LATER) == [NOW.date()]
    day, batches = sealed_rows()
    assert (day.rows, day.kept) == (0, 1)
    assert sum(map(len, batches)) == 0


@pytest.mark.parametrize(
    ("keeps", "rewarded"),
    [("nothing", True), ("the same", True), ("another", False), ("another, later", True)],
)
def test_a_play_after_another_picture_is_not_credited_to_the_one_drawn(one, keeps, rewarded):
    title, viewer = one
    viewer.watch_events.all().delete()
    see(viewer, token(viewer, title))
    drawn = Decision.objects.get().chosen
    if keeps == "the same":
        keep_picture(viewer, title, drawn, now=NOW)
        see(viewer, token(viewer, title), now=NOW + timedelta(minutes=1))
    elif keeps.startswith("another"):
        keep_picture(viewer, title, another(viewer, title).pk, now=NOW)
        minutes = 30 if "later" in keeps else 1
        see(viewer, token(viewer, title), now=NOW + timedelta(minutes=minutes))
    play(viewer, title, after=timedelta(minutes=9))
    day, _ = sealed_rows()
    assert (day.rows, day.rewards) == (1, int(rewarded))


def test_a_replay_of_a_kept_picture_equals_what_was_recorded(one):
    title, viewer = one
    keep_picture(viewer, title, another(viewer, title).pk, now=NOW)
    sent = token(viewer, title)
    see(viewer, sent)
    (decision,) = replaying.find(sent)
    choose_again(viewer, title)  # What was recorded needs no order that still holds.
    replayed = replaying.replay(decision)
    assert replayed.differences == ()
    Decision.objects.update(propensity=0.5, probabilities=[0.5])
    decision.refresh_from_db()
    assert "probabilities differ" in replaying.replay(decision).differences[0]


def test_a_token_names_the_policys_decision_or_the_viewers_own(one):
    title, viewer = one
    drawn = token(viewer, title)
    see(viewer, drawn)
    keep_picture(viewer, title, another(viewer, title).pk, now=NOW)
    kept = token(viewer, title)
    see(viewer, kept)
    assert [row.standing for row in replaying.find(kept)] == [Standing.KEEPS]
    assert [row.standing == Standing.KEEPS for row in replaying.find(drawn)] == [False]


def test_audits_do_not_count_impressions_of_kept_pictures(one):
    title, viewer = one
    keep_picture(viewer, title, another(viewer, title).pk, now=NOW)
    see(viewer, token(viewer, title))
    artworks = np.array(title.artworks.values_list("pk", flat=True))
    model = ModelVersion.objects.serving()
    assert inspection.impressions_of_panel(model, [viewer.pk], artworks, until=LATER) is None
    assert inspection.impressions_of_titles([title.pk]) == {}
    choose_again(viewer, title)
    see(viewer, token(viewer, title))
    seen = inspection.impressions_of_panel(model, [viewer.pk], artworks, until=LATER)
    assert seen.sum() == 1
    assert inspection.impressions_of_titles([title.pk]) == {title.pk: 1}


def test_many_pages_at_once_respect_keeps_as_one_page_does(one):
    title, viewer = one
    others = make_catalogue(titles=2)
    stranger = make_watcher(title, *others)
    wanted = another(viewer, title)
    keep_picture(viewer, title, wanted.pk, now=NOW)
    opened = open_many([viewer, stranger], now=NOW)
    opened = open_many([viewer, stranger], now=NOW)
    index = index_at(opened[viewer.pk].revision)
    asked = np.array([title.pk, *(other.pk for other in others)])
    pages = [page_of(index, one, opened[one.pk], asked) for one in (viewer, stranger)]
    mine, theirs = decide_many(pages, index, key=draw_key())
    assert mine[0].artwork_id == wanted.pk
    assert mine[0].standing == Standing.KEEPS
    assert {each.standing for each in [*mine[1:], *theirs]} & {Standing.KEEPS} == set()
