"""The viewer's own choice of a title's picture: keep one, another, the standard one, or none."""

from dataclasses import asdict
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api.access import viewer_of
from catalog.api.answers import RefusalSerializer, answers
from catalog.api.catalogue import CatalogueView
from catalog.api.paging import KeysetPagination
from catalog.api.serializers import ShownPictureSerializer, TitleSerializer
from catalog.models import Title, Viewer, WatchEvent
from catalog.views.pictures import pictures
from personalization.actions import keeping
from personalization.models import Keep
from personalization.serving.picture_state import PictureState, picture_state

TAGS = ["Pictures"]
MISSING = "No such title, or this profile may not see it."
LARGEST = 2**63 - 1  # of an artwork's number
REFUSED = {
    400: OpenApiResponse(description="Not a possible body. The answer says why."),
    409: OpenApiResponse(RefusalSerializer, "It cannot be followed, so nothing was changed."),
}


class Refused(APIException):
    status_code = 409


class OptionSerializer(ShownPictureSerializer):
    id = serializers.IntegerField(help_text="Names the picture when you choose.")


class PictureStateSerializer(serializers.Serializer):
    """What the profile sees of a title, and by whose choice."""

    picture = serializers.IntegerField(allow_null=True, help_text="The one shown.")
    choice = serializers.ChoiceField(
        Keep.Kind.choices, allow_null=True, help_text="The viewer's own; null: the system chooses."
    )
    withdrawn = serializers.BooleanField(
        help_text="Whether the picture that the viewer chose can no longer be shown."
    )
    options = OptionSerializer(many=True)


class OrderSerializer(serializers.Serializer):
    choice = serializers.ChoiceField(Keep.Kind.choices)
    picture = serializers.IntegerField(
        required=False,
        min_value=1,
        max_value=LARGEST,
        help_text="For “kept”: the picture. For “other”: the one to be replaced, as it is shown.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["choice"] == Keep.Kind.KEPT and "picture" not in attrs:
            raise serializers.ValidationError({"picture": "Say which picture to keep."})
        return attrs


class ChosenSerializer(serializers.Serializer):
    title = TitleSerializer()
    choice = serializers.ChoiceField(Keep.Kind.choices)
    chosen_at = serializers.DateTimeField()


class NewestChosen(KeysetPagination):
    ordering = ("-chosen_at", "-id")


@extend_schema(
    tags=TAGS,
    summary="The titles whose picture the profile chose, newest first",
    responses=answers(ChosenSerializer(many=True), missing="No such cursor."),
)
class ChosenListView(CatalogueView):
    queryset = Keep.objects.none()
    serializer_class = ChosenSerializer
    pagination_class = NewestChosen

    def get(self, request: Request) -> Response:
        viewer = viewer_of(request)
        seen = Keep.objects.filter(viewer=viewer, title__in=Title.objects.visible_to(viewer))
        keeps = self.paginate_queryset(seen.select_related("title")) or []
        context = self.chosen([each.title for each in keeps], surface=WatchEvent.Origin.TITLE)
        rows = [
            {"title": each.title, "choice": each.kind, "chosen_at": each.chosen_at}
            for each in keeps
        ]
        return self.get_paginated_response(ChosenSerializer(rows, many=True, context=context).data)


class PictureView(CatalogueView):
    throttle_scope = "pictures"
    serializer_class = PictureStateSerializer

    @extend_schema(
        tags=TAGS,
        summary="A title's pictures, the one shown, and by whose choice",
        responses=answers(PictureStateSerializer, missing=MISSING),
    )
    def get(self, request: Request, slug: str) -> Response:
        return self._state(viewer_of(request), self._title(request, slug))

    @extend_schema(
        tags=TAGS,
        summary="Keep a picture, ask for another, or use the standard one",
        description=(
            "It holds on every page until it is taken back or replaced, is recorded as the "
            "viewer's choice, and is never learnt from."
        ),
        request=OrderSerializer,
        responses=answers(PictureStateSerializer, missing=MISSING) | REFUSED,
    )
    def put(self, request: Request, slug: str) -> Response:
        viewer, title = viewer_of(request), self._title(request, slug)
        said = OrderSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        try:
            _carry_out(viewer, title, **said.validated_data)
        except keeping.KeepRefused as refusal:
            raise Refused(str(refusal)) from refusal
        return self._state(viewer, title)

    @extend_schema(
        tags=TAGS,
        summary="Let the system choose again",
        responses=answers(PictureStateSerializer, missing=MISSING) | {409: REFUSED[409]},
    )
    def delete(self, request: Request, slug: str) -> Response:
        viewer, title = viewer_of(request), self._title(request, slug)
        try:
            keeping.choose_again(viewer, title)
        except keeping.KeepRefused as refusal:
            raise Refused(str(refusal)) from refusal
        return self._state(viewer, title)

    def _title(self, request: Request, slug: str) -> Title:
        return get_object_or_404(Title.objects.visible_to(viewer_of(request)), slug=slug)

    def _state(self, viewer: Viewer, title: Title) -> Response:
        state = picture_state(viewer, title, now=timezone.now())
        return Response(PictureStateSerializer(_said(state)).data)


def _carry_out(viewer: Viewer, title: Title, *, choice: str, picture: int | None = None) -> None:
    now = timezone.now()
    if choice == Keep.Kind.STANDARD:
        keeping.use_standard(viewer, title, now=now)
    elif choice == Keep.Kind.OTHER:
        keeping.show_another(viewer, title, instead_of=picture, now=now)
    else:
        keeping.keep_picture(viewer, title, picture or 0, now=now)


def _said(state: PictureState) -> dict[str, Any]:
    shown = pictures(state.available)
    return {
        "picture": state.artwork_id,
        "choice": state.keep.kind if state.keep else None,
        "withdrawn": state.is_withdrawn,
        "options": [
            {"id": number} | asdict(shown[number]) for number in state.available if number in shown
        ],
    }
