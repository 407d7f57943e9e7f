"""Two JSON values, compared field by field."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tools.verify_evidence import canonical

# How far a number may differ by rounding: processors add in different orders.
TOLERANCE = 1e-9
SHOWN = 80  # characters of a value
ABSENT = object()


@dataclass(frozen=True)
class Difference:
    """One field that differs: its path, as `measures[3].p`, and its two values."""

    path: str
    was: Any
    now: Any

    @property
    def is_rounding(self) -> bool:
        """Say whether both are numbers that differ in the last digits only."""
        numbers = [v for v in (self.was, self.now) if _is_number(v)]
        if len(numbers) < 2:
            return False
        near = TOLERANCE * max(1.0, abs(numbers[0]))
        return bool(abs(numbers[0] - numbers[1]) <= near)

    def __str__(self) -> str:
        was, now = ("missing" if v is ABSENT else _short(v) for v in (self.was, self.now))
        return f"{printable(self.path)} was {was} and is {now}"


def differences(was: Any, now: Any, path: str = "") -> Iterator[Difference]:
    """Yield every field in which two JSON values differ, in the order of their paths.

    Numbers are the same where their canonical forms are: 1 and 1.0 are one number, and `true` is
    none.
    """
    if isinstance(was, dict) and isinstance(now, dict):
        for name in sorted(was.keys() | now.keys()):
            place = f"{path}.{name}" if path else name
            yield from differences(was.get(name, ABSENT), now.get(name, ABSENT), place)
    elif isinstance(was, list) and isinstance(now, list):
        for number in range(max(len(was), len(now))):
            old = was[number] if number < len(was) else ABSENT
            new = now[number] if number < len(now) else ABSENT
            yield from differences(old, new, f"{path}[{number}]")
    elif was is ABSENT or now is ABSENT or not _is_same(was, now):
        yield Difference(path, was, now)


def printable(text: str) -> str:
    """Return a text with what a terminal would obey or hide spelt out."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def _is_same(was: Any, now: Any) -> bool:
    """Compare two values; most are equal already, and need no canonical form."""
    return (type(was) is type(now) and was == now) or canonical(was) == canonical(now)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _short(value: Any) -> str:
    text = printable(canonical(value).decode())
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"
