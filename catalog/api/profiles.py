"""The profiles of the account, and which of them this session uses."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from catalog.api.answers import answers
from catalog.api.serializers import ProfileSerializer
from catalog.middleware import SESSION_KEY
from catalog.models import Viewer


@extend_schema(
    tags=["Profile"],
    summary="The account's profiles",
    responses=answers(ProfileSerializer(many=True)),
)
class ProfileListView(ListAPIView):
    queryset = Viewer.objects.none()
    serializer_class = ProfileSerializer
    pagination_class = None  # an account has a handful
    throttle_scope = "catalogue"

    def get_queryset(self) -> QuerySet[Viewer]:
        return Viewer.objects.filter(account=self.request.user.pk)


class ChooseProfileView(APIView):
    throttle_scope = "catalogue"

    @extend_schema(
        tags=["Profile"],
        summary="Choose one of the account's profiles",
        request=None,
        responses=answers(ProfileSerializer, missing="The account has no such profile."),
    )
    def post(self, request: Request, public_id: UUID) -> Response:
        viewer = get_object_or_404(Viewer, public_id=public_id, account=request.user.pk)
        request.session[SESSION_KEY] = viewer.pk
        chosen: dict[str, Any] = dict(ProfileSerializer(viewer, context={"request": request}).data)
        # `request.viewer` may have been read before the profile was chosen.
        return Response(chosen | {"current": True})
