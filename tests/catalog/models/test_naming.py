import unicodedata

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from catalog.models import Credit, Episode, Genre, Mood, Person, Title, Viewer
from catalog.models.naming import first_repeated, name_key, tidy_name, validate_name
from tests.factories import make_account, make_viewer

UNSEEN = {
    "nothing": "",
    "space": "  ",
    "no-break space": "\u00a0",
    "ideographic space": "\u3000",
    "zero-width space": "\u200b",
    "zero-width joiner": "\u200d",
    "word joiner": "\u2060",
    "byte order mark": "\ufeff",
    "soft hyphen": "\u00ad",
    "Hangul filler": "\u3164",
    "half-width Hangul filler": "\uffa0",
    "Hangul jamo fillers": "\u115f\u1160",
    "blank Braille": "\u2800\u2800",
    "a combining mark": "\u0301",
    "combining marks": " \u0301\u0302\u034f",
    "an enclosing mark": "\u20dd",
    "a spacing mark": "\u0903",
    "a variation selector": "\ufe0f",
    "tags": "\U000e0041\U000e007f",
    "Mongolian vowel separator": "\u180e",
    "Khmer inherent vowel": "\u17b4",
    "null note head": "\U0001d159",
    "object replacement": "\ufffc",
    "private use": "\ue000",
    "several of them": "\u200b\u3164\u2800 \u0301",
}
NOT_ALLOWED = {
    "override": "Ada\u202egnp",
    "embedding": "\u202bAda\u202c",
    "isolate": "\u2067Ada\u2069",
    "NUL": "A\x00da",
    "new line": "Ada\nLovelace",
    "tab": "\tAda",
    "delete": "Ada\x7f",
    "line separator": "Ada\u2028",
    "half a character": "Ada\ud800",
    "no character": "Ada\ufdd0",
    "no character of another plane": "Ada\U0001ffff",
}
NAMES = [
    "Zoë", "Zoe\u0308", "Nguyễn Thị", "O’Brien-Smith", "Ōe", "大江", "김", "مريم", "می\u200cخواهم",
    "רות", "ศรี", "क्षी", "ᚠ", "👩\u200d👩\u200d👧", "❤️", "#1", "?", "…", "1", "(500) Days",
    "M*A*S*H", "$", "ʻIolani", "\u200fרות",
]  # fmt: skip


@pytest.mark.parametrize("name", UNSEEN.values(), ids=UNSEEN.keys())
def test_it_refuses_a_name_that_cannot_be_seen(name):
    with pytest.raises(ValidationError, match="can be seen"):
        validate_name(name)


@pytest.mark.parametrize("name", NOT_ALLOWED.values(), ids=NOT_ALLOWED.keys())
def test_it_refuses_a_name_that_does_something_to_its_surroundings(name):
    with pytest.raises(ValidationError, match="cannot contain"):
        validate_name(name)


@pytest.mark.parametrize("name", NAMES)
def test_it_takes_names_of_any_script(name):
    validate_name(name)


@given(st.text(st.characters(categories=["L", "N"]), min_size=1))
def test_it_takes_letters_and_digits(name):
    if set(name) & set("\u115f\u1160\u3164\uffa0"):
        return
    validate_name(name)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Zoë", "Zoe\u0308"),
        ("Zoë", "ZOË"),
        ("Ada", "Ａｄａ"),
        ("Ada", "A\u200bda"),
        ("Ada", "Ada\u00ad"),
        ("Ada", "Ada\ufe0f"),
        ("Ada Lovelace", "Ada \u3000 Lovelace"),
        ("カナ", "ｶﾅ"),
        ("Straße", "STRASSE"),
        ("ﬁn", "fin"),
        ("\u200fרות", "רות"),
        ("Ann-Lee", "Ann\u2011Lee"),
        ("Ann-Lee", "Ann\u2010Lee"),
        ("O'Hara", "O’Hara"),
    ],
)
def test_names_that_look_the_same_have_one_key(one, other):
    assert name_key(one) == name_key(other)
    assert first_repeated([one, "Bea", other]) == other


@pytest.mark.parametrize(("one", "other"), [("Zoë", "Zoe"), ("Ada", "Ida"), ("Ab", "A b")])
def test_other_names_are_not(one, other):
    assert name_key(one) != name_key(other)
    assert first_repeated([one, other]) is None


@given(st.text(max_size=40))
def test_a_key_has_itself_as_its_key_and_fits_its_column(name):
    key = name_key(name)
    assert name_key(key) == key
    assert len(key) <= Viewer._meta.get_field("name_key").max_length


def test_a_name_is_stored_composed():
    assert tidy_name(" Zoe\u0308 ") == unicodedata.normalize("NFC", "Zoë")


@pytest.mark.parametrize("model", [Viewer, Title, Episode, Person, Genre, Mood])
def test_every_name_is_checked(model):
    assert validate_name in model._meta.get_field("name").validators


def test_a_character_is_checked_where_there_is_one(db):
    assert validate_name in Credit._meta.get_field("character").validators
    Credit(character="").clean_fields(exclude=["title", "person"])


def test_the_database_takes_one_name_once_however_it_is_written(db):
    account = make_account()
    make_viewer(account=account, name="Zoë")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_viewer(account=account, name="ZOE\u0308")
    with pytest.raises(IntegrityError), transaction.atomic():
        Viewer.objects.bulk_create([Viewer(account=account, name="zoë")])
    make_viewer(name="Zoë")


def test_a_changed_name_is_known_by_its_own_key(viewer):
    viewer.name = "Another"
    viewer.save(update_fields=["name"])
    viewer.refresh_from_db()
    assert viewer.name_key == "another"
