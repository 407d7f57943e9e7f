"""What others made and this repository keeps is listed with its licence."""

import re
import subprocess
from fnmatch import fnmatch

from config import paths

PAGE = (paths.BASE / "docs" / "licences.md").read_text()
MADE_BY_OTHERS = ("static/vendor/*", "*.woff2", "*.ttf", "*.otf", "*.min.js")


def test_every_vendored_file_is_listed_with_its_licence():
    files = subprocess.run(
        ["git", "ls-files"], cwd=paths.BASE, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    vendored = [f for f in files if any(fnmatch(f, pattern) for pattern in MADE_BY_OTHERS)]
    places = re.findall(r"\| `([^`]+)` \|", PAGE)
    assert len(vendored) > 20
    assert [f for f in vendored if not any(f.startswith(p.rstrip("*")) for p in places)] == []


def test_every_licence_that_is_named_is_there():
    links = re.findall(r"\]\((\.\./[^)]+)\)", PAGE)
    assert len(links) >= 6
    assert [link for link in links if not (paths.BASE / "docs" / link).exists()] == []
