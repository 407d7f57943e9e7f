import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from audits.metrics.groups import group_viewers
from catalog.importers import pictures, rows
from catalog.importers.movielens import read
from catalog.models import Account, Artwork, Credit, Person, Title, Viewer, WatchEvent
from tests.catalog.importers.files import NEW, OLD, item, write
from tests.factories import make_title


@pytest.fixture(autouse=True)
def _one_process(monkeypatch):
    """Draw in this process: a spawned pool costs seconds, and is the same function."""

    class Here:
        def __init__(self, *args, **options):
            pass

        def __enter__(self):
            return self

        def __exit__(self, *error):
            return None

        def submit(self, work, card):
            return _Done(work(card))

    monkeypatch.setattr(pictures, "ProcessPoolExecutor", Here)


class _Done:
    def __init__(self, value):
        self.value = value

    def result(self):
        return self.value


def imported(folder: Path) -> dict[str, int]:
    written = rows.write(read(folder))
    pictures.make_pictures(lambda done, of: None)
    return written


def everything() -> list:
    models = (Title, Person, Credit, Viewer, WatchEvent, Artwork)
    return [list(model.objects.order_by("pk").values()) for model in models]


@pytest.mark.django_db
def test_people_become_viewers_with_watch_events_at_the_ratings_times(tmp_path):
    assert imported(write(tmp_path, OLD)) == {
        "titles": 3,
        "credits": 5,
        "viewers": 2,
        "watch events": 4,
    }
    viewer = Viewer.objects.get(source="movielens", source_id="1")
    assert (viewer.name, viewer.synthetic, viewer.history_length) == ("MovieLens 1", False, 2)
    event = viewer.watch_events.get(title__source_id="1")
    assert event.started_at == datetime.fromtimestamp(881250949, tz=UTC)
    assert event.origin == "import"
    assert event.finished
    assert event.started_at < event.quality_at < event.last_at


@pytest.mark.django_db
def test_films_become_titles_with_cast(tmp_path):
    imported(write(tmp_path, OLD))
    title = Title.objects.get(source="movielens", source_id="1")
    assert (title.name, title.year, title.slug) == ("The Lantern", 1994, "the-lantern-1994")
    assert not title.synthetic
    assert {genre.slug for genre in title.genres.all()} == {"action", "drama"}
    cast = title.credits.order_by("billing").values_list("billing", "person__name")
    assert list(cast)[:2] == [(1, "Ada Quill"), (2, "Bo Renn")]
    assert Person.objects.filter(name="Ada Quill").count() == 1


@pytest.mark.django_db
def test_each_film_has_artwork_of_its_first_three_billed_and_three_by_genre(tmp_path):
    imported(write(tmp_path, OLD))
    title = Title.objects.get(source_id="1")
    shown = [
        (artwork.kind, [person.name for person in artwork.depicted.all()])
        for artwork in title.artworks.order_by("pk")
    ]
    assert shown == [
        ("lead", ["Ada Quill"]),
        ("supporting", ["Bo Renn"]),
        ("supporting", ["Cy Tarn"]),
        ("scene", []),
        ("type", []),
        ("moment", []),
    ]
    assert title.default_artwork.kind == "lead"
    assert Title.objects.get(source_id="3").default_artwork.kind == "scene"
    for artwork in Artwork.objects.all():
        assert artwork.state == "approved"
        assert artwork.alt
        assert artwork.moods.count() == 1
        assert all(default_storage.exists(one["name"]) for one in artwork.renditions)


@pytest.mark.django_db
def test_a_second_import_changes_nothing(tmp_path):
    folder = write(tmp_path, OLD)
    imported(folder)
    before = everything()
    assert not any(imported(folder).values())
    assert everything() == before


@pytest.mark.django_db
def test_an_interrupted_import_is_completed(tmp_path, monkeypatch):
    folder = write(tmp_path, OLD)
    rows.write(read(folder))
    monkeypatch.setattr(pictures, "BATCH", 1)

    class Stopped(Exception):
        pass

    def stop(done, of):
        if done == 1:
            raise Stopped

    with pytest.raises(Stopped):
        pictures.make_pictures(stop)
    assert Title.objects.filter(artworks__isnull=True).count() == 2
    imported(folder)
    assert not Title.objects.filter(default_artwork__isnull=True).exists()
    assert Artwork.objects.count() == 6 + 4 + 3


@pytest.mark.django_db
def test_films_share_the_wordless_cards(tmp_path):
    lines = [item(number, f"Film {number} (1990)") for number in range(1, 10)]
    imported(write(tmp_path, OLD, u_item=lines, credits_csv=None))
    scenes = Artwork.objects.filter(kind="scene")
    assert scenes.count() == 9
    assert scenes.values("sha256").distinct().count() == 8


@pytest.mark.django_db
def test_another_data_set_under_the_same_numbers_is_refused(tmp_path):
    imported(write(tmp_path, OLD))
    before = everything()
    other = tmp_path / "other"
    other.mkdir()
    lines = ["1::Quite Another (1999)::Drama", NEW["movies.dat"][1]]
    with pytest.raises(rows.AnotherDataSet, match="Film 1 is Quite Another"):
        imported(write(other, NEW, movies_dat=lines))
    assert everything() == before


@pytest.mark.django_db
def test_a_slug_that_is_taken_gets_another(tmp_path):
    make_title(slug="the-lantern-1994")
    imported(write(tmp_path, OLD))
    assert Title.objects.get(source_id="1").slug == "the-lantern-1994-movielens-1"


@pytest.mark.django_db
def test_nobody_can_sign_in_as_somebody_from_the_data_set(tmp_path, client):
    imported(write(tmp_path, OLD))
    household = Account.objects.get()
    assert not household.has_usable_password()
    assert not household.is_active
    assert not client.login(email=household.email, password="")


@pytest.mark.django_db
def test_the_command_refuses_a_malformed_line_and_imports_nothing(tmp_path):
    folder = write(tmp_path, OLD, u_data=[*OLD["u.data"], "1\t3\t9\t881250949"])
    with pytest.raises(CommandError, match=r"u\.data, line 5: .* Nothing was imported"):
        call_command("import_movielens", folder, verbosity=0)
    assert not any(everything())


@pytest.mark.django_db
def test_the_command_hands_what_people_said_to_the_wall(tmp_path, monkeypatch):
    handed = []
    monkeypatch.setattr(
        "config.management.commands.import_movielens.declare_many",
        lambda rows, *, synthetic: handed.extend((*row, synthetic) for row in rows),
    )
    call_command("import_movielens", write(tmp_path, NEW), verbosity=0)
    people = {viewer.source_id: viewer.public_id for viewer in Viewer.objects.all()}
    assert set(handed) == {
        (people["1"], "gender", "woman", False),
        (people["1"], "age_band", "18-24", False),
        (people["2"], "gender", "man", False),
        (people["2"], "age_band", "55-and-over", False),
    }


REAL = os.environ.get("MARQUEE_MOVIELENS")


@pytest.mark.skipif(not REAL, reason="MARQUEE_MOVIELENS names no folder with the real data set")
def test_the_real_data_set_is_read_whole():
    data = read(Path(REAL))
    assert len(data.ratings) >= 100_000
    assert {rating.film for rating in data.ratings} <= data.films.keys()
    genders = group_viewers(
        attribute="gender", labels=[person.gender for person in data.people.values()]
    )
    assert min(genders.counts()["F"], genders.counts()["M"]) > 200
