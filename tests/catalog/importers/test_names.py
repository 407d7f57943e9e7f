import pytest

from catalog.importers.names import Unreadable, clean, identity


@pytest.mark.parametrize(
    ("written", "read", "changes"),
    [
        ("Ann Lee", "Ann Lee", ()),
        ("  Ann   Lee ", "Ann Lee", ()),
        ("Ann\u00a0Lee", "Ann Lee", ("U+00A0 (no-break space) read as a space",)),
        ("Ann\u3000Lee", "Ann Lee", ("U+3000 (ideographic space) read as a space",)),
        ("Ann\u2028Lee", "Ann Lee", ("U+2028 (line separator) read as a space",)),
        ("\u200fعمر", "عمر", ("U+200F (right-to-left mark) dropped",)),
        ("Ann Ro\u00adwe", "Ann Rowe", ("U+00AD (soft hyphen) dropped",)),
        ("\ufeffAnn", "Ann", ("U+FEFF (zero width no-break space) dropped",)),
        ("An\u200bn", "Ann", ("U+200B (zero width space) dropped",)),
        ("An\u200dn", "Ann", ("U+200D (zero width joiner) dropped",)),
        ("Ann\u3164", "Ann", ("U+3164 (hangul filler) dropped",)),
        ("Ann\u202eLee\u202c", "AnnLee", None),
        ("Zoe\u0308", "Zo\u00eb", ()),
        # The joiner shapes the word: it is a letter's form and not a stray mark.
        ("می\u200cخواهم", "می\u200cخواهم", ()),
        ("FranÃ§oise Aube", "Françoise Aube", ("decoded again",)),
        ("IrÃ\u00a0ne", "Iràne", ("decoded again",)),
        ("Itâ€™s", "It’s", ("decoded again",)),
        ("Łódź", "Łódź", ()),
        ("JOÃO", "JOÃO", ()),
        ("\u00ad", "", ("U+00AD (soft hyphen) dropped",)),
    ],
)
def test_a_name_is_read_as_it_is_meant_and_every_change_is_told(written, read, changes):
    name = clean(written)
    assert name.text == read
    if changes is not None:
        assert name.changes == changes


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("Ann\nLee", r"U\+000A \(line feed\) at character 4"),
        ("Ann\x85", r"U\+0085 \(control character\) at character 4"),
        ("Ann\ue000", r"U\+E000 \(private use\) at character 4"),
        ("Zo\ufffd", r"a letter is lost: U\+FFFD \(replacement character\) at character 3"),
        ("FranÃ§oise Zoë", "'Ã§' at character 5 is UTF-8 that was read in another encoding"),
    ],
)
def test_a_character_that_cannot_be_taken_in_is_named_with_its_place(written, says):
    with pytest.raises(Unreadable, match=says):
        clean(written)


def test_case_normal_form_and_joiners_do_not_make_another_person():
    assert identity("Zo\u00eb RAY") == identity("zoe\u0308 ray")
    assert identity("Straße") == identity("STRASSE")
    assert identity("Zoe Ray") != identity("Zo\u00eb Ray")


@pytest.mark.parametrize("apostrophe", "’‘ʼ′`´")
def test_which_apostrophe_is_typed_makes_no_other_person(apostrophe):
    assert identity(f"Ada O{apostrophe}Hara") == identity("Ada O'Hara")


@pytest.mark.parametrize("hyphen", "\u2010\u2011\u2012\u2212")
def test_which_hyphen_is_typed_makes_no_other_person(hyphen):
    assert identity(f"Ann{hyphen}Lee Ray") == identity("Ann-Lee Ray") != identity("Ann Lee Ray")
