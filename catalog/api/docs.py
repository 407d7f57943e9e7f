"""The API's documentation: a page of this site, made from the API's schema.

The usual viewers load from a CDN or set inline styles. The content security
policy forbids both, and plain HTML needs neither.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator

from catalog.parental import open_to_limited

Schema = dict[str, Any]
# Fields nested deeper than this are named without their content.
DEEPEST = 4


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a body, with its depth of nesting; or one parameter, with its place."""

    name: str
    kind: str
    about: str = ""
    required: bool = False
    depth: int = 0
    where: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    status: str
    about: str
    fields: list[Field]

    @property
    def succeeds(self) -> bool:
        return self.status.startswith("2")


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path."""

    anchor: str
    method: str
    path: str
    summary: str
    about: str
    parameters: list[Field]
    body: list[Field]
    answers: list[Answer]


@open_to_limited
@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """Show all operations by topic, with forms to try those that only read."""
    return render(request, "api/docs.html", {"about": _about(), "topics": _topics()})


@cache
def _schema() -> Schema:
    schema: Schema = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return schema


def _about() -> Schema:
    about: Schema = _schema()["info"]
    return about


@cache
def _topics() -> dict[str, list[Operation]]:
    topics: dict[str, list[Operation]] = {}
    for path, methods in _schema()["paths"].items():
        for method, operation in methods.items():
            topic = (operation.get("tags") or ["Other"])[0]
            topics.setdefault(topic.title(), []).append(_operation(path, method, operation))
    return dict(sorted(topics.items()))


def _operation(path: str, method: str, operation: Schema) -> Operation:
    return Operation(
        anchor=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation.get("summary", ""),
        about=operation.get("description", ""),
        parameters=[
            Field(
                parameter["name"],
                _kind(parameter["schema"]),
                parameter.get("description", ""),
                parameter.get("required", False),
                where=parameter["in"],
            )
            for parameter in operation.get("parameters", [])
            if parameter["in"] in {"path", "query"}
        ],
        body=list(_content(operation.get("requestBody", {}))),
        answers=[
            Answer(status, answer.get("description") or _phrase(status), list(_content(answer)))
            for status, answer in operation["responses"].items()
        ],
    )


def _content(holder: Schema) -> Iterator[Field]:
    """Flatten the JSON body of a request or a response, depth first."""
    content = holder.get("content", {}).get("application/json")
    if content:
        yield from _fields(content["schema"], 0)


def _fields(schema: Schema, depth: int) -> Iterator[Field]:
    if depth > DEEPEST:
        return
    whole = _resolved(schema)
    if whole.get("type") == "array":
        yield from _fields(whole["items"], depth)
    for name, part in whole.get("properties", {}).items():
        about = _resolved(part)
        yield Field(
            name,
            _kind(part),
            part.get("description") or "",
            name in whole.get("required", []),
            depth,
        )
        if about.get("properties") or about.get("type") == "array":
            yield from _fields(part, depth + 1)


def _resolved(schema: Schema) -> Schema:
    """Follow references, and unwrap schemas that only add that null is allowed."""
    if "$ref" in schema:
        target: Schema = _schema()
        for step in schema["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        return _resolved(target)
    for wrapper in ("allOf", "oneOf", "anyOf"):
        if wrapper in schema:
            return _resolved(schema[wrapper][0])
    return schema


def _kind(schema: Schema) -> str:
    whole = _resolved(schema)
    if whole.get("type") == "array":
        return f"list of {_kind(whole['items'])}"
    if "enum" in whole:
        return " | ".join(str(value) for value in whole["enum"] if value not in (None, ""))
    kind = whole.get("format") or whole.get("type", "object")
    return f"{kind} or null" if schema.get("nullable") or whole.get("nullable") else kind


def _phrase(status: str) -> str:
    return HTTPStatus(int(status)).phrase if status.isdigit() else ""
