"""Reading a document that somebody hands in: it is a run's document, or it is refused in words."""

import json
from collections.abc import Callable
from datetime import datetime
from math import isfinite
from pathlib import Path
from typing import Any, NoReturn

from audits.protected.attributes import ATTRIBUTES
from audits.runs.registration import FORMAT
from audits.runs.steps import EFFORTS

LARGEST_FILE = 64 * 1024 * 1024
LARGEST_ID = 2**63 - 1
DEEPEST = 20  # levels of nesting; a run's document has six
COMPARED = ("name", "attribute", "group", "estimate", "interval", "null", "p", "viewers")


class BadDocument(ValueError):
    """A file that is no audit's document; the message says why."""


def read(path: Path) -> dict[str, Any]:
    """Read and check the document of a run.

    Raises BadDocument for a file that cannot be read, is no JSON, is nested too deeply, is of
    another format, or lacks something that running it again takes.
    """
    try:
        if not path.is_file():
            raise BadDocument("it is no file")
        if path.stat().st_size > LARGEST_FILE:
            raise BadDocument(f"it is larger than {LARGEST_FILE // 1024**2} MB")
        document = json.loads(
            path.read_text(encoding="utf-8"),
            parse_constant=_no_number,
            object_pairs_hook=_once,
        )
    except RecursionError as error:
        raise BadDocument("it is nested too deeply") from error
    except OSError as error:
        raise BadDocument(error.strerror or "the system refused") from error
    except ValueError as error:  # no UTF-8, no JSON, a number of thousands of digits
        raise BadDocument(str(error)) from error
    check(document)
    return dict(document)


def check(document: Any) -> None:
    """Raise BadDocument unless `document` is a run's, with all that running it again takes."""
    _plain(document)
    _need("the document", document, _is_object)
    for name, fits in DOCUMENT.items():
        _need(name, _get(document, name), fits)
    plan = document["registration"]
    # First, so that an old document is told from a broken one.
    version = plan.get("format")
    if version != FORMAT:
        raise BadDocument(f"it is of format {version!r}; this version reads format {FORMAT}")
    for name, fits in REGISTRATION.items():
        _need(f"registration.{name}", _get(plan, name), fits)
    slate = plan["slate"]
    if len(slate["titles"]) != len(slate["weights"]):
        raise BadDocument("registration.slate has not as many weights as titles")


def _need(name: str, value: Any, fits: Callable[[Any], bool]) -> None:
    if not fits(value):
        raise BadDocument(f"{name} is missing or is not what an audit writes there")


def _get(values: dict[str, Any], path: str) -> Any:
    """Return what lies at a dotted path, or None."""
    found: Any = values
    for part in path.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    return found


def _no_number(name: str) -> NoReturn:
    raise BadDocument(f"it holds {name}, which is no number in JSON")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = dict(pairs)
    if len(names) != len(pairs):
        raise BadDocument("it names a field twice")
    return names


def _plain(document: Any) -> None:
    """Refuse what JSON can spell, and no database can store and no terminal can show."""
    level = [document]
    for _ in range(DEEPEST):
        inside: list[Any] = []
        for value in level:
            if isinstance(value, dict):
                inside += [*value.keys(), *value.values()]
            elif isinstance(value, list):
                inside += value
            elif isinstance(value, str):
                if "\0" in value or any("\ud800" <= one <= "\udfff" for one in value):
                    raise BadDocument("it holds text that cannot be stored")
            elif isinstance(value, float) and not isfinite(value):
                raise BadDocument("it holds a number that is too large")
        level = inside
        if not level:
            return
    raise BadDocument("it is nested too deeply")


def _is_object(value: Any) -> bool:
    return isinstance(value, dict)


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_whole(value: Any, least: int = 0) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= LARGEST_ID


def _is_number(value: Any) -> bool:
    whole = isinstance(value, int) and abs(value) <= LARGEST_ID
    return not isinstance(value, bool) and (whole or isinstance(value, float))


def _is_moment(value: Any) -> bool:
    try:
        return isinstance(value, str) and datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


def _are(fits: Callable[[Any], bool], *, some: bool = False) -> Callable[[Any], bool]:
    """A list whose every member fits, without repetition where it must hold some."""

    def every(value: Any) -> bool:
        if not isinstance(value, list) or not all(fits(member) for member in value):
            return False
        return not some or (bool(value) and len(set(value)) == len(value))

    return every


def _or_none(fits: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: value is None or fits(value)


def _texts(value: Any) -> bool:
    return isinstance(value, dict) and all(map(_is_text, value.values()))


def _inputs(value: Any) -> bool:
    return isinstance(value, dict) and all(
        _is_text(one) or name == "code" for name, one in value.items()
    )


def _margins(value: Any) -> bool:
    return isinstance(value, dict) and all(_is_number(one) and one > 0 for one in value.values())


def _measure(value: Any) -> bool:
    return isinstance(value, dict) and set(COMPARED) <= value.keys()


DOCUMENT: dict[str, Callable[[Any], bool]] = {
    "registration": _is_object,
    "registration_digest": _is_text,
    "inputs": _inputs,
    "inputs.code.versions": _texts,
    "inputs.code.sources": _texts,
    "measures": _are(_measure),
}
REGISTRATION: dict[str, Callable[[Any], bool]] = {
    "kind": _is_text,
    "at": _is_moment,
    "model": _is_object,
    "model.id": _or_none(lambda value: _is_whole(value, 1)),
    "model.sha256": _or_none(_is_text),
    "slate.titles": _are(lambda value: _is_whole(value, 1), some=True),
    "slate.weights": _are(lambda value: _is_number(value) and value >= 0),
    "cohort.viewers": _is_whole,
    "attributes": _are(lambda value: _is_text(value) and value in ATTRIBUTES, some=True),
    "seed": _is_whole,
    "effort": lambda value: _is_text(value) and value in EFFORTS,
    "margins": _margins,
    "evaluation_days": _are(_texts),
    "code.versions": _texts,
    "code.sources": _texts,
}
