"""Colours, sizes of type, spaces and widths have names in tokens.css, which other sheets use."""

import re

import pytest

from catalog.views.installing import INK
from config import paths
from config.styleguide.tokens import tokens_by_kind
from tests.config.contrast import contrast

STATIC = paths.BASE / "static"
TOKENS = STATIC / "css" / "tokens.css"
SHEETS = sorted(sheet for sheet in STATIC.rglob("*.css") if "vendor" not in sheet.parts)
USERS = [sheet for sheet in SHEETS if sheet != TOKENS]
# Texts that repeat widths, because browsers choose pictures before they have the style sheets.
PICTURES = sorted([*paths.BASE.glob("templates/**/*.html"), *paths.BASE.glob("catalog/views/*.py")])

COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
RAW_COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl|hwb|lab|lch|oklab|oklch)a?\(")
NAMED_COLOUR = re.compile(r"[:\s(,](white|black|red|gray|grey|gold|orange|beige|brown)(?=[\s;,)}])")
LENGTH = r"(?<![\w.-])-?\d*\.?\d+(?:rem|px|pt|vw|vh)\b"
FONT = re.compile(r"(?<![\w-])font(?:-size)?:([^;}]+)")
SPACE = re.compile(
    r"(?<![\w-])(?:(?:scroll-)?(?:padding|margin)(?:-[a-z]+)*|gap|row-gap|column-gap):([^;}]+)"
)
MEDIA = re.compile(r"@media([^{]+)\{")
SIZES = re.compile(r"\((?:max|min)-width: *([^)]+)\)")
WIDTH = re.compile(r"--(?:width|height)-[a-z]+: ([^;]+);")


def text_of(sheet):
    return COMMENT.sub("", sheet.read_text())


def raw_lengths(declared, values):
    """Lengths in what is declared that are not tokens; a hairline of one pixel is no space."""
    return [
        length
        for value in declared.findall(values)
        for length in re.findall(LENGTH, value)
        if length not in {"1px", "-1px", "-1.5px"}
    ]


def every_sheet(sheets):
    return pytest.mark.parametrize(
        "sheet", sheets, ids=[str(sheet.relative_to(STATIC)) for sheet in sheets]
    )


def test_the_sheets_of_every_room_are_looked_at():
    assert {sheet.parent.name for sheet in USERS} == {"css", "admin", "studio", "api"}


@every_sheet(USERS)
def test_no_raw_colour_stands_outside_the_tokens(sheet):
    text = text_of(sheet)
    assert RAW_COLOUR.findall(text) + NAMED_COLOUR.findall(text) == []


@every_sheet(USERS)
def test_no_raw_size_of_type_stands_outside_the_tokens(sheet):
    # em, % and cqi are shares of what is around the letters, and stay where they are.
    assert raw_lengths(FONT, text_of(sheet)) == []


@every_sheet(USERS)
def test_no_raw_space_stands_outside_the_tokens(sheet):
    # Where a space grows with the window, vw stands between two tokens.
    fluid = re.sub(r"clamp\((var\([^)]+\)), [\d.]+vw, (var\([^)]+\))\)", r"\1 \2", text_of(sheet))
    assert raw_lengths(SPACE, fluid) == []


@every_sheet(SHEETS)
def test_the_layout_changes_only_at_the_listed_widths(sheet):
    listed = set(WIDTH.findall(text_of(TOKENS)))
    used = {
        length for query in MEDIA.findall(text_of(sheet)) for length in re.findall(LENGTH, query)
    }
    assert used <= listed


def test_pictures_change_their_size_only_at_the_listed_widths():
    listed = set(WIDTH.findall(text_of(TOKENS)))
    used = {width for file in PICTURES for width in SIZES.findall(file.read_text())}
    assert used
    assert used <= listed


def test_every_token_in_use_is_declared_and_every_token_is_in_use():
    texts = {sheet: text_of(sheet) for sheet in SHEETS}
    declared = set(re.findall(r"(--[\w-]+):", texts[TOKENS]))
    own = {name for text in texts.values() for name in re.findall(r"(--[\w-]+):", text)}
    scripts = " ".join(script.read_text() for script in (STATIC / "js").rglob("*.js"))
    used = {name for text in texts.values() for name in re.findall(r"var\((--[\w-]+)", text)}
    assert used <= own
    unread = {name for name in declared if name.startswith(("--width-", "--height-"))}
    assert {name for name in declared - unread - used if f'"{name}"' not in scripts} == set()


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (RAW_COLOUR, "a { color: #fff; }"),
        (RAW_COLOUR, "a { color: rgb(1 2 3); }"),
        (NAMED_COLOUR, "a { background: white; }"),
    ],
)
def test_a_raw_colour_is_recognised(pattern, text):
    assert pattern.findall(text)


@pytest.mark.parametrize(
    ("declared", "text"),
    [
        (FONT, "a { font: 700 1.5rem/1 var(--display); }"),
        (FONT, "a { font-size: clamp(1rem, 3vw, 2rem) }"),
        (SPACE, "a { margin-inline: auto 0.7rem; }"),
        (SPACE, "a { gap: 3px; }"),
    ],
)
def test_a_raw_length_is_recognised(declared, text):
    assert raw_lengths(declared, text)


# Words, and the surfaces on which they stand. Quiet words stand on every surface.
SURFACES = ("ground", "ground-2", "panel", "sheet", "raised")
WORDS = ("words", "words-loud", "words-soft", "words-quiet", "glow", "glow-hot", "alarm")
READ = [(words, surface) for words in WORDS for surface in SURFACES] + [
    ("faint", "panel"),
    ("faint-2", "ground"),
    ("letter", "amber"),
    ("letter", "amber-hot"),
    ("letter", "ivory"),
    ("bill", "ivory"),
    ("on-glow", "glow"),
    ("words", "plain"),
    ("words", "plain-hover"),
    ("good", "panel"),
    ("unknown", "panel"),
    ("words", "wash-good"),
    ("words", "wash-unknown"),
    ("words", "wash-alarm"),
    ("words", "wash-amber"),
    ("lamp", "umber"),
    ("white", "brick"),
]
# Lines that say something: borders of fields and of what is chosen, focus, marks of charts.
DRAWN = [
    (line, surface)
    for line in ("edge", "mark", "focus", "other")
    for surface in ("ground", "panel")
]


@pytest.mark.parametrize("time", ["by_day", "by_night"])
@pytest.mark.parametrize(
    ("front", "back", "least"),
    [(*pair, 4.5) for pair in READ] + [(*pair, 3.0) for pair in DRAWN],
)
def test_what_is_written_or_drawn_can_be_seen_by_day_and_by_night(time, front, back, least):
    of = {token.name: getattr(token, time) for token in tokens_by_kind()["colours"]}
    assert contrast(of[front], of[back], of["ground"]) >= least


def test_a_browsers_bar_and_an_installed_site_have_the_ground_of_the_night():
    ground = next(token for token in tokens_by_kind()["colours"] if token.name == "ground")
    bars = {
        colour
        for file in paths.BASE.glob("templates/**/*.html")
        for colour in re.findall(r'name="theme-color" content="([^"]+)"', file.read_text())
    }
    assert bars == {INK} == {ground.by_night}
