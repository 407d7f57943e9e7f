"""What every operation may answer besides its success, for the schema."""

from typing import Any

from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers


class RefusalSerializer(serializers.Serializer):
    detail = serializers.CharField(help_text="What is wrong, in words.")


def answers(success: Any, *, status: int = 200, missing: str = "") -> dict[int, Any]:
    """Return an operation's answers; `missing` says what is not found, where that can be."""
    found = {
        status: success,
        403: OpenApiResponse(RefusalSerializer, "Not signed in, or no profile chosen."),
        429: OpenApiResponse(RefusalSerializer, "Too often; Retry-After says when again."),
    }
    if missing:
        found[404] = OpenApiResponse(RefusalSerializer, missing)
    return dict(sorted(found.items()))
