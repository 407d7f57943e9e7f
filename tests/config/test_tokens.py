"""Colours have names. They stand in tokens.css, and the other style sheets use them."""

import re

import pytest

from config import paths

STATIC = paths.BASE / "static"
TOKENS = STATIC / "css" / "tokens.css"
SHEETS = sorted([*(STATIC / "css").glob("*.css"), *(STATIC / "studio").glob("*.css")])
RAW = re.compile(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl)a?\(\s*[0-9]")
USED = re.compile(r"var\((--[a-z0-9-]*-rgb)\)")


@pytest.mark.parametrize(
    "sheet", [sheet for sheet in SHEETS if sheet != TOKENS], ids=lambda sheet: sheet.name
)
def test_no_raw_colour_stands_outside_the_tokens(sheet):
    assert RAW.findall(sheet.read_text()) == []


def test_every_colour_with_an_opacity_has_its_channels():
    named = set(re.findall(r"(--[a-z0-9-]*-rgb):", TOKENS.read_text()))
    used = {name for sheet in SHEETS for name in USED.findall(sheet.read_text())}
    assert used <= named
