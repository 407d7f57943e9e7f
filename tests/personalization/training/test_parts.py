"""Parts that workers make: the same bits as one process, whatever happens to them on the way."""

from datetime import UTC, date, datetime, timedelta

import pytest

from catalog.actions.viewers import remove_viewer
from catalog.models import Viewer
from personalization import storage
from personalization.journal import erasing, reading, sealing, writing
from personalization.models import Part, Reduction, SealedDay
from personalization.night.stages import silent
from personalization.training import parts, reducing
from personalization.training.expectations import Choosers
from tests.personalization import world

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 9, 3, tzinfo=UTC)


@pytest.fixture
def days(monkeypatch):
    """Three sealed days of three shards each."""
    monkeypatch.setattr(writing, "ROW_GROUP", 17)
    world.build(days=3, viewers=10, titles=4)
    return [sealing.seal(day, now=NOW) for day in sealing.sealable_days(NOW)]


def bits(days):
    total = reducing.running(days, progress=silent)
    return [getattr(total, name).tobytes() for name in ("artwork_ids", "n", "r", "rw", "ww")]


@pytest.fixture
def alone(days):
    """The sums that one process makes of the days alone."""
    found = bits(days)
    Reduction.objects.all().delete()
    return found


@pytest.fixture
def count_reads(monkeypatch):
    """Count the shards that are read from the days' files."""
    read = []
    original = reading.Shards.read
    monkeypatch.setattr(
        reading.Shards, "read", lambda self, number: read.append(number) or original(self, number)
    )
    return read


def make_all(planned):
    for part in planned:
        assert parts.make(part.key, now=NOW)


def test_each_shard_of_each_day_has_one_part_however_often_they_are_planned(days):
    planned = parts.plan(days)
    assert [(part.day, part.shard, part.of) for part in planned] == [
        (day, shard, 3) for day in days for shard in range(3)
    ]
    assert parts.plan(days) == planned
    assert len({part.key for part in planned}) == 9


def test_parts_made_in_any_order_are_what_one_process_makes_and_no_day_is_read(
    days, alone, count_reads
):
    make_all(reversed(parts.plan(days)))
    count_reads.clear()
    assert bits(days) == alone
    assert count_reads == []


def test_what_is_not_made_is_reduced_by_whoever_needs_it(days, alone, count_reads):
    make_all(parts.plan(days)[1:8:2])
    count_reads.clear()
    assert bits(days) == alone
    assert len(count_reads) == 9 - 4


def test_a_task_that_comes_twice_does_nothing_the_second_time(days, alone, count_reads):
    planned = parts.plan(days)
    make_all(planned)
    before = list(Part.objects.values_list("key", "path", "sha256", "made_at"))
    count_reads.clear()
    for part in planned:
        assert not parts.make(part.key, now=NOW + timedelta(hours=1))
    assert count_reads == []
    assert list(Part.objects.values_list("key", "path", "sha256", "made_at")) == before
    assert bits(days) == alone


def test_two_that_make_a_part_at_once_fill_it_in_once(days, alone, monkeypatch):
    planned = parts.plan(days)
    original = storage.put

    def and_another_is_first(*args, **options):
        monkeypatch.setattr(storage, "put", original)
        assert parts.make(planned[0].key, now=NOW)
        return original(*args, **options)

    monkeypatch.setattr(storage, "put", and_another_is_first)
    assert not parts.make(planned[0].key, now=NOW)
    assert bits(days) == alone


@pytest.mark.parametrize("harm", ["altered", "missing"])
def test_a_part_that_is_not_as_it_was_written_is_made_again(days, alone, harm):
    make_all(parts.plan(days))
    for part in Part.objects.all()[::2]:
        path = storage.local_path(part.path, part.sha256)
        if harm == "missing":
            path.unlink()
        else:
            path.write_bytes(path.read_bytes()[:-8] + b"tampered")
    assert bits(days) == alone


def test_a_part_that_is_lost_with_its_row_is_not_left_out(days, alone):
    make_all(parts.plan(days))
    Part.objects.filter(shard=1).delete()
    assert bits(days) == alone


def test_once_forgotten_neither_rows_nor_files_are_left(days, tmp_path):
    make_all(parts.plan(days))
    for _ in range(2):
        parts.forget()
        assert not Part.objects.exists()
        assert not list((tmp_path / "storage" / "parts").rglob("*.mq"))


def test_a_task_that_comes_when_all_is_over_leaves_no_row(days):
    keys = [part.key for part in parts.plan(days)]
    parts.forget()
    assert not parts.make(keys[0], now=NOW)
    assert not Part.objects.exists()


def test_a_worker_with_other_code_makes_nothing(days, monkeypatch):
    keys = [part.key for part in parts.plan(days)]
    monkeypatch.setattr(parts, "CODE", "other")
    assert not any(parts.make(key, now=NOW) for key in keys)
    renewed = {part.key for part in parts.plan(days)}
    assert len(renewed) == 9
    assert not renewed & set(keys)


def test_parts_of_other_code_are_not_used(days, monkeypatch):
    make_all(parts.plan(days))
    monkeypatch.setattr(parts, "CODE", "other")
    assert parts.by_day(days, Choosers.known()) == {}


def test_a_day_that_is_sealed_late_is_planned_with_the_others_as_they_were(days):
    planned = parts.plan(days)
    make_all(planned)
    world.build(days=1, viewers=10, titles=4, seed=2, first=date(2026, 3, 1))
    late = sealing.seal(date(2026, 3, 1), now=NOW)
    grown = parts.plan([late, *days])
    assert [part.day for part in grown[:3]] == [late] * 3
    assert [part.pk for part in grown[3:]] == [part.pk for part in planned]
    assert all(part.sha256 for part in grown[3:])


def test_an_erased_viewers_day_is_planned_anew_and_its_old_parts_go(days, tmp_path, monkeypatch):
    make_all(parts.plan(days))
    held = erasing._holds
    monkeypatch.setattr(erasing, "_holds", lambda day, gone: day == days[1] and held(day, gone))
    remove_viewer(Viewer.objects.order_by("pk").first())
    old = set(Part.objects.filter(day=days[1]).values_list("key", flat=True))
    erasing.carry_out(now=NOW)
    kept = set(Part.objects.all())
    assert {part.day for part in kept} == {days[0], days[2]}
    files = {path.stem for path in (tmp_path / "storage" / "parts").rglob("*.mq")}
    assert files == {part.sha256 for part in kept}
    for key in old:
        assert not parts.make(key, now=NOW)  # a message that arrives late
    renewed = parts.plan(list(SealedDay.objects.order_by("day")))
    assert {part for part in renewed if part.sha256} == kept
    anew = {part for part in renewed if not part.sha256}
    assert len(anew) == 3
    assert not {part.key for part in anew} & old


def test_a_day_written_anew_while_a_worker_reads_the_old_one_takes_nothing_of_it(days, monkeypatch):
    planned = parts.plan(days)
    remove_viewer(Viewer.objects.order_by("pk").first())
    original = storage.put

    def and_it_is_erased_meanwhile(*args, **options):
        monkeypatch.setattr(storage, "put", original)
        erasing.carry_out(now=NOW)
        return original(*args, **options)

    monkeypatch.setattr(storage, "put", and_it_is_erased_meanwhile)
    assert not parts.make(planned[0].key, now=NOW)
    assert not Part.objects.exclude(sha256="").exists()
