"""The messages that the sources mark for translation: Python by its syntax, templates by Django."""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.utils.translation.template import templatize

from config.translations.catalogue import Message

# The functions that mark a message, and what their arguments are.
MARKS = {
    "_": ("text",),
    "gettext": ("text",),
    "gettext_lazy": ("text",),
    "gettext_noop": ("text",),
    "ngettext": ("text", "plural"),
    "ngettext_lazy": ("text", "plural"),
    "pgettext": ("context", "text"),
    "pgettext_lazy": ("context", "text"),
    "npgettext": ("context", "text", "plural"),
    "npgettext_lazy": ("context", "text", "plural"),
}
STRING = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
CALL = re.compile(rf"\b(_|n?p?gettext)\(\s*({STRING}(?:\s*,\s*{STRING})*)")
LITERAL = re.compile(STRING)


def messages(folder: Path, rooms: Iterable[str], *, without: Iterable[str] = ()) -> list[Message]:
    """Return each message that is marked in the rooms of `folder`, with its files, by file.

    `without` names folders to leave out.
    """
    found: dict[tuple[str, str], Message] = {}
    left_out = tuple(f"{each}/" for each in without)
    for path, message in _marked(folder, rooms):
        place = path.relative_to(folder).as_posix()
        if place.startswith(left_out):
            continue
        known = found.get(message.key)
        places = known.places if known else ()
        found[message.key] = Message(
            message.text,
            (known.plural if known else "") or message.plural,
            message.context,
            places=places if place in places else (*places, place),
        )
    return list(found.values())


def _marked(folder: Path, rooms: Iterable[str]) -> Iterator[tuple[Path, Message]]:
    paths = [path for room in rooms for path in (folder / room).rglob("*") if path.is_file()]
    for path in sorted(paths):
        if path.suffix == ".py" and "migrations" not in path.parts:
            for message in _of_python(path.read_text(encoding="utf-8")):
                yield path, message
        elif "templates" in path.parts and path.suffix in {".html", ".txt"}:
            for message in _of_template(path.read_text(encoding="utf-8")):
                yield path, message


def _of_python(source: str) -> Iterator[Message]:
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        function = node.func
        name = function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")
        texts = [a.value for a in node.args if isinstance(a, ast.Constant)]
        if name in MARKS and len(texts) >= len(MARKS[name]):
            yield _message(name, [str(text) for text in texts])


def _of_template(source: str) -> Iterator[Message]:
    """Read what Django's templatize makes of a template: the calls that xgettext would read."""
    for name, arguments in CALL.findall(templatize(source)):
        texts = [ast.literal_eval(text) for text in LITERAL.findall(arguments)]
        yield _message(name, texts)


def _message(name: str, texts: list[str]) -> Message:
    named = dict(zip(MARKS[name], texts, strict=False))
    return Message(named["text"], named.get("plural", ""), named.get("context", ""))
