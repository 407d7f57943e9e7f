"""Shards reduced by threads, in turn: the same bits as one after the other."""

from datetime import UTC, datetime, time, timedelta
from functools import partial

import numpy as np
import pytest

from personalization import storage
from personalization.bandit.statistics import Running, merge
from personalization.journal import reading, sealing, writing
from personalization.models import Decision, Reduction, SealedDay
from personalization.night.days import split
from personalization.night.stages import silent
from personalization.training import reducing, shards
from personalization.training.expectations import Choosers
from tests.personalization import world
from tests.personalization.factories import DAY

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 5, 9, 3, tzinfo=UTC)
SUMS = ("artwork_ids", "n", "r", "rw", "ww")


@pytest.fixture(autouse=True)
def _small_shards(monkeypatch):
    monkeypatch.setattr(writing, "ROW_GROUP", 17)


def seal_all():
    return [sealing.seal(day, now=NOW) for day in sealing.sealable_days(NOW)]


def bits(statistics):
    return [getattr(statistics, name).tobytes() for name in SUMS]


def kept():
    return [found.day.day for found in Reduction.objects.select_related("day").order_by("day__day")]


def test_shards_read_by_themselves_are_the_day_in_its_order():
    world.build(days=1, viewers=10, titles=4)
    (day,) = seal_all()
    opened = reading.shards(day)
    assert [len(opened.read(number)) for number in range(len(opened))] == [17, 17, 6]
    backwards = [opened.read(number).chosen for number in reversed(range(len(opened)))]
    whole = [batch.chosen for batch in reading.shown(day)]
    assert np.array_equal(np.concatenate(backwards[::-1]), np.concatenate(whole))


def test_the_sums_are_those_of_the_shards_in_their_order():
    world.build(days=2, viewers=10, titles=4)
    days = seal_all()
    none = Choosers({})
    first, second = ([shards.sums_of(each, none) for each in reading.shown(day)] for day in days)
    half = 0.5 ** (1 / 60)
    expected = Running(merge(first))
    expected.decay(half)
    for part in second:
        expected.add(part)
    assert bits(reducing.running(days, progress=silent)) == bits(expected.total)


@pytest.mark.parametrize("threads", [1, 3, 8])
def test_however_many_threads_work_the_bits_are_the_same(settings, threads):
    world.build(days=4, viewers=15, titles=4)
    days = seal_all()
    settings.REDUCE_THREADS = 2
    expected = bits(reducing.running(days, progress=silent))
    Reduction.objects.all().delete()
    settings.REDUCE_THREADS = threads
    assert bits(reducing.running(days, progress=silent)) == expected


def test_a_shard_of_which_nothing_is_learnt_adds_nothing():
    world.build(days=1, viewers=10, titles=4)
    ids = Decision.objects.order_by("chosen", "pk").values_list("pk", flat=True)[:17]
    Decision.objects.filter(pk__in=list(ids)).update(begun=True)
    (day,) = seal_all()
    assert [len(each) for each in reading.shown(day)] == [0, 17, 6]
    assert reducing.running([day], progress=silent).decisions == 23


def test_a_catch_up_keeps_milestones_and_what_will_be_asked_for(settings):
    settings.EVALUATION_DAYS = 2
    world.build(days=25, viewers=4, titles=2)
    days = seal_all()
    reducing.running(days[:24], progress=silent)
    places = (9, 19, 21, 22, 23)  # the last three: the newest, and the two before
    assert kept() == [DAY + timedelta(days=place) for place in places]
    reducing.running(days, progress=silent)
    assert kept() == [DAY + timedelta(days=place) for place in (*places, 24)]


def test_night_after_night_no_more_is_kept_than_will_be_asked_for(settings):
    settings.EVALUATION_DAYS = 2
    world.build(days=16, viewers=4, titles=2)
    days = seal_all()
    said = []
    for count in range(1, 17):
        reducing.running(days[:count], progress=lambda words, *_: said.append(words))
        reducing.forget(days[:count])
    assert said == [f"Reducing {day}" for day in days]
    assert kept() == [DAY + timedelta(days=place) for place in (9, 13, 14, 15)]
    SealedDay.objects.filter(pk=days[11].pk).update(sha256="0" * 64)  # as when it is rewritten
    reducing.forget(list(SealedDay.objects.order_by("day")))
    assert kept() == [DAY + timedelta(days=9)]


def test_the_first_day_learnt_from_stays_for_a_half_life(settings):
    settings.HALF_LIFE_DAYS = 1.5
    settings.EVALUATION_DAYS = 1
    world.build(days=40, viewers=2, titles=1)
    seal_all()
    firsts = []
    for number in range(20, 40):
        training, unseen = split(datetime.combine(DAY + timedelta(number + 2), time(), UTC))
        assert unseen[-1].day == DAY + timedelta(days=number)
        assert 15 <= (unseen[-1].day - training[0].day).days < 15 + 2
        firsts.append(training[0].day)
    assert len(set(firsts)) == 10  # every other night


def test_it_goes_on_from_a_milestone_where_later_sums_are_gone():
    world.build(days=14, viewers=4, titles=2)
    days = seal_all()
    expected = bits(reducing.running(days, progress=silent))
    Reduction.objects.filter(day__day__gt=DAY + timedelta(days=9)).delete()
    said = []
    found = reducing.running(days, progress=lambda words, done, of: said.append((done, of)))
    assert bits(found) == expected
    assert said == [(place, 14) for place in range(10, 14)]


@pytest.mark.parametrize("of_a_day", [1, 2, 7])
def test_no_more_is_summed_ahead_than_threads_can_work_on(settings, of_a_day):
    settings.REDUCE_THREADS = 2
    begun = []

    def steps(day):
        return [partial(begun.append, (day, shard)) for shard in range(of_a_day)]

    with shards.in_turn(range(12), steps) as sums:
        for day, _ in enumerate(sums):
            wanted = [(each, shard) for each in range(day + 1) for shard in range(of_a_day)]
            assert set(begun) >= set(wanted)
            assert len(begun) - len(wanted) <= 2 + of_a_day
    assert len(begun) == 12 * of_a_day


def test_what_is_given_up_in_the_middle_begins_nothing_more(settings):
    settings.REDUCE_THREADS = 1
    begun = []
    with pytest.raises(ZeroDivisionError), shards.in_turn(range(99), _fails_at(3, begun)) as sums:
        list(sums)
    assert len(begun) < 9


def _fails_at(bad, begun):
    def step(day):
        begun.append(day)
        return 1 / (day - bad)

    return lambda day: [partial(step, day)]


def test_a_day_altered_in_the_middle_stops_it_by_name_and_the_days_before_are_kept(settings):
    settings.REDUCE_THREADS = 1
    world.build(days=14, viewers=4, titles=2)
    days = seal_all()
    bad = days[12]
    storage.local_path(bad.path, bad.sha256).write_bytes(b"altered")
    with pytest.raises(storage.StorageAltered, match=bad.path):
        reducing.running(days, progress=silent)
    assert kept() == [DAY + timedelta(days=9)]
