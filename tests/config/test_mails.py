"""Mails in the site's looks: ink on paper, and dark where the reader's device is."""

import re
from html.parser import HTMLParser

import pytest
from django.template.loader import render_to_string

from config.styleguide.tokens import tokens_by_kind
from tests.config.contrast import contrast

DECLARED = re.compile(r"(?<![-\w])(color|background|border|border-color):\s*([^;!]+)")
HEX = re.compile(r"#[0-9a-f]{6}\b")
EMPTY = {"meta", "br"}


@pytest.fixture
def mail():
    parts = [
        {"text": "Somebody asked for this.\nPerhaps you.", "link": False},
        {"text": "https://marquee.example/account/password/reset/key/1-x/", "link": True},
    ]
    said = {"parts": parts, "subject": "Marquee: Words", "action": "Do it", "SITE_NAME": "Marquee"}
    return render_to_string("account/email/branded.html", said)


class Reader(HTMLParser):
    """Collects each text of a mail with its colour and what is behind it.

    With `sheet`, as a program shows it whose reader wants dark pages; without, as one that leaves
    style sheets out.
    """

    def __init__(self, sheet):
        super().__init__()
        self.sheet = sheet
        self.inside = [{"color": None, "background": None}]
        self.read = []

    def handle_starttag(self, tag, attrs):
        if tag in EMPTY:
            return
        said = dict(attrs)
        own = colours(said.get("style", "")) | self.sheet.get(said.get("class"), {})
        self.inside.append(self.inside[-1] | own)

    def handle_endtag(self, tag):
        self.inside.pop()

    def handle_data(self, data):
        if data.strip() and self.inside[-1]["color"]:
            colour, background = self.inside[-1]["color"], self.inside[-1]["background"]
            self.read.append((data.strip(), colour, background))


def colours(declared):
    return {name: HEX.search(value)[0] for name, value in DECLARED.findall(declared)}


def dark_sheet(mail):
    (sheet,) = re.findall(r"@media \(prefers-color-scheme: dark\) \{\n(.*?)\n\}\n", mail, re.DOTALL)
    return {name: colours(rules) for name, rules in re.findall(r"\.(\w+) \{([^}]*)\}", sheet)}


def read(mail, sheet):
    reader = Reader(sheet)
    reader.feed(mail)
    return reader.read


@pytest.mark.parametrize("dark", [False, True])
def test_every_word_of_a_mail_can_be_read_in_both_looks(mail, dark):
    texts = read(mail, dark_sheet(mail) if dark else {})
    assert {"Marquee", "Do it", "Perhaps you."} <= {text for text, *_ in texts}
    assert [text for text in texts if contrast(text[1], text[2], text[2]) < 4.5] == []


def test_it_is_ink_on_paper_without_the_sheet_and_the_night_with_it(mail):
    def luminous(sheet):
        return {text: contrast(back, "#000000", back) for text, _, back in read(mail, sheet)}

    by_day, by_night = luminous({}), luminous(dark_sheet(mail))
    del by_day["Do it"], by_night["Do it"]  # a button is amber in both
    assert min(by_day.values()) > 15
    assert max(by_night.values()) < 2


def test_what_is_light_without_the_sheet_turns_dark_with_it(mail):
    """A class without a rule, or a rule without `!important`, would leave ink on the night."""
    sheet = dark_sheet(mail)
    assert set(re.findall(r'class="(\w+)"', mail)) == set(sheet)
    rules = mail.partition("@media")[2].partition("</style>")[0]
    assert rules.count(":") - 1 == rules.count("!important")


def test_it_says_that_it_has_both_looks(mail):
    for name in ("color-scheme", "supported-color-schemes"):
        assert f'<meta name="{name}" content="light dark">' in mail


def test_its_colours_are_those_of_the_site(mail):
    tokens = tokens_by_kind()["colours"]
    by_day, by_night = ({getattr(each, time) for each in tokens} for time in ("by_day", "by_night"))
    sheet = mail.partition("@media")[2].partition("</style>")[0]
    assert set(HEX.findall(sheet)) <= by_night
    assert set(HEX.findall(mail.replace(sheet, ""))) <= by_day
