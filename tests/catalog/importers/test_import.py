import os
from datetime import UTC, date, datetime, time, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.utils import timezone
from PIL import Image

from audits.metrics.groups import group_viewers
from catalog.actions.artwork_files import read_original
from catalog.importers import pictures, plays, rows
from catalog.importers.movielens import read
from catalog.models import Account, Artwork, Credit, Person, Title, Viewer, WatchEvent
from personalization.management.commands.simulate import Command as SimulateCommand
from personalization.management.commands.simulate import _plan as simulated
from tests.catalog.importers.files import LATEST, NEW, OLD, item, write
from tests.factories import make_person, make_title


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
        assert [one["width"] for one in artwork.renditions] == [320, 640]


@pytest.mark.django_db
def test_no_picture_is_drawn_before_it_is_asked_for(tmp_path, client):
    imported(write(tmp_path, OLD))
    artwork = Artwork.objects.filter(kind="lead").first()
    assert not any(default_storage.exists(one["name"]) for one in artwork.renditions)
    for one in artwork.renditions:
        response = client.get(default_storage.url(one["name"]))
        picture = Image.open(BytesIO(b"".join(response.streaming_content)))
        assert picture.size == (one["width"], one["height"])
    assert read_original(artwork)


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
    with pytest.raises(plays.AnotherDataSet, match="Film 1 is Quite Another"):
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


@pytest.mark.django_db
def test_one_person_is_one_in_all_films_whatever_case_and_normal_form(tmp_path):
    lines = [
        "item_id,billing_order,name",
        *("1,1,Ann Lee", "1,2,Zo\u00eb Ray", "1,3,李安"),
        *("2,1,ANN LEE", "2,2,Zoe\u0308 Ray", "2,3,ZO\u00cb RAY II", "2,4,李安"),
    ]
    imported(write(tmp_path, OLD, credits_csv=lines))
    assert Credit.objects.count() == 7
    names = sorted(Person.objects.values_list("name", flat=True), key=str.casefold)
    assert len(names) == 4
    assert [name.casefold() for name in names] == ["ann lee", "zoë ray", "zoë ray ii", "李安"]


@pytest.mark.django_db
def test_names_that_differ_in_an_accent_are_two_people(tmp_path):
    lines = [
        "item_id,billing_order,name",
        "1,1,Zoe Ray",
        "1,2,Zo\u00eb Ray",
        "2,1,O'Day",
        "2,2,Oday",
    ]
    imported(write(tmp_path, OLD, credits_csv=lines))
    assert Person.objects.count() == 4


@pytest.mark.django_db
def test_somebody_whom_an_earlier_version_imported_stays_one(tmp_path):
    there = make_person(slug="movielens-zoe-ray-0123abcd", name="Zo\u00eb Ray")
    lines = ["item_id,billing_order,name", "1,1,Zoe\u0308 Ray"]
    imported(write(tmp_path, OLD, credits_csv=lines))
    assert Credit.objects.get().person == there


@pytest.mark.django_db
def test_a_title_that_kept_its_article_behind_is_known_again(tmp_path):
    imported(write(tmp_path, OLD))
    Title.objects.filter(source_id="1").update(name="Lantern, The")
    assert not any(imported(tmp_path).values())


@pytest.mark.django_db
def test_a_set_without_demographics_becomes_viewers_of_whom_nothing_is_declared(tmp_path, capsys):
    call_command("import_movielens", write(tmp_path, LATEST))
    assert Viewer.objects.filter(source="movielens").count() == 2
    said = capsys.readouterr().out
    assert "no gender and no age group is declared" in said
    assert "IMAX, which is no genre here, left out: 1 ×" in said


@pytest.mark.django_db
def test_times_are_moved_together_so_that_the_newest_play_ends_where_asked(tmp_path):
    newest = datetime(2026, 3, 1, 12, tzinfo=UTC)
    rows.write(read(write(tmp_path, OLD)), newest=newest)
    events = WatchEvent.objects.order_by("started_at", "pk")
    published = sorted(rating.at for rating in read(tmp_path).ratings)
    shift = {
        int(event.started_at.timestamp()) - at for event, at in zip(events, published, strict=True)
    }
    assert len(shift) == 1
    assert events.last().last_at == newest
    assert Title.objects.get(source_id="1").added_at == min(
        event.started_at for event in events.filter(title__source_id="1")
    )
    assert Title.objects.get(source_id="3").year == 1997


@pytest.mark.django_db
@pytest.mark.parametrize("again", [None, datetime(2026, 4, 1, tzinfo=UTC)])
def test_a_set_imported_again_keeps_the_times_of_the_first_import(tmp_path, again):
    data = read(write(tmp_path, OLD))
    rows.write(data, newest=datetime(2026, 3, 1, tzinfo=UTC))
    before = everything()
    assert not any(rows.write(data, newest=again).values())
    assert everything() == before


@pytest.mark.django_db
def test_ratings_added_to_a_set_are_imported_with_the_same_shift(tmp_path):
    newest = datetime(2026, 3, 1, tzinfo=UTC)
    rows.write(read(write(tmp_path, OLD)), newest=newest)
    more = [*OLD["u.data"], "2\t2\t4\t891717743"]
    assert rows.write(read(write(tmp_path, OLD, u_data=more)))["watch events"] == 1
    assert plays.newest_play() == newest + timedelta(seconds=1)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "lines",
    [
        OLD["u.data"][1:],
        [OLD["u.data"][0], *OLD["u.data"][2:]],
        [*OLD["u.data"][:-1], "2\t3\t4\t878887117"],
    ],
)
def test_the_people_of_another_set_are_not_made_those_of_this_one(tmp_path, lines):
    imported(write(tmp_path, OLD))
    before = everything()
    with pytest.raises(plays.AnotherDataSet, match="another data set, or a part of one"):
        rows.write(read(write(tmp_path, OLD, u_data=lines)))
    assert everything() == before


@pytest.mark.django_db
def test_the_command_says_where_the_times_lie(tmp_path, capsys):
    folder = write(tmp_path, OLD)
    call_command("import_movielens", folder, newest="2026-03-01")
    assert "The newest play ends at 2026-03-01 00:00 UTC." in capsys.readouterr().out
    call_command("import_movielens", folder, newest="2026-02-01")
    said = capsys.readouterr().out
    assert "2026-03-01 00:00 UTC. Times stay as they were first imported" in said


@pytest.mark.django_db
def test_a_simulation_that_is_run_the_same_day_begins_where_the_plays_end(
    tmp_path, capsys, monkeypatch
):
    folder, now = write(tmp_path, OLD), datetime(2026, 11, 28, 9, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: now)
    call_command("import_movielens", folder)
    assert "A simulation of 14 days that is run today begins there." in capsys.readouterr().out
    options = SimulateCommand().create_parser("manage.py", "simulate").parse_args([])
    days = simulated(vars(options)).dates
    assert plays.newest_play() == datetime.combine(days[0], time.min, UTC)
    assert days[-1] == date(2026, 11, 26)  # tonight's night can seal it
    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(days=3))
    call_command("import_movielens", folder)
    assert "Times stay as they were first imported." in capsys.readouterr().out
    assert plays.newest_play() == datetime.combine(days[0], time.min, UTC)


@pytest.mark.django_db
def test_times_can_stay_as_published(tmp_path, capsys):
    folder = write(tmp_path, OLD)
    call_command("import_movielens", folder, newest="published")
    ended = plays.moment(read(folder).ratings.newest()) + timedelta(minutes=plays.RUNTIME)
    assert plays.newest_play() == ended
    assert f"The newest play ends at {ended:%Y-%m-%d %H:%M} UTC.\n" in capsys.readouterr().out


@pytest.mark.django_db
def test_plays_are_moved_neither_into_the_future_nor_before_the_site(tmp_path):
    with pytest.raises(CommandError, match="in the future"):
        call_command("import_movielens", write(tmp_path, OLD), newest="2096-01-01")
    with pytest.raises(CommandError, match="before 1995"):
        call_command("import_movielens", tmp_path, newest="0001-01-01")
    with pytest.raises(CommandError, match="newest: 'yesterday' is neither a date"):
        call_command("import_movielens", str(tmp_path), "--newest", "yesterday")
    assert not any(everything())


@pytest.mark.django_db(transaction=True)
def test_an_import_interrupted_while_it_writes_leaves_nothing_and_says_so(tmp_path, monkeypatch):
    def interrupt(*args):
        raise KeyboardInterrupt

    folder = write(tmp_path, OLD)
    with monkeypatch.context() as patch, pytest.raises(CommandError, match="nothing was imported"):
        patch.setattr(rows, "write_plays", interrupt)
        call_command("import_movielens", folder, verbosity=0)
    assert not any(everything())
    with monkeypatch.context() as patch, pytest.raises(CommandError, match="to complete it"):
        patch.setattr(pictures, "_plans", interrupt)
        call_command("import_movielens", folder, verbosity=0)
    call_command("import_movielens", folder, verbosity=0)
    assert Artwork.objects.count() == 6 + 4 + 3


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
