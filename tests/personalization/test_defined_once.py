"""What must be the same everywhere is defined in one place."""

import re
from pathlib import Path

import pytest

import personalization

FOLDER = Path(personalization.__file__).parent


@pytest.mark.parametrize(
    ("pattern", "places"),
    [
        (r"^(Floats|Ints) *(:.*)?= ", {"bandit/arrays.py"}),
        (r"settings\.DRAW_KEY\b", {"serving/draw_key.py"}),
    ],
)
def test_it_is_defined_in_one_place(pattern, places):
    found = {
        str(path.relative_to(FOLDER))
        for path in FOLDER.rglob("*.py")
        if re.search(pattern, path.read_text(), re.MULTILINE)
    }
    assert found == places
