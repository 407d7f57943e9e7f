"""The night waits for the workers, sends shards again, and in the end reduces them itself."""

from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from kombu.exceptions import OperationalError
from structlog.testing import capture_logs

from personalization import storage, tasks
from personalization.journal import sealing, writing
from personalization.models import (
    GateLook,
    ModelVersion,
    Night,
    Part,
    Reduction,
    SealedDay,
    StateChange,
)
from personalization.night import running, spreading
from personalization.training import parts
from tests.personalization import world

pytestmark = pytest.mark.django_db
NIGHT = date(2026, 3, 9)
NOW = datetime(2026, 3, 9, 3, tzinfo=UTC)
Stage = Night.Stage


@pytest.fixture(autouse=True)
def _world(settings, monkeypatch):
    """Five days of three shards each, of which two days judge."""
    settings.CANDIDATE_AUDITOR = ""
    settings.REDUCE_ON_WORKERS = True
    settings.REDUCE_PATIENCE_MINUTES = 5
    monkeypatch.setattr(writing, "ROW_GROUP", 17)
    world.build(days=5, viewers=10, titles=4, taste=0.3)


@pytest.fixture
def sent(monkeypatch):
    """The keys of each chord that was sent, in place of a broker."""
    chords = []

    def chord(header):
        keys = [message.args[0] for message in header]
        return lambda body: chords.append((keys, body.task))

    monkeypatch.setattr(spreading, "chord", chord)
    return chords


def look(minutes=0):
    """Look after the night, so many minutes after it began."""
    now = NOW + timedelta(minutes=minutes)
    return running.run(running.begin(NIGHT, now=now), clock=lambda: now)


def make(keys, minutes=0):
    for key in keys:
        parts.make(key, now=NOW + timedelta(minutes=minutes))


def model():
    return ModelVersion.objects.get().sha256


def again():
    """Delete the night and what it learnt, but not the sealed days."""
    StateChange.objects.all().delete()
    GateLook.objects.all().delete()
    ModelVersion.objects.all().delete()
    Night.objects.all().delete()
    Reduction.objects.all().delete()


def test_the_workers_are_sent_each_shard_once_and_the_night_waits(sent):
    night = look()
    assert (night.stage, night.outcome, night.attempts) == (Stage.REDUCE, "", 0)
    ((keys, body),) = sent
    assert keys == [part.key for part in Part.objects.all()]
    assert len(keys) == 9
    assert body == tasks.night_tick.name
    assert look(minutes=1).attempts == 0
    assert len(sent) == 1


def test_it_goes_on_when_all_are_made_and_the_model_is_that_of_one_process(
    sent, settings, tmp_path
):
    look()
    make(sent[0][0])
    assert look(minutes=1).stage == Stage.DONE
    assert not Part.objects.exists()
    assert not list((tmp_path / "storage" / "parts").rglob("*.mq"))
    spread = model()
    again()
    settings.REDUCE_ON_WORKERS = False
    assert look().stage == Stage.DONE
    assert model() == spread
    assert len(sent) == 1


def test_what_is_not_made_after_a_while_is_sent_again_and_in_the_end_made_here(sent):
    look()
    make(sent[0][0][:4])
    with capture_logs() as logged:
        assert look(minutes=6).stage == Stage.REDUCE
    assert [each["event"] for each in logged if each["log_level"] == "warning"] == [
        "shards_sent_again"
    ]
    assert [keys for keys, _ in sent] == [sent[0][0], sent[0][0][4:]]
    assert look(minutes=10).stage == Stage.REDUCE
    assert look(minutes=12).stage == Stage.DONE
    assert len(sent) == 2


def test_what_a_clock_ahead_sent_is_sent_again(sent):
    look()
    Part.objects.update(sent_at=NOW + timedelta(days=730))
    assert look(minutes=1).stage == Stage.REDUCE
    assert len(sent) == 2


def test_as_long_as_parts_arrive_nothing_is_sent_again(sent):
    look()
    for minutes, key in enumerate(sent[0][0][:-1]):
        make([key], minutes=4 * minutes)
        assert look(minutes=4 * minutes + 1).stage == Stage.REDUCE
    assert len(sent) == 1


def test_a_day_that_is_sealed_while_it_waits_is_sent_too(sent):
    look()
    world.build(days=1, viewers=10, titles=4, seed=2, first=date(2026, 3, 1))
    sealing.seal(date(2026, 3, 1), now=NOW)
    assert look(minutes=1).stage == Stage.REDUCE
    assert len(sent[1][0]) == 3
    assert not set(sent[1][0]) & set(sent[0][0])
    for keys, _ in sent:
        make(keys, minutes=1)
    assert look(minutes=2).candidate.days.count() == 4


def test_a_broker_that_is_down_delays_the_night_and_does_not_stop_it(monkeypatch):
    def chord(header):
        raise OperationalError("connection refused")

    monkeypatch.setattr(spreading, "chord", chord)
    with capture_logs() as logged:
        assert look().stage == Stage.REDUCE
    assert "shards_not_sent" in [each["event"] for each in logged]
    assert look(minutes=6).stage == Stage.REDUCE
    assert look(minutes=12).stage == Stage.DONE


def test_switched_off_while_it_waits_it_goes_on_by_itself(sent, settings):
    look()
    settings.REDUCE_ON_WORKERS = False
    assert look(minutes=1).stage == Stage.DONE


def test_taken_over_it_waits_no_longer(sent):
    night = look()
    running.take_over(night)
    assert look().stage == Stage.DONE
    running.take_over(night)
    assert look().stage == Stage.DONE


def test_a_day_that_is_gone_stops_it_by_name_and_not_for_ever(sent):
    for day in sealing.sealable_days(NOW):
        sealing.seal(day, now=NOW)
    bad = SealedDay.objects.order_by("day")[1]
    storage.local_path(bad.path, bad.sha256).unlink()
    for _ in range(running.ATTEMPTS):
        with pytest.raises(storage.StorageMissing, match=bad.path):
            look()
    night = Night.objects.get()
    assert (night.stage, night.attempts) == (Stage.REDUCE, running.ATTEMPTS)
    assert bad.path in night.error
    assert running.unfinished(now=NOW) == []


def test_the_next_night_sends_only_its_new_day(sent):
    look()
    make(sent[0][0])
    look(minutes=1)
    world.build(days=1, viewers=10, titles=4, seed=2, first=date(2026, 3, 7))
    now = NOW + timedelta(days=1)
    night = running.run(running.begin(now.date(), now=now), clock=lambda: now)
    assert night.stage == Stage.REDUCE
    assert [part.day.day for part in Part.objects.all()] == [date(2026, 3, 5)] * 3


def test_too_few_days_wait_for_nobody(sent, settings):
    settings.EVALUATION_DAYS = 5
    assert look().outcome == Night.Outcome.NOTHING
    assert sent == []


def test_the_task_says_what_it_did(sent):
    look()
    key = sent[0][0][0]
    assert tasks.reduce_shard(key) == "Reduced."
    assert tasks.reduce_shard(key) == "Nobody waits for this shard any more."
    assert tasks.reduce_shard.name == spreading.REDUCE


def test_the_admin_the_log_and_the_command_say_how_far_it_is(sent, signed_in):
    look()
    make(sent[0][0][:4])
    with capture_logs() as logged:
        look(minutes=1)
    (found,) = [each for each in logged if each["event"] == "night_reducing"]
    assert (found["made"], found["of"]) == (4, 9)
    words = "Reducing on the workers: 4 of 9 shards"
    client = signed_in("Operators")
    where = "admin:personalization_night"
    night = Night.objects.get()
    assert words in client.get(reverse(f"{where}_changelist")).content.decode()
    assert words in client.get(reverse(f"{where}_change", args=[night.pk])).content.decode()
    said = "waits for the workers: 4 of 9 shards"
    with pytest.raises(CommandError, match=said) as caught:
        call_command("nightly", date=NIGHT, audit_wait=0, stdout=StringIO())
    assert caught.value.returncode == 2
