"""Every static file that a template names exists: in production a missing one breaks the page."""

import re

import pytest
from django.contrib.staticfiles import finders

from config import paths

TEMPLATES = sorted((paths.BASE / "templates").rglob("*.html"))
NAMED = re.compile(r"{%\s*static\s+['\"]([^'\"]+)['\"]")


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_every_static_file_that_a_template_names_is_there(template):
    named = NAMED.findall(template.read_text())
    assert [name for name in named if finders.find(name) is None] == []
