"""Decision records are numbered without a gap, and links to them lead somewhere."""

import re

from config import paths

FOLDER = paths.BASE / "docs" / "decisions"


def test_each_record_has_a_number_of_its_own():
    names = sorted(path.name for path in FOLDER.glob("*.md"))
    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))


def test_a_record_says_its_number():
    for path in FOLDER.glob("*.md"):
        number = re.match(r"# (?:Decision )?0*(\d+)", path.read_text())
        assert number and int(number[1]) == int(path.name[:4]), path.name


def test_links_to_records_lead_somewhere():
    pages = [*paths.BASE.glob("*.md"), *(paths.BASE / "docs").rglob("*.md")]
    for page in pages:
        for name in re.findall(r"decisions/(\d{4}[a-z0-9-]+\.md)", page.read_text()):
            assert (FOLDER / name).exists(), f"{page.name} links to {name}"
