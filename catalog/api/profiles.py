"""The profiles of the account, and which of them this session uses."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from catalog import parental
from catalog.api.answers import answers
from catalog.api.serializers import ProfileSerializer
from catalog.models import Viewer
from catalog.views.grown_up import NoProof, prove


@extend_schema(
    tags=["Profile"],
    summary="The account's profiles",
    responses=answers(ProfileSerializer(many=True)),
)
class ProfileListView(ListAPIView):
    open_to_limited = True
    queryset = Viewer.objects.none()
    serializer_class = ProfileSerializer
    pagination_class = None  # an account has a handful
    throttle_scope = "catalogue"

    def get_queryset(self) -> QuerySet[Viewer]:
        return Viewer.objects.filter(account=self.request.user.pk)


class ProofSerializer(serializers.Serializer[dict[str, str]]):
    """A grown-up's proof: the account's PIN or password. Most profiles need none."""

    pin = serializers.CharField(required=False, default="", max_length=64, allow_blank=True)
    password = serializers.CharField(
        required=False, default="", max_length=4096, allow_blank=True, trim_whitespace=False
    )


class ChooseProfileView(APIView):
    open_to_limited = True
    throttle_scope = "catalogue"

    @extend_schema(
        tags=["Profile"],
        summary="Choose one of the account's profiles",
        description="From a profile with limits into one with fewer, and into a protected "
        "profile, it takes the account's PIN or password. Without it, or with a wrong one, the "
        "answer is 403.",
        request=ProofSerializer,
        responses=answers(ProfileSerializer, missing="The account has no such profile.")
        | {
            400: OpenApiResponse(description="The body is not what this operation reads."),
            413: OpenApiResponse(description="The body is too large."),
        },
    )
    def post(self, request: Request, public_id: UUID) -> Response:
        viewer = get_object_or_404(Viewer, public_id=public_id, account=request.user.pk)
        if not parental.may_enter(request, viewer):
            _prove(request)
        parental.enter(request, viewer)
        chosen: dict[str, Any] = dict(ProfileSerializer(viewer, context={"request": request}).data)
        # `request.viewer` may have been read before the profile was chosen.
        return Response(chosen | {"current": True})


def _prove(request: Request) -> None:
    said = ProofSerializer(data=request.data)
    said.is_valid(raise_exception=True)
    plain: HttpRequest = request._request
    try:
        prove(plain, **said.validated_data)
    except NoProof as refusal:
        raise PermissionDenied(str(refusal)) from refusal
