"""Answers the API's errors in JSON, also those that Django raises itself."""

from typing import Any

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from rest_framework.exceptions import ParseError
from rest_framework.response import Response
from rest_framework.views import exception_handler

from catalog.api.parsing import BodyTooLarge


def answer(error: Exception, context: dict[str, Any]) -> Response | None:
    """Return the answer to an exception of a view; None for one that nobody expected (500)."""
    if isinstance(error, RequestDataTooBig):
        error = BodyTooLarge()
    elif isinstance(error, SuspiciousOperation | BadRequest):
        error = ParseError("The request could not be read.")
    return exception_handler(error, context)
