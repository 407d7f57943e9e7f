"""Who may use the API: somebody signed in and, for most of it, in the name of a profile."""

from typing import Any

from django.http import HttpRequest
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request

from catalog.models import Viewer


class HasProfile(IsAuthenticated):
    """A profile was chosen in this session; what it may see is what is answered."""

    message = "Choose a profile first."

    def has_permission(self, request: Request, view: Any) -> bool:
        # By its truth: the viewer is read lazily.
        return super().has_permission(request, view) and bool(request.viewer)  # type: ignore[attr-defined]


def viewer_of(request: Request | HttpRequest) -> Viewer:
    """Return the request's viewer; only behind `HasProfile`."""
    viewer: Viewer = request.viewer  # type: ignore[union-attr]
    return viewer
