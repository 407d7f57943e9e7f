"""Reads JSON bodies, and refuses what the rest of the API should not have to expect."""

import math
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import JSONParser

from catalog.middleware import is_storable

# No body of this API is nested deeper than 3.
DEEPEST = 16


class BodyTooLarge(APIException):
    status_code = 413
    default_detail = "The request body is too large."
    default_code = "too_large"


class StrictJSONParser(JSONParser):
    """JSON of bounded size and depth, with finite numbers and text that can be stored.

    Raises:
        BodyTooLarge: 413, for more than DATA_UPLOAD_MAX_MEMORY_SIZE bytes.
        ParseError: 400, for everything else that is refused.
    """

    def parse(
        self,
        stream: Any,
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        request = (parser_context or {})["request"]
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if limit is not None and int(request.META.get("CONTENT_LENGTH") or 0) > limit:
            raise BodyTooLarge
        try:
            body = super().parse(stream, media_type, parser_context)
        except RecursionError as error:
            raise ParseError("The JSON is nested too deeply.") from error
        _check(body)
        return body


def _check(body: Any) -> None:
    """Refuse what is nested too deeply, NUL, lone surrogates, and numbers that are not finite."""
    level = [body]
    for _ in range(DEEPEST):
        inner: list[Any] = []
        for value in level:
            if isinstance(value, dict):
                inner += [*value.keys(), *value.values()]
            elif isinstance(value, list):
                inner += value
            elif isinstance(value, str) and not is_storable(value):
                raise ParseError("The JSON holds text that is not valid Unicode without NUL.")
            elif isinstance(value, float) and not math.isfinite(value):
                raise ParseError("The JSON holds a number that is not finite.")
        if not inner:
            return
        level = inner
    raise ParseError("The JSON is nested too deeply.")
