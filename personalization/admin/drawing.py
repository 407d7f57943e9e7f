"""How an evaluation is laid out: rows with numbers, and intervals as places on a common scale."""

from typing import Any, TypedDict

WORDS = {
    "candidate": "This candidate",
    "serving": "The model that served then",
    "uniform": "Even choices",
    "default": "The editor's default",
    "context_free": "The same for everybody",
    "greedy": "This candidate without exploration",
}

TOO_FEW = "Too few viewers to conclude from."
ORDER = {name: place for place, name in enumerate(WORDS)}


class Row(TypedDict):
    """One estimate: the interval's ends and its middle, also in hundredths of the scale."""

    name: str
    value: float
    low: float
    high: float
    left: float
    at: float
    width: float
    more: dict[str, Any]


class Refusal(TypedDict):
    """A policy of which nothing is concluded, and why."""

    name: str
    words: str
    more: dict[str, Any]


class Picture(TypedDict):
    """Rows on one scale, with the place of zero where the scale holds it; and what has none."""

    rows: list[Row]
    zero: float | None
    refused: list[Refusal]


def policies(evaluation: dict[str, Any]) -> Picture:
    """Lay out what each policy earns per decision."""
    return _picture(evaluation.get("policies", {}), evaluation)


def differences(evaluation: dict[str, Any]) -> Picture:
    """Lay out what the candidate earns more than each other policy."""
    return _picture(evaluation.get("differences", {}), evaluation)


def _picture(found: dict[str, Any], evaluation: dict[str, Any]) -> Picture:
    ends = [
        end
        for numbers in found.values()
        for end in (numbers["dr"]["low"], numbers["dr"]["high"])
        if end is not None
    ]
    low, high = (min(ends), max(ends)) if ends else (0.0, 1.0)
    span = (high - low) or 1.0

    def place(value: float) -> float:
        return round(2 + 96 * (value - low) / span, 2)

    rows: list[Row] = [
        {
            "name": WORDS.get(name, name),
            "value": numbers["dr"]["value"],
            "low": numbers["dr"]["low"],
            "high": numbers["dr"]["high"],
            "left": place(numbers["dr"]["low"]),
            "at": place(numbers["dr"]["value"]),
            "width": round(place(numbers["dr"]["high"]) - place(numbers["dr"]["low"]), 2),
            "more": numbers,
        }
        # In the order of WORDS: who is judged comes first, then who it is measured against.
        for name, numbers in sorted(found.items(), key=lambda item: ORDER.get(item[0], len(ORDER)))
        if numbers["dr"]["low"] is not None
    ]
    refused: list[Refusal] = [
        {"name": WORDS.get(name, name), "words": numbers.get("refused") or TOO_FEW, "more": numbers}
        for name, numbers in found.items()
        if numbers["dr"]["low"] is None
    ]
    return {"rows": rows, "zero": place(0.0) if low <= 0 <= high else None, "refused": refused}
