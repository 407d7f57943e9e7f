"""Static files: every one that a template names exists, and what is joined is all there."""

import re

import pytest
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.core.files.base import ContentFile

from config import paths
from config.staticfiles import IMPORT, SiteStaticStorage

TEMPLATES = sorted((paths.BASE / "templates").rglob("*.html"))
INCLUDED = re.compile(r'{%\s*include\s+"([^"]+)"')
ASKS = re.compile(r"\bhx-(?:get|trigger)=")
NAMED = re.compile(r"{%\s*static\s+['\"]([^'\"]+)['\"]")


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_every_static_file_that_a_template_names_is_there(template):
    named = NAMED.findall(template.read_text())
    assert [name for name in named if finders.find(name) is None] == []


def test_a_sheet_that_imports_others_becomes_one_file(tmp_path):
    sheets = {
        "css/site.css": '/* What. */\n@import "one.css";\n@import "two.css";\n',
        "css/one.css": ":root {\n  --ink: black; /* Why. */\n}\n",
        "css/two.css": 'p { background: url("../dot.png"); }\n',
        "dot.png": "",
    }
    source = StaticFilesStorage(tmp_path / "source", base_url="/static/")
    collected = SiteStaticStorage(tmp_path / "collected", base_url="/static/")
    for name, text in sheets.items():
        source.save(name, ContentFile(text.encode()))
        collected.save(name, ContentFile(text.encode()))

    for _ in range(2):  # Collecting again does not find what it joined.
        made = list(collected.post_process({name: (source, name) for name in sheets}))
        assert [fault for *_, fault in made if isinstance(fault, Exception)] == []
    whole = (tmp_path / "collected" / collected.stored_name("css/site.css")).read_text()

    assert "@import" not in whole
    assert "/*" not in whole
    assert whole.index("--ink: black;") < whole.index("p { background")
    assert collected.stored_name("dot.png").removeprefix("dot") in whole


def test_every_sheet_of_the_site_is_on_its_pages_once():
    """What site.css imports, no page names again, and each exists. The admin has its own sheets."""
    site = (paths.BASE / "static" / "css" / "site.css").read_text()
    imported = IMPORT.findall(site)
    assert len(imported) > 5
    assert [name for name in imported if finders.find(f"css/{name}") is None] == []
    assert site.count("@import") == len(imported)
    pages = [template for template in TEMPLATES if "admin" not in template.parts]
    named = {name for template in pages for name in NAMED.findall(template.read_text())}
    assert {f"css/{name}" for name in imported} & named == set()


def with_parts(template):
    """Return what a template says, and what those of ours say that it includes by name."""
    file = paths.BASE / "templates" / template
    text = file.read_text() if file.exists() else ""
    return text + "".join(with_parts(part) for part in INCLUDED.findall(text))


def test_pages_whose_parts_ask_on_their_own_have_htmx_from_the_start():
    """Elsewhere it is loaded for an order (static/js/htmx.js)."""
    names = [str(path.relative_to(paths.BASE / "templates")) for path in TEMPLATES]
    pages = {name: with_parts(name) for name in names if "{% extends" in with_parts(name)}
    asking = {name for name, text in pages.items() if ASKS.search(text)}
    assert len(asking) > 3
    assert {name for name in asking if '{% include "_htmx.html" %}' not in pages[name]} == set()
