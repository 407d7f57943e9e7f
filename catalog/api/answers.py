"""The responses of an operation besides its success, for the schema."""

from typing import Any

from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers


class RefusalSerializer(serializers.Serializer):
    detail = serializers.CharField(help_text="What is wrong, in words.")


def answers(success: Any, *, status: int = 200, missing: str = "") -> dict[int, Any]:
    """Return the responses of an operation. `missing` describes its 404, if it has one."""
    found = {
        status: success,
        403: OpenApiResponse(RefusalSerializer, "Not signed in, or no profile chosen."),
        429: OpenApiResponse(
            RefusalSerializer, "Too many requests. Retry-After says how many seconds to wait."
        ),
    }
    if missing:
        found[404] = OpenApiResponse(RefusalSerializer, missing)
    return dict(sorted(found.items()))
