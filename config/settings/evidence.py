"""The evidence log (its name, where it goes, who cosigns it), and the wall. All optional."""

import re
from pathlib import Path

from environs import ValidationError

from config.environment import each, env, optional, url


def _witness(value: str) -> None:
    if not re.fullmatch(r"[^+\s]+\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44} https?://\S+", value):
        raise ValidationError("Must be witnesses: name+hash+base64 https://address, and so on.")
    url("http", "https")(value.split(" ", 1)[1])


def _origin(value: str) -> None:
    if "+" in value or not re.fullmatch(r"[\x21-\x7e]+", value):
        raise ValidationError("Must be a name without spaces and plus signs.")


def _folder(value: str) -> None:
    if not Path(value).is_absolute():
        raise ValidationError("Must be the whole path of a folder.")


def _difference(value: str) -> None:
    if not value.isprintable() or len(value) > 200:
        raise ValidationError("Must be differences as check_wall names them, between semicolons.")


# By default the log has its key's name.
EVIDENCE_ORIGIN = env.str("EVIDENCE_ORIGIN", "", validate=optional(_origin))
EVIDENCE_FOLDER = env.str("EVIDENCE_FOLDER", "", validate=optional(_folder))
_listed: list[str] = env.list("EVIDENCE_WITNESSES", [])
EVIDENCE_WITNESSES = each("EVIDENCE_WITNESSES", [text.strip() for text in _listed], _witness)
# What check_wall accepts, in its own words. Such words hold commas.
_accepted = [text.strip() for text in env.str("WALL_ACCEPTED", "").split(";")]
WALL_ACCEPTED = each("WALL_ACCEPTED", [text for text in _accepted if text], _difference)
