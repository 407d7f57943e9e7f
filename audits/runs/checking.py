"""Reading a document that somebody hands in: it is a run's document, or it is refused in words."""

import re
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from itertools import islice
from math import isfinite
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from jsonschema.exceptions import ValidationError  # type: ignore[import-untyped]
from jsonschema.validators import extend  # type: ignore[import-untyped]

from audits.runs.comparing import printable
from audits.schema import VERSION, schema
from tools.verify_evidence import NotReadable, read_json

LARGEST_FILE = 64 * 1024 * 1024
NAMED = 20  # faults that a refusal names
COUNTED = 1_000  # faults that are looked for: a large file may have one in every byte
LONGEST = 160  # characters of one fault


class BadDocument(ValueError):
    """A file that is no audit's document; the message says why."""


def read(path: Path) -> dict[str, Any]:
    """Read and check the document of a run.

    Raises BadDocument for a file that cannot be read, that is not JSON with one meaning, that is of
    another version, or that differs from the schema. The message names the fields.
    """
    try:
        if not path.is_file():
            raise BadDocument("it is no file")
        if path.stat().st_size > LARGEST_FILE:
            raise BadDocument(f"it is larger than {LARGEST_FILE // 1024**2} MB")
        document = read_json(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadDocument(error.strerror or "the system refused") from error
    except UnicodeDecodeError as error:
        raise BadDocument("it is not in UTF-8") from error
    except NotReadable as error:
        raise BadDocument(str(error)) from error
    check(document)
    return dict(document)


def check(document: Any) -> None:
    """Raise BadDocument unless `document` is one that this version can replay."""
    if not isinstance(document, dict):
        raise BadDocument("it is no JSON object")
    _check_version(document)
    faults = list(islice(_faults(document), COUNTED))
    if faults:
        least = "at least " if len(faults) == COUNTED else ""
        more = f"; and {least}{len(faults) - NAMED} more" if len(faults) > NAMED else ""
        raise BadDocument("; ".join(faults[:NAMED]) + more)


def _check_version(document: dict[str, Any]) -> None:
    """Tell documents of other versions from broken ones."""
    version = document.get("schema_version")
    if version == VERSION and not isinstance(version, bool):
        return
    if isinstance(version, int) and version > VERSION:
        raise BadDocument(
            f"schema_version is {version}: a later version of Marquee wrote it, and this one reads "
            f"version {VERSION}"
        )
    registration = document.get("registration")
    earlier = registration.get("format") if isinstance(registration, dict) else None
    if version is None and isinstance(earlier, int) and earlier < VERSION:
        raise BadDocument(
            f"it is of format {earlier}, from an earlier version; this one reads schema_version "
            f"{VERSION}"
        )
    raise BadDocument(f"schema_version is missing or is not {VERSION}")


@cache
def _validator() -> Draft202012Validator:
    return extend(Draft202012Validator, {"pattern": _pattern})(schema())


def _pattern(_validator: Any, pattern: str, value: Any, _schema: Any) -> Iterator[ValidationError]:
    """Match as ECMAScript does, which JSON Schema refers to.

    Python's $ also matches before a line break at the end, and its \\d other scripts' digits.
    """
    exact = re.sub(r"\$\Z", r"\\Z", pattern)
    if isinstance(value, str) and not re.search(exact, value, re.ASCII):
        yield ValidationError(f"{value!r} does not match {pattern!r}")


def _faults(document: dict[str, Any]) -> Iterator[str]:
    """Yield what is wrong with each field, in words."""
    errors = islice(_validator().iter_errors(document), COUNTED)
    for error in sorted(errors, key=lambda error: error.json_path):
        yield from map(_words, _exact(error))
    yield from _odd_values(document, "")
    registration = document.get("registration")
    slate = registration.get("slate") if isinstance(registration, dict) else None
    if isinstance(slate, dict):
        titles, weights = slate.get("titles"), slate.get("weights")
        if isinstance(titles, list) and isinstance(weights, list) and len(titles) != len(weights):
            for name, values in (("titles", titles), ("weights", weights)):
                yield f"registration.slate.{name}: there are {len(values)}, not one weight a title"
    moments = {name: document.get(name) for name in ("registered_at", "finished_at")}
    if isinstance(registration, dict):
        moments["registration.at"] = registration.get("at")
    for name, value in moments.items():
        if isinstance(value, str) and not _is_moment(value):
            yield f"{name} is no instant"


def _exact(error: ValidationError) -> Iterator[ValidationError]:
    """Yield what is wrong with a value that may be null, and is neither null nor right."""
    if error.validator != "anyOf":
        yield error
        return
    for inner in error.context:
        if inner.schema_path[0] == 0:  # the schema puts null last
            yield from _exact(inner)


def _words(error: ValidationError) -> str:
    words = error.message
    if len(words) > LONGEST:
        words = f"…{words[-LONGEST:]}"
    place = ""
    for part in error.absolute_path:
        place += f"[{part}]" if isinstance(part, int) else f".{part}"
    return printable(f"{place.removeprefix('.') or 'the document'}: {words}")


def _odd_values(value: Any, path: str) -> Iterator[str]:
    """Yield what JSON can spell, and no database can store. `read_json` bounds the depth."""
    if isinstance(value, dict):
        for name, member in value.items():
            yield from _odd_values(name, path)
            yield from _odd_values(member, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for number, member in enumerate(value):
            yield from _odd_values(member, f"{path}[{number}]")
    elif isinstance(value, str):
        if "\0" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
            yield f"{printable(path)} holds text that cannot be stored"
    elif isinstance(value, float) and not isfinite(value):
        yield f"{path} is a number that is too large"


def _is_moment(value: str) -> bool:
    try:
        return datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False
