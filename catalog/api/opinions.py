"""What the current profile says about titles: its list, ratings, hidden titles, marks."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.actions import opinions
from catalog.api.access import viewer_of
from catalog.api.answers import answers
from catalog.api.catalogue import CatalogueView
from catalog.api.paging import KeysetPagination
from catalog.api.serializers import TitleSerializer
from catalog.models import Episode, HiddenTitle, ListedTitle, Rating, Title, Viewer, WatchEvent
from catalog.queries.episodes import episodes_named, episodes_of

TAGS = ["Lists and ratings"]
MISSING = "No such title, or this profile may not see it."
NO_CURSOR = "No such cursor."
SET = OpenApiResponse(description="It is so now.")
BODY = {400: OpenApiResponse(description="Not a possible body. The answer says why.")}


class NewestListed(KeysetPagination):
    ordering = ("-added_at", "-id")


class NewestHidden(KeysetPagination):
    ordering = ("-hidden_at", "-id")


class NewestRated(KeysetPagination):
    ordering = ("-rated_at", "-id")


class RatingSerializer(serializers.Serializer):
    rating = serializers.ChoiceField(choices=Rating.Value.choices)


class RatedSerializer(RatingSerializer):
    title = TitleSerializer()


class WatchedSerializer(serializers.Serializer):
    """Whether a film, an episode, a season or all regular episodes of a series were watched."""

    watched = serializers.BooleanField()
    season = serializers.IntegerField(required=False, min_value=0, max_value=32_767)
    number = serializers.IntegerField(
        required=False, min_value=0, max_value=32_767, help_text="An episode of that season."
    )


class OpinionListView(CatalogueView):
    """The titles that the profile said something about, where it may see them today."""

    queryset: QuerySet[Any] = ListedTitle.objects.none()

    def titles(self, viewer: Viewer) -> QuerySet[Title]:
        return Title.objects.visible_to(viewer)

    def rows(self, request: Request) -> list[Any]:
        viewer = viewer_of(request)
        seen = self.queryset.model.objects.filter(viewer=viewer, title__in=self.titles(viewer))
        return self.paginate_queryset(seen.select_related("title")) or []

    def get(self, request: Request) -> Response:
        titles = [row.title for row in self.rows(request)]
        context = self.chosen(titles, surface=WatchEvent.Origin.TITLE)
        return self.get_paginated_response(TitleSerializer(titles, many=True, context=context).data)


@extend_schema(
    tags=TAGS,
    summary="The profile's list, newest first",
    responses=answers(TitleSerializer(many=True), missing=NO_CURSOR),
)
class MyListView(OpinionListView):
    serializer_class = TitleSerializer
    pagination_class = NewestListed

    def titles(self, viewer: Viewer) -> QuerySet[Title]:
        return Title.objects.offered_to(viewer)


@extend_schema(
    tags=TAGS,
    summary="The titles that the profile hid, newest first",
    responses=answers(TitleSerializer(many=True), missing=NO_CURSOR),
)
class HiddenListView(OpinionListView):
    queryset = HiddenTitle.objects.none()
    serializer_class = TitleSerializer
    pagination_class = NewestHidden


@extend_schema(
    tags=TAGS,
    summary="The profile's ratings, newest first",
    responses=answers(RatedSerializer(many=True), missing=NO_CURSOR),
)
class RatingListView(OpinionListView):
    queryset = Rating.objects.none()
    serializer_class = RatedSerializer
    pagination_class = NewestRated

    def get(self, request: Request) -> Response:
        rows = self.rows(request)
        context = self.chosen([row.title for row in rows], surface=WatchEvent.Origin.TITLE)
        rated = [{"title": row.title, "rating": row.value} for row in rows]
        return self.get_paginated_response(RatedSerializer(rated, many=True, context=context).data)


class OpinionView(CatalogueView):
    """What the profile says about one title."""

    throttle_scope = "opinions"

    def title(self, request: Request, slug: str) -> Title:
        return get_object_or_404(Title.objects.visible_to(viewer_of(request)), slug=slug)


class ToggleView(OpinionView):
    """What the profile says about one title: PUT says it, and DELETE takes it back."""

    turn_on: Callable[..., object]
    turn_off: Callable[..., object]

    def put(self, request: Request, slug: str) -> Response:
        title = self.title(request, slug)
        self.turn_on(viewer_of(request), title, now=timezone.now())
        return Response(status=204)

    def delete(self, request: Request, slug: str) -> Response:
        self.turn_off(viewer_of(request), self.title(request, slug))
        return Response(status=204)


def _documented(
    put: str, delete: str, more: str | None = None
) -> Callable[[type[ToggleView]], type[ToggleView]]:
    """Say in the schema what each of the two requests does."""
    common: dict[str, Any] = {"tags": TAGS, "responses": answers(SET, status=204, missing=MISSING)}
    return extend_schema_view(
        put=extend_schema(summary=put, description=more, request=None, **common),
        delete=extend_schema(summary=delete, **common),
    )


@_documented("Put a title on the list", "Take a title off the list")
class ListedView(ToggleView):
    turn_on = staticmethod(opinions.put_on_list)
    turn_off = staticmethod(opinions.take_off_list)


@_documented(
    "Hide a title from the profile's rows, lists and results", "Offer a hidden title again"
)
class HiddenView(ToggleView):
    turn_on = staticmethod(opinions.hide)
    turn_off = staticmethod(opinions.unhide)


@_documented(
    "Remove a title from Continue watching",
    "Put a title back into Continue watching",
    "The history stays. The title comes back when it is played again.",
)
class AsideView(ToggleView):
    turn_on = staticmethod(opinions.put_aside)
    turn_off = staticmethod(opinions.take_up)


class RatingView(OpinionView):
    @extend_schema(
        tags=TAGS,
        summary="Rate a title",
        description="A rating may shape rows. It never shapes a picture.",
        request=RatingSerializer,
        responses=answers(SET, status=204, missing=MISSING) | BODY,
    )
    def put(self, request: Request, slug: str) -> Response:
        title = self.title(request, slug)
        said = RatingSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        rating = said.validated_data["rating"]
        opinions.rate(viewer_of(request), title, rating, now=timezone.now())
        return Response(status=204)

    @extend_schema(
        tags=TAGS,
        summary="Remove a rating",
        responses=answers(SET, status=204, missing=MISSING),
    )
    def delete(self, request: Request, slug: str) -> Response:
        opinions.rate(viewer_of(request), self.title(request, slug), "", now=timezone.now())
        return Response(status=204)


class WatchedView(OpinionView):
    @extend_schema(
        tags=TAGS,
        summary="Mark as watched, or as not watched",
        description="It is no play, and nothing is learnt from it. A newer play counts more.",
        request=WatchedSerializer,
        responses=answers(SET, status=204, missing="No such title or episode.") | BODY,
    )
    def put(self, request: Request, slug: str) -> Response:
        title = self.title(request, slug)
        said = WatchedSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        wanted = said.validated_data
        opinions.mark_watched(
            viewer_of(request),
            title,
            episodes=_episodes(title, wanted.get("season"), wanted.get("number")),
            watched=wanted["watched"],
            now=timezone.now(),
        )
        return Response(status=204)


def _episodes(title: Title, season: int | None, number: int | None) -> list[Episode] | None:
    """Return the episodes that are meant, or None for a film. See `episodes_named`."""
    if title.kind != Title.Kind.SERIES:
        return None
    named = episodes_named(episodes_of([title.pk]).get(title.pk, []), season, number)
    if not named:
        raise NotFound
    return named
