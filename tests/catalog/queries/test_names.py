"""Names that match a text: the key, the order, the wrong letters, the indexes."""

import unicodedata

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from catalog.models import Person, Title
from catalog.queries.names import (
    MAX_LETTERS,
    Nearness,
    matches,
    named_like,
    one_letter_apart,
    read,
    resembling,
)
from tests.factories import NOW, make_title


@pytest.fixture
def found(db):
    """Return which of some titles a text finds, nearest first."""

    def find(text, *names):
        for name in names:
            make_title(name=name)
        asked = read(text)
        return [match.row.name for match in matches(Title.objects.all(), asked, 50)]

    return find


def words(text):
    with connection.cursor() as cursor:
        cursor.execute("SELECT catalog_search_words(%s)", [text])
        return cursor.fetchone()[0]


AS_WRITTEN = [
    "North/South", "Seven.com", "İzmir", "#alive", "8½", "9-1-1", "M*A*S*H", ".hack", "???",
    "!!!", "'", "-", "%", "_", "C++", "$9.99", "∞", "A.I.", "Se7en", "[REC]", "Face/Off", "π",
    "千と千尋の神隠し", "ガンダム", "기생충", "สวัสดี ชาวโลก", "كفرناحوم", "ואלס עם באשיר",
    "पथेर पांचाली",
    "Ирония судьбы", "Οδύσσεια", "Ձմեռ", "ვეფხისტყაოსანი", "🎬", "Fire 🔥", "👨‍👩‍👧",
    "I ♥ You", "ﬁn",
    "Ⅳ", "２０４６", "Amélie", "Ame\u0301lie", "ẞ", "İ", "x" * 200, "ab " * 66 + "ab",
]  # fmt: skip


@pytest.mark.parametrize("name", AS_WRITTEN)
def test_a_name_is_found_as_it_is_written(found, name):
    assert found(name, name, "Something Else")[:1] == [name]


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
@pytest.mark.parametrize(
    "name", ["Ἀγών", "Việt Nam", "ガンダム", "기생충", "Ёлка", "किताब फ़िल्म", "ﷺ"]
)
def test_the_form_of_a_letter_does_not_matter(found, name, form):
    stored = unicodedata.normalize("NFD", name)
    assert found(unicodedata.normalize(form, name), stored) == [stored]


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Søndag", "sondag"), ("Łuna", "luna"), ("Cœur", "coeur"), ("Æon", "aeon"),
        ("Straße", "strasse"), ("STRAẞE", "straße"), ("Đay", "day"), ("Hoũ Việt", "hou viet"),
        ("Kapı", "kapi"), ("KAPI", "kapı"), ("İzmir", "izmir"), ("izmir", "IZMIR"),
        ("Ёлка", "елка"), ("Ґанок", "ганок"), ("Þór", "thor"), ("Eiðar", "eidar"),
        ("Ŋaba", "ngaba"),
        ("Ħal", "hal"), ("Ŧest", "test"), ("Əli", "eli"), ("ΟΔΥΣΣΕΥΣ", "Οδυσσεύς"),
        ("ΣΟΦΟΣ", "σοφος"), ("ＡＢＣ", "abc"), ("ｶﾞﾝﾀﾞﾑ", "ガンダム"), ("أهلاً", "اهلا"),
        ("קָפֶה", "קפה"),
        ("٢٠٢٠", "2020"), ("Alien³", "alien 3"), ("8½", "8 1/2"), ("SPY×FAMILY", "spy x family"),
    ],
)  # fmt: skip
def test_accents_special_letters_and_case_do_not_matter(found, name, typed):
    assert found(typed, name, "Something Else") == [name]


@pytest.mark.parametrize("apostrophe", list("'’‘ʼ`´′＇ʻ"))
def test_every_apostrophe_may_be_left_out(found, apostrophe):
    name = f"Nobody{apostrophe}s Harbour"
    assert found("nobodys harbour", name) == [name]
    assert found("nobody’s harbour") == [name]
    assert found("nobody s harbour") == [name]


@pytest.mark.parametrize("hyphen", list("-‐‑‒–—·−/.・"))
def test_every_hyphen_may_be_left_out(found, hyphen):
    name = f"The Wonder{hyphen}Dog Returns"
    assert found("wonderdog", name) == [name]
    for typed in ("wonder dog", "wonder-dog", "wonder–dog", "the wonderdog returns"):
        assert found(typed) == [name]


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("M*A*S*H: The Series", "mash"), ("9-1-1: Lone Star", "911 lone"),
        ("Spiderman", "spider man"),
        ("The Amazing Spiderman", "amazing spider-man"), ("Fast & Furious", "fast and furious"),
        ("No\u200bwhere", "nowhere"), ("Soft\u00adly", "softly"), ("A\u00a0B", "a b"),
        ("Thumb 👍🏽", "thumb 👍"), ("L'Avventura", "avventura"),
        # A space in place of an apostrophe, in part of a long name.
        ("La Palme d’Or de Cannes en Mai", "palme d or de cannes"),
        ("A Dog's Life in Paris and Rome", "dog s life in paris"),
        ("Jean et l’été de la grande ville", "et l ete de la grande"),
    ],
)  # fmt: skip
def test_what_is_written_in_one_word_or_two_is_found(found, name, typed):
    assert found(typed, name) == [name]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Müller", "mueller"), ("Überführung", "ueberfuehrung"), ("Öl", "oel"),
        ("Schöne Grüße", "schoene gruesse"), ("Rødgrød", "roedgroed"), ("Ægir", "aegir"),
    ],
)  # fmt: skip
def test_an_umlaut_that_is_spelled_out_finds_the_letter(name, typed):
    title = make_title(name=name)
    make_title(name="Something Else")
    rows = named_like(Title.objects.all(), typed)
    assert list(rows) == [title]


def test_the_middle_of_a_name_is_found(found):
    assert found("park", "Jurassic Park") == ["Jurassic Park"]
    assert found("urassic") == ["Jurassic Park"]
    assert found("ark ura") == ["Jurassic Park"]
    assert found("千尋", "千と千尋の神隠し") == ["千と千尋の神隠し"]
    assert found("연인", "해운대연인들") == ["해운대연인들"]


@pytest.mark.parametrize("text", ["cpa", "sicp", "zebra", "park zebra", "ic", "🔦", "u1f52", "u1"])
def test_what_is_in_no_word_finds_nothing(found, text):
    # "cpa" is in the name only if its words are joined.
    assert found(text, "Jurassic Park", "Fire 🔥") == []
    assert resembling(Title.objects.all(), read(text), 50) == []


def test_the_nearest_come_first(found):
    names = [
        "Red", "Red Dawn", "Redemption", "A Red Dawn", "Dawn of Red", "The Redeemers", "Shredder",
    ]  # fmt: skip
    assert found("red", *reversed(names)) == [
        "Red", "Red Dawn", "Redemption", "A Red Dawn", "Dawn of Red", "The Redeemers", "Shredder",
    ]  # fmt: skip
    assert found("red dawn") == ["Red Dawn", "A Red Dawn", "Dawn of Red"]


def test_of_names_with_one_key_the_one_written_as_typed_comes_first(found):
    assert found("C++", "C", "C#", "C++")[0] == "C++"
    assert found("résumé", "Resume", "Résumé")[0] == "Résumé"


@pytest.mark.parametrize(
    "typed",
    [
        "jurassik park",  # another letter
        "jurasic park",  # a letter missing
        "jurrassic park",  # a letter doubled
        "juarssic park",  # two letters swapped
        "turassic park",  # the first letter
        "jurassic pakr",
        "jurasic prak",  # a letter in each word
        "jurasic par",  # and a word that is not finished
        "jurassicpark",
    ],
)
def test_one_letter_wrong_is_forgiven(db, typed):
    make_title(name="Jurassic Park")
    make_title(name="Something Else")
    rows = named_like(Title.objects.all(), typed)
    assert [title.name for title in rows] == ["Jurassic Park"]


@pytest.mark.parametrize(
    ("name", "typed"),
    [("Jaws", "jwas"), ("Ida", "idda"), ("Élan", "elna"), ("Wonder-Dog", "wonderdgo"),
     ("Ёлка", "елкк"), ("기생충", "기생춘"), ("千と千尋の神隠し", "千と千尋の神隠"),
     ("สวัสดี", "สวสัดี")],
)  # fmt: skip
def test_one_letter_wrong_is_forgiven_in_short_words_and_other_scripts(db, name, typed):
    make_title(name=name)
    assert [title.name for title in named_like(Title.objects.all(), typed)] == [name]


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("harbour", "harbor", True), ("harbour", "harbours", True), ("harbour", "hrabour", True),
        ("harbour", "harboor", True), ("harbour", "harbour", False),
        ("harbour", "harboured", False),
        ("abcd", "acde", False), ("abcd", "badc", False), ("heart", "earth", False),
        ("red", "bed", False), ("her", "hre", True), ("it", "its", False), ("her", "hero", True),
        ("1917", "1971", False), ("2012", "2013", False), ("zq1f525", "zq1f526", False),
    ],
)  # fmt: skip
def test_what_counts_as_one_letter(one, other, near):
    assert one_letter_apart(one, other) is near
    assert one_letter_apart(other, one) is near


@pytest.mark.parametrize("text", ["", "  ", "\0", "\ud800", "\u200b", "\n\t", "\0\ud83c "])
def test_a_text_without_anything_to_look_for(db, text):
    assert read(text) is None


@pytest.mark.parametrize(
    "text",
    ["a" * 10_000, "a " * 10_000, "é" * 10_000, "ﷺ" * 10_000, "*" * 10_000, "🎬" * 10_000,
     "a\0b", "a\ud800b", "%_\\", "'; DROP TABLE", "a:* & !b | <->", "e" + "\u0301" * 5000],
)  # fmt: skip
def test_any_text_may_be_looked_for(db, text):
    make_title(name="Nothing Here")
    asked = read(text)
    assert len(asked.text) <= MAX_LETTERS
    assert matches(Title.objects.all(), asked, 5) == []
    assert resembling(Title.objects.all(), asked, 5) == []


@given(st.text(max_size=300))
@pytest.mark.django_db
def test_any_name_has_a_key_that_its_own_text_finds(name):
    # Not in a database of hypothesis's own making: one query compares the two sides.
    name = name.encode("utf-8", "ignore").decode().replace("\0", "")
    once = words(name)
    assert words(once.replace("-", " ")).replace("-", " ") == once.replace("-", " ")
    assert words(unicodedata.normalize("NFD", name)) == words(unicodedata.normalize("NFC", name))


def test_every_latin_letter_with_a_plain_one_in_its_name_is_found_by_it(db):
    """The tables in search_1.sql leave out no letter that Unicode names after a plain one."""
    letters = {}
    for code in range(0xC0, 0x250):
        parts = unicodedata.name(chr(code), "").split(" ")
        if (
            unicodedata.category(chr(code)) != "Lt"
            and "LETTER" in parts
            and " WITH " in " ".join(parts)
        ):
            plain = parts[parts.index("LETTER") + 1].lower()
            if len(plain) == 1:
                letters[chr(code)] = plain
    missed = {letter for letter, plain in letters.items() if words(letter) not in (plain, "")}

    assert missed <= {"ŉ"}
    assert len(letters) > 300


def test_every_letter_has_one_key_in_capitals_and_in_small(db):
    """The tables hold every letter with a case that this Python knows and that Unicode 14 has."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT chr(code) FROM generate_series(160, 125259) AS code "
            "WHERE code NOT BETWEEN 55296 AND 57343 "
            "AND catalog_search_words(chr(code)) <> catalog_search_words(upper(chr(code)))"
        )
        differing = {row[0] for row in cursor}
    assert {letter for letter in differing if unicodedata.name(letter, "")} <= {"\u0345", "ꞌ"}


class TestNoWriteLeavesTheKeyBehind:
    def key(self):
        return Title.objects.get(slug="one").search_key

    def test_save(self, db):
        title = make_title(slug="one", name="Éins")
        assert self.key() == " eins  =eins"
        title.name = "Zwei"
        title.save(update_fields=["name"])
        assert self.key() == " zwei  =zwei"

    def test_bulk(self, db):
        title = Title(slug="one", name="Éins", year=2020, added_at=NOW)
        Title.objects.bulk_create([title])
        assert self.key() == " eins  =eins"
        title.name = "Zwei"
        Title.objects.bulk_update([title], ["name"])
        assert self.key() == " zwei  =zwei"
        Title.objects.update(name="Drei-Vier")
        assert self.key() == " drei vier  dreivier  =dreivier"

    def test_sql(self, db):
        make_title(slug="one", name="Éins")
        with connection.cursor() as cursor:
            cursor.execute("UPDATE catalog_title SET name = 'Zwei'")
        assert self.key() == " zwei  =zwei"


def plan(rows):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    return rows.explain()


@pytest.mark.parametrize(("model", "name"), [(Title, "title"), (Person, "person")])
def test_it_uses_the_indexes(db, model, name):
    from catalog.queries import names

    asked = read("harbour red")
    rows = names._with_parts(model.objects.all(), asked)
    assert f"{name}_pieces" in plan(rows.filter(names._near(asked)))
    assert f"{name}_slips" in plan(rows.filter(names._slipped(asked)))


def test_a_text_narrows_a_list_and_keeps_its_order(db):
    for name in ("Harbour B", "Harbour A", "Else"):
        make_title(name=name)
    rows = named_like(Title.objects.order_by("name"), "harbour")
    assert [title.name for title in rows] == ["Harbour A", "Harbour B"]
    assert named_like(Title.objects.all(), " ").count() == 3
    assert named_like(Title.objects.all(), "\u200b").count() == 0


def test_the_order_of_nearness_is_the_order_of_its_numbers():
    assert list(Nearness) == sorted(Nearness)
