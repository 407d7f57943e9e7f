"""PO and MO files: what is written is read again, also by Python's own gettext."""

import gettext
import io

import pytest

from config.management.commands.messages import ROOMS, STAFF
from config.paths import BASE
from config.translations import extracting
from config.translations.catalogue import Message, UnreadableCatalogue, compiled, merge, read, write

PLURALS = "Plural-Forms: nplurals=2; plural=(n != 1);\n"
HEADER = Message("", strings=(f"Content-Type: text/plain; charset=UTF-8\n{PLURALS}",))
PLAIN = Message("A “word”", strings=('Ein "Wort"\nund\\noch\tmehr',), places=("a.py", "b.html"))
MANY = Message("%(n)s film", plural="%(n)s films", strings=("%(n)s Film", "%(n)s Filme"))
IN_CONTEXT = Message("May", context="month", strings=("Mai",), notes=("not the verb",))


def test_a_po_file_is_read_as_it_was_written(tmp_path):
    messages = [HEADER, PLAIN, MANY, IN_CONTEXT, Message("new", fuzzy=True, strings=("neu",))]
    write(tmp_path / "a.po", messages)
    assert read(tmp_path / "a.po") == messages


def test_python_reads_the_mo_file():
    found = gettext.GNUTranslations(io.BytesIO(compiled([PLAIN, HEADER, MANY, IN_CONTEXT])))
    assert found.gettext("A “word”") == 'Ein "Wort"\nund\\noch\tmehr'
    assert [found.ngettext("%(n)s film", "%(n)s films", n) for n in (1, 2)] == list(MANY.strings)
    assert found.pgettext("month", "May") == "Mai"


def test_what_is_fuzzy_or_not_translated_is_not_in_the_mo_file():
    half = Message("one", plural="two", strings=("eins", ""))
    fuzzy = Message("three", strings=("drei",), fuzzy=True)
    found = gettext.GNUTranslations(io.BytesIO(compiled([HEADER, half, fuzzy])))
    assert found.gettext("one") == "one"
    assert found.gettext("three") == "three"


def test_a_line_that_is_none_is_refused_with_its_number(tmp_path):
    (tmp_path / "a.po").write_text('msgid ""\nmsgstr nothing\n')
    with pytest.raises(UnreadableCatalogue, match="line 2"):
        read(tmp_path / "a.po")


def test_merging_keeps_translations_and_drops_what_no_source_uses():
    sources = [Message("new"), Message(PLAIN.text, places=("c.py",)), Message(MANY.text)]
    header, new, kept, alone = merge([HEADER, PLAIN, MANY, IN_CONTEXT], sources)
    assert (header, new) == (HEADER, Message("new"))
    assert (kept.strings, kept.places) == (PLAIN.strings, ("c.py",))
    assert alone.strings == ()  # it had a plural, and has none any more


def test_messages_are_found_in_python_and_in_templates(tmp_path):
    room = tmp_path / "room"
    (room / "templates").mkdir(parents=True)
    (room / "a.py").write_text('x = ngettext("one", "many " "more", n), pgettext("c", "d"), f("e")')
    (room / "templates/b.html").write_text(
        "{% load i18n %}{% translate \"it's\" %}{% translate 'd' context 'c' %}"
        "{% blocktranslate trimmed count n=rows %}\n {{ n }} row\n{% plural %}{{ n }} rows"
        "{% endblocktranslate %}{# not this #}"
    )
    found = extracting.messages(tmp_path, ["room"])
    assert [(each.context, each.text, each.plural) for each in found] == [
        ("", "one", "many more"),
        ("c", "d", ""),
        ("", "it's", ""),
        ("", "%(n)s row", "%(n)s rows"),
    ]
    assert found[1].places == ("room/a.py", "room/templates/b.html")


def test_the_staffs_pages_are_left_out():
    places = {p for each in extracting.messages(BASE, ROOMS, without=STAFF) for p in each.places}
    assert places
    assert [place for place in places if place.startswith("templates/admin/")] == []
