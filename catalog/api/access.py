"""Who may use the API: people who are signed in and, for most of it, have chosen a profile."""

from typing import Any

from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request

from catalog.models import Viewer
from catalog.requests import viewer_in


class HasProfile(IsAuthenticated):
    """Allows requests of somebody signed in who has chosen a profile in this session."""

    message = "Choose a profile first."
    open_to_limited = True  # it shows and changes what is the chosen profile's own

    def has_permission(self, request: Request, view: Any) -> bool:
        return super().has_permission(request, view) and viewer_in(request) is not None


def viewer_of(request: Request) -> Viewer:
    """Return the request's viewer.

    Raises:
        PermissionDenied: where no profile is chosen (403).
    """
    viewer = viewer_in(request)
    if viewer is None:
        raise PermissionDenied(HasProfile.message)
    return viewer
