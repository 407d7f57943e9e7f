import pytest

from catalog.importers.lines import Malformed
from catalog.importers.movielens import NoDataSet, read
from catalog.importers.records import Rater
from tests.catalog.importers.files import LATEST, NEW, OLD, TEN, item, write

RATING = OLD["u.data"][0]


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


def test_a_second_name_in_brackets_stays_behind_with_its_own_article_in_front(tmp_path):
    lines = [item(1, "Nuit, La (Night, The) (1960)"), *OLD["u.item"][1:]]
    assert read(write(tmp_path, OLD, u_item=lines)).films[1].name == "La Nuit (The Night)"


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


def test_it_reads_the_layout_of_10m(tmp_path):
    data = read(write(tmp_path, TEN))
    assert data.films[1].genres == ("adventure", "childrens")
    assert data.films[2].name == "Café Below"
    assert data.films[2].genres == ()
    assert [rating.stars for rating in data.ratings] == [3.5, 0.5]
    assert data.people == {1: Rater(1), 2: Rater(2)}
    assert not data.demographics


def test_it_reads_the_layout_of_20m_and_later(tmp_path):
    data = read(write(tmp_path, LATEST))
    assert data.films[1].genres == ("adventure", "childrens", "film-noir")
    assert data.films[2].name == "La Cité des enfants (The City of Children)"
    assert data.people == {1: Rater(1), 7: Rater(7)}
    assert list(data.remarks) == [
        "IMAX, which is no genre here, left out: 1 × (movies.csv, line 2)",
        "film without a year and without a rating left out: 1 × (movies.csv, line 4)",
    ]


def test_a_series_is_dated_by_its_first_year(tmp_path):
    lines = ["movieId,title,genres", "1,Lamps (2006–2007),Drama", "2,Lights (2016– ),Drama"]
    data = read(write(tmp_path, LATEST, movies_csv=lines))
    assert [(film.name, film.year) for film in data.films.values()] == [
        ("Lamps", 2006),
        ("Lights", 2016),
    ]


@pytest.mark.parametrize("stars", ["5.5", "0", "0.0", "3.25", "nan", "-1", "４.0", ""])
def test_stars_come_in_halves_in_newer_sets(tmp_path, stars):
    lines = [LATEST["ratings.csv"][0], f"1,1,{stars},978300760"]
    with pytest.raises(Malformed, match=r"ratings\.csv, line 2: the rating .* is not one of 0\.5"):
        read(write(tmp_path, LATEST, ratings_csv=lines))


def test_a_rating_given_twice_is_named_by_its_line_in_a_table_too(tmp_path):
    lines = [*LATEST["ratings.csv"], LATEST["ratings.csv"][1]]
    with pytest.raises(Malformed, match=r"line 4: person 1 rated film 1 on line 2 already"):
        read(write(tmp_path, LATEST, ratings_csv=lines))


def test_the_earlier_of_two_wrong_lines_is_named(tmp_path):
    with pytest.raises(Malformed, match="line 2: person 1 rated film 1 on line 1 already"):
        read(write(tmp_path, OLD, u_data=[RATING, RATING, "1\t1"]))


def test_two_data_sets_in_one_folder_are_refused(tmp_path):
    write(tmp_path, NEW)
    write(tmp_path, LATEST)
    with pytest.raises(NoDataSet, match=r"more than one MovieLens data set: ratings\.csv and"):
        read(tmp_path)


def test_a_folder_that_is_none_is_named(tmp_path):
    with pytest.raises(NoDataSet, match="is not a folder"):
        read(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("second", "says"),
    [
        ("1,2,ANN LEE", "ANN LEE is billed twice for film 1: on line 2 as Ann Lee"),
        ("1,2,Ann  Lee", "Ann Lee is billed twice for film 1: on line 2"),
        ("1,2,Ann\u00a0Lee", "Ann Lee is billed twice for film 1: on line 2"),
        ("1,2,Ａｎｎ Lee", "billed twice for film 1: on line 2 as Ann Lee"),
    ],
)
def test_one_person_billed_twice_is_refused_however_written(tmp_path, second, says):
    lines = ["item_id,billing_order,name", "1,1,Ann Lee", second]
    with pytest.raises(Malformed, match=r"credits\.csv, line 3") as caught:
        read(write(tmp_path, OLD, credits_csv=lines))
    assert says in str(caught.value)


def test_an_accent_composed_and_decomposed_is_one_name(tmp_path):
    lines = ["item_id,billing_order,name", "1,1,Zo\u00eb", "1,2,Zoe\u0308"]
    with pytest.raises(Malformed, match="line 3: Zo\u00eb is billed twice"):
        read(write(tmp_path, OLD, credits_csv=lines))


def test_times_in_milliseconds_are_called_so(tmp_path):
    with pytest.raises(Malformed, match=r"1381250949000 is too large: .* milliseconds"):
        read(write(tmp_path, OLD, u_data=["1\t1\t5\t1381250949000"]))


def test_a_number_of_any_length_is_refused_at_once(tmp_path):
    with pytest.raises(Malformed, match=r"the time 9{40} is too large"):
        read(write(tmp_path, OLD, u_data=[f"1\t1\t5\t{'9' * 5_000}"]))


def test_a_genre_of_newer_sets_is_called_so(tmp_path):
    lines = ["1::Lantern, The (1994)::Action|IMAX", NEW["movies.dat"][1]]
    with pytest.raises(Malformed, match=r"line 1: the genre 'IMAX' is one of newer sets"):
        read(write(tmp_path, NEW, movies_dat=lines))


def test_a_folder_without_a_data_set_is_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"u\.data"):
        read(write(tmp_path, OLD, u_data=None))


@pytest.mark.parametrize(
    ("file", "lines", "says"),
    [
        ("u.data", [RATING, "1\t2\t3"], "u.data, line 2: expected 4 fields, found 3"),
        ("u.data", [RATING, ""], "u.data, line 2: the line is empty"),
        ("u.data", ["\x1f\x8b\x08"], "u.data, line 1: it is a gzip archive: unpack it first"),
        ("u.item", [], "u.item, line 1: there is no film in this file"),
        ("u.user", [], "u.user, line 1: there is nobody in this file"),
        ("u.data", ["1\t1\tfive\t881250949"], "u.data, line 1: the rating 'five' is not a whole"),
        ("u.data", ["1\t1\t6\t881250949"], "u.data, line 1: the rating 6 is too large: at most 5"),
        ("u.data", ["1\t1\t5\t-1"], "u.data, line 1: the time -1 is too small: at least"),
        (
            "u.data",
            ["1\t1\t5\t99999999999"],
            "u.data, line 1: the time 99999999999 is too large: at most",
        ),
        ("u.data", ["1\t1\t٣\t881250949".encode().decode("latin-1")], "u.data, line 1: the rating"),
        ("u.data", ["9\t1\t5\t881250949"], "u.data, line 1: person 9 is not among the people"),
        ("u.data", ["1\t9\t5\t881250949"], "u.data, line 1: film 9 is not among the films"),
        ("u.data", [RATING, RATING], "u.data, line 2: person 1 rated film 1 on line 1 already"),
        ("u.user", ["1|24|X|writer|0"], "u.user, line 1: the gender 'X' is neither F nor M"),
        ("u.user", ["1|0|F|writer|0"], "u.user, line 1: the age 0 is too small: at least 1"),
        ("u.user", ["1|24|F|a|0", "1|24|F|a|0"], "u.user, line 2: person 1 is there already"),
        (
            "u.item",
            [item(1, "A (1990)"), item(1, "B (1990)")],
            "u.item, line 2: film 1 is on line 1",
        ),
        (
            "u.item",
            [item(1, "A\x00 (1990)")],
            "u.item, line 1: it holds a control character, U+0000 (nul) at character 2 of field 2",
        ),
        ("u.item", [item(1, "(1990)")], "u.item, line 1: a film's name has 1 to 200 letters"),
        ("u.item", [item(1, "A" * 300)], "u.item, line 1: a film's name has 1 to 200 letters"),
        ("u.item", [item(1, "A (1990)")[:-1] + "2"], "u.item, line 1: a genre flag is neither"),
        ("u.item", [*OLD["u.item"], item(4, "unknown", "")], "u.item, line 4: film 4 has no year"),
        (
            "credits.csv",
            ["film,name"],
            "credits.csv, line 1: expected the columns item_id,billing_order,name, found film,name",
        ),
        (
            "credits.csv",
            ["item_id\0,billing_order,name"],
            "credits.csv, line 1: it holds a control",
        ),
        (
            "credits.csv",
            ["item_id,billing_order,name", "1,1,\u0301"],
            "credits.csv, line 2: a name",
        ),
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
