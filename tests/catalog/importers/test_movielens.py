import pytest

from catalog.importers.lines import Malformed
from catalog.importers.movielens import read
from tests.catalog.importers.files import NEW, OLD, item, write


def test_it_reads_the_older_layout(tmp_path):
    data = read(write(tmp_path, OLD))
    assert (data.films[1].name, data.films[1].year) == ("The Lantern", 1994)
    assert data.films[1].genres == ("action", "drama")
    assert data.films[2].name == "Café Below"
    assert (data.people[2].gender, data.people[2].age) == ("M", 61)
    assert len(data.ratings) == 4
    assert data.casts[1] == {1: "Ada Quill", 2: "Bo Renn", 3: "Cy Tarn", 4: "Di Voss"}


def test_it_reads_the_newer_layout(tmp_path):
    data = read(write(tmp_path, NEW))
    assert data.films[1].genres == ("action", "drama")
    assert data.films[2].genres == ("childrens",)
    assert data.people[1].age == 18
    assert data.casts == {}


def test_a_film_without_a_year_was_there_when_it_was_first_rated(tmp_path):
    assert read(write(tmp_path, OLD)).films[3].year == 1997


def test_the_second_name_in_brackets_stays_behind(tmp_path):
    lines = [item(1, "Nuit, La (Night, The) (1960)"), *OLD["u.item"][1:]]
    assert read(write(tmp_path, OLD, u_item=lines)).films[1].name == "La Nuit (Night, The)"


def test_it_mends_names_that_were_decoded_wrongly(tmp_path):
    lines = ["item_id,billing_order,name", "1,1,FranÃ§oise Aube", "1,2,Zoë Ray"]
    assert read(write(tmp_path, OLD, credits_csv=lines)).casts[1] == {
        1: "Françoise Aube",
        2: "Zoë Ray",
    }


def test_windows_line_ends_are_read(tmp_path):
    folder = write(tmp_path, OLD)
    for name in ("u.item", "u.data", "u.user"):
        text = (folder / name).read_bytes().replace(b"\n", b"\r\n")
        (folder / name).write_bytes(text)
    assert len(read(folder).ratings) == 4


def test_a_folder_without_a_data_set_is_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"u\.data"):
        read(write(tmp_path, OLD, u_data=None))


RATING = OLD["u.data"][0]


@pytest.mark.parametrize(
    ("file", "lines", "says"),
    [
        ("u.data", [RATING, "1\t2\t3"], "u.data, line 2: expected 4 fields, found 3"),
        ("u.data", [RATING, ""], "u.data, line 2: expected 4 fields"),
        ("u.data", ["1\t1\tfive\t881250949"], "u.data, line 1: the rating 'five' is not a whole"),
        ("u.data", ["1\t1\t6\t881250949"], "u.data, line 1: the rating 6 is not between 1 and 5"),
        ("u.data", ["1\t1\t5\t-1"], "u.data, line 1: the time '-1' is not a whole number"),
        ("u.data", ["1\t1\t5\t99999999999"], "u.data, line 1: the time 99999999999 is not between"),
        ("u.data", ["1\t1\t٣\t881250949".encode().decode("latin-1")], "u.data, line 1: the rating"),
        ("u.data", ["9\t1\t5\t881250949"], "u.data, line 1: person 9 is not among the people"),
        ("u.data", ["1\t9\t5\t881250949"], "u.data, line 1: film 9 is not among the films"),
        ("u.data", [RATING, RATING], "u.data, line 2: person 1 rated film 1 on line 1 already"),
        ("u.user", ["1|24|X|writer|0"], "u.user, line 1: the gender 'X' is neither F nor M"),
        ("u.user", ["1|0|F|writer|0"], "u.user, line 1: the age 0 is not between"),
        ("u.user", ["1|24|F|a|0", "1|24|F|a|0"], "u.user, line 2: person 1 is there already"),
        (
            "u.item",
            [item(1, "A (1990)"), item(1, "B (1990)")],
            "u.item, line 2: film 1 is on line 1",
        ),
        ("u.item", [item(1, "A\x00 (1990)")], "u.item, line 1: it holds control characters"),
        ("u.item", [item(1, "(1990)")], "u.item, line 1: a film's name has 1 to 200 letters"),
        ("u.item", [item(1, "A" * 300)], "u.item, line 1: a film's name has 1 to 200 letters"),
        ("u.item", [item(1, "A (1990)")[:-1] + "2"], "u.item, line 1: a genre flag is neither"),
        ("u.item", [*OLD["u.item"], item(4, "unknown", "")], "u.item, line 4: film 4 has no year"),
        ("credits.csv", ["film,name"], "credits.csv, line 1: expected the columns"),
        (
            "credits.csv",
            [*OLD["credits.csv"], "9,1,Ada Quill"],
            "credits.csv, line 7: film 9 is not among the films",
        ),
        (
            "credits.csv",
            [*OLD["credits.csv"], "1,1,Someone"],
            "credits.csv, line 7: film 1 has somebody billed 1 already",
        ),
        (
            "credits.csv",
            [*OLD["credits.csv"], "1,9,Ada Quill"],
            "credits.csv, line 7: Ada Quill is billed twice",
        ),
    ],
)
def test_a_malformed_line_is_named(tmp_path, file, lines, says):
    folder = write(tmp_path, OLD, **{file.replace(".", "_"): lines})
    with pytest.raises(Malformed) as caught:
        read(folder)
    assert str(caught.value).startswith(says)


def test_an_unknown_genre_of_the_newer_layout_is_named(tmp_path):
    lines = ["1::Lantern, The (1994)::Action|Polka", NEW["movies.dat"][1]]
    with pytest.raises(Malformed, match=r"movies\.dat, line 1: the genre 'Polka'"):
        read(write(tmp_path, NEW, movies_dat=lines))
