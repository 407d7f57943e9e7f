import codecs

import pytest

from catalog.importers.lines import Malformed, encoding_of, fields, table

COLUMNS = ["number", "name"]


def lines_of(path, **options):
    return list(fields(path, separator="|", count=2, **options))


@pytest.fixture
def file(tmp_path):
    return tmp_path / "films.dat"


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""),
        ("utf-8", codecs.BOM_UTF8),
        ("latin-1", b""),
        ("utf-16-le", codecs.BOM_UTF16_LE),
        ("utf-16-be", codecs.BOM_UTF16_BE),
        ("utf-32-le", codecs.BOM_UTF32_LE),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_file_is_read_in_its_own_encoding_and_line_ends(file, encoding, mark, end):
    file.write_bytes(mark + end.join(["1|Café", "2|Zoë", ""]).encode(encoding))
    assert lines_of(file) == [(1, ["1", "Café"]), (2, ["2", "Zoë"])]


def test_the_quotes_of_windows_are_read(file):
    file.write_bytes("1|“Café” – 5 €\n".encode("cp1252"))
    assert lines_of(file) == [(1, ["1", "“Café” – 5 €"])]


def test_the_encoding_is_one_for_the_whole_file(file):
    """One line that is not UTF-8 makes all lines Latin-1, so that no line is read on a guess."""
    file.write_bytes(b"1|Caf\xe9\n2|Plain\n")
    assert encoding_of(file, otherwise="cp1252") == "cp1252"
    file.write_bytes("1|Café\n2|Plain\n".encode())
    assert encoding_of(file, otherwise="cp1252") == "utf-8"


@pytest.mark.parametrize(
    ("data", "otherwise", "says"),
    [
        (b"1|a\r\n2|b\r3|Caf\xe9\n", None, "line 3: it is not UTF-8: save the file as UTF-8"),
        (b"1|a\n2|\x81\n", "cp1252", "line 2: it is neither UTF-8 nor cp1252"),
        (codecs.BOM_UTF8 + b"1|a\n\n2|\xe9\n", "cp1252", "line 3: the byte order mark says utf-8"),
        (codecs.BOM_UTF16_LE + b"1\x00\n\x00\x00", "cp1252", "line 2: the byte order mark says"),
        ("1|a\n".encode("utf-16-le"), "cp1252", "line 1: .*UTF-16 without a byte order mark"),
        (b"1|a\n2|b\tc\n", "cp1252", r"line 2: .* U\+0009 \(tab\) at character 2 of field 2"),
    ],
)
def test_what_is_not_of_the_encoding_is_refused_by_its_line(file, data, otherwise, says):
    file.write_bytes(data)
    with pytest.raises(Malformed, match=says):
        lines_of(file, otherwise=otherwise)


def test_a_letter_across_two_chunks_is_read(file, monkeypatch):
    monkeypatch.setattr("catalog.importers.lines._CHUNK", 5)
    file.write_bytes("1|aaé\n".encode())
    assert lines_of(file) == [(1, ["1", "aaé"])]


def test_a_line_separator_within_a_field_ends_no_line(file):
    file.write_bytes("1|a\u2028b\n2|c\x85d\n".encode())
    assert [number for number, _ in lines_of(file)] == [1, 2]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_row_of_a_table_is_named_by_the_line_on_which_it_begins(file, end):
    rows = ["number,name", '1,"a, b"', '2,"c\u2028d"', "3", ""]
    file.write_bytes(end.join(rows).encode())
    read = table(file, COLUMNS)
    assert next(read) == (2, ["1", "a, b"])
    assert next(read) == (3, ["2", "c\u2028d"])
    with pytest.raises(Malformed, match="line 4: expected 2 fields, found 1"):
        next(read)


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ('number,name\n1,"a\nb"\n', r"line 2: .* U\+000A \(line feed\) at character 2 of field 2"),
        ('number,name\n1,a\n2,"b\n3,c\n', "line 3: unexpected end of data"),
        ("name,number\n", "line 1: expected the columns number,name"),
        ("", "line 1: expected the columns number,name"),
    ],
)
def test_a_row_that_cannot_be_read_is_refused_by_its_line(file, rows, says):
    file.write_text(rows)
    with pytest.raises(Malformed, match=says):
        list(table(file, COLUMNS))
