"""Every text of a viewer's page is marked for translation."""

import re

import pytest
from django.template.base import Lexer, TokenType

from config import paths

STAFF = ("admin/", "studio/", "styleguide/", "api/")
TEMPLATES = [
    path
    for path in sorted((paths.BASE / "templates").rglob("*.html"))
    if not path.relative_to(paths.BASE / "templates").as_posix().startswith(STAFF)
]
UNSEEN = re.compile(r"<!--.*?-->|<(script|style|svg)\b.*?</\1>", re.DOTALL)
SAID = re.compile(r"\b(?:alt|aria-label|aria-valuetext|placeholder|title)=\"([^\"]*)\"")
TAG = re.compile(r"<[^>]*>", re.DOTALL)
WORD = re.compile(r"&\w+;|[^\W\d_]{2,}")
GIVEN = re.compile(r"\b(?:text|heading|action|first|second|label)\w*=\"([^\"]+)\"")
# Words that are the same in every language, and what no one reads.
SAME = {"JSON", "CSV", "UTC", "PIN"}


def unmarked(source):
    """Return the words of a template that stand outside of translations."""
    until, text, found = "", [], []
    for token in Lexer(source).tokenize():
        if token.token_type == TokenType.BLOCK:
            name, *rest = token.contents.split()
            if name in {"blocktranslate", "comment"} or rest == ["body_class"]:
                until = f"end{name}"
            elif name == until:
                until = ""
            if name in {"include", "with"}:
                found += [each for each in GIVEN.findall(token.contents) if " " in each]
            text.append(" ")
        elif token.token_type == TokenType.TEXT and not until:
            text.append(token.contents)
        else:
            text.append("0")
    page = UNSEEN.sub(" ", "".join(text))
    found += SAID.findall(page)
    found.append(TAG.sub(" ", page))
    words = [word for each in found for word in WORD.findall(each) if word[0] != "&"]
    return [word for word in words if word not in SAME]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_every_text_of_a_template_is_marked(path):
    assert unmarked(path.read_text(encoding="utf-8")) == []
