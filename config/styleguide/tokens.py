"""Reads the design tokens out of static/css/tokens.css."""

import re
from dataclasses import dataclass

from config import paths

SHEET = paths.BASE / "static" / "css" / "tokens.css"
DECLARED = re.compile(r"^  --(?P<name>[\w-]+): (?P<value>[^;]+);", re.MULTILINE)
COLOUR = re.compile(r"light-dark\(|#")
KINDS = {
    "size": "sizes",
    "space": "spaces",
    "radius": "radii",
    "width": "widths",
    "height": "widths",
}
# Sizes of running text; all others are of letters on signs.
TEXT = {f"size-{name}" for name in ("tiny", "fine", "small", "quiet", "1", "2", "caption")}


@dataclass(frozen=True, slots=True)
class DesignToken:
    """One token: `name` is without its dashes, `value` as the sheet declares it."""

    name: str
    value: str

    @property
    def by_day(self) -> str:
        return self.value.removeprefix("light-dark(").partition(", ")[0]

    @property
    def by_night(self) -> str:
        return self.value.removesuffix(")").partition(", ")[2] if self.changes else self.value

    @property
    def is_for_signs(self) -> bool:
        """Say whether a size is one of letters on signs."""
        return self.name not in TEXT

    @property
    def changes(self) -> bool:
        """Say whether a colour differs by day and by night."""
        return self.value.startswith("light-dark(")


def tokens_by_kind() -> dict[str, list[DesignToken]]:
    """Return the tokens of each kind in the sheet's order: colours, sizes, spaces, radii, widths.

    A token that a narrow window declares again is named once, with the value of a wide one.
    """
    found: dict[str, list[DesignToken]] = {kind: [] for kind in ("colours", *KINDS.values())}
    for match in DECLARED.finditer(SHEET.read_text()):
        token = DesignToken(match["name"], match["value"])
        kind = KINDS.get(token.name.partition("-")[0])
        if kind is None and COLOUR.match(token.value):
            kind = "colours"
        if kind:
            found[kind].append(token)
    return found
