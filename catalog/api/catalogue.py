"""The catalogue as the current profile may see it: titles, genres, people, search."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import GenericAPIView, ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api.access import HasProfile, viewer_of
from catalog.api.answers import answers
from catalog.api.paging import NewestTitles
from catalog.api.serializers import (
    CHOSEN,
    EPISODES,
    GenreSerializer,
    PersonStorySerializer,
    SearchResultsSerializer,
    StorySerializer,
    TitleSerializer,
)
from catalog.models import Credit, Genre, Person, Title, WatchEvent
from catalog.queries.browse import genres_for
from catalog.queries.episodes import episodes_of
from catalog.queries.names import MAX_LETTERS
from catalog.queries.search import search
from catalog.views.tiles import choose_artwork

Origin = WatchEvent.Origin


class CatalogueView(GenericAPIView):
    # Responds for the current profile. (The schema would show a docstring for every subclass.)
    permission_classes = [HasProfile]
    throttle_scope = "catalogue"

    def chosen(self, titles: Sequence[Title], *, surface: str) -> dict[str, Any]:
        """Choose the artwork of a page, and return the context of its serializers."""
        chosen = choose_artwork(
            viewer_of(self.request), titles, surface=surface, now=timezone.now()
        )
        return {**self.get_serializer_context(), CHOSEN: chosen, "origin": surface}


@extend_schema(
    tags=["Catalogue"],
    summary="Titles, newest first",
    parameters=[OpenApiParameter("genre", str, description="A genre's slug.")],
    responses=answers(TitleSerializer(many=True), missing="No such genre or cursor."),
)
class TitleListView(CatalogueView, ListAPIView):
    queryset = Title.objects.none()
    serializer_class = TitleSerializer
    pagination_class = NewestTitles

    def get_queryset(self) -> QuerySet[Title]:
        titles = Title.objects.offered_to(viewer_of(self.request))
        slug = self.request.query_params.get("genre")
        return titles.filter(genres__slug=slug) if slug else titles

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        slug = request.query_params.get("genre")
        if slug and not Genre.objects.filter(slug=slug).exists():
            raise Http404
        page = self.paginate_queryset(self.get_queryset()) or []
        context = self.chosen(page, surface=Origin.BROWSE)
        return self.get_paginated_response(TitleSerializer(page, many=True, context=context).data)


@extend_schema(
    tags=["Catalogue"],
    summary="One title, with its cast and episodes",
    responses=answers(StorySerializer, missing="No such title, or this profile may not see it."),
)
class TitleDetailView(CatalogueView):
    serializer_class = StorySerializer

    def get(self, request: Request, slug: str) -> Response:
        titles = Title.objects.visible_to(viewer_of(request)).prefetch_related(
            "genres",
            "moods",
            Prefetch(
                "credits",
                Credit.objects.select_related("person").order_by("role", "billing", "pk"),
            ),
        )
        title = get_object_or_404(titles, slug=slug)
        context = self.chosen([title], surface=Origin.TITLE)
        context[EPISODES] = episodes_of([title.pk]).get(title.pk, [])
        return Response(StorySerializer(title, context=context).data)


@extend_schema(
    tags=["Catalogue"],
    summary="Genres with titles that the current profile may see",
    responses=answers(GenreSerializer(many=True)),
)
class GenreListView(CatalogueView):
    serializer_class = GenreSerializer
    pagination_class = None

    def get(self, request: Request) -> Response:
        return Response(GenreSerializer(genres_for(viewer_of(request)), many=True).data)


@extend_schema(
    tags=["Catalogue"],
    summary="One person, and their titles",
    responses=answers(PersonStorySerializer, missing="No such person for this profile."),
)
class PersonDetailView(CatalogueView):
    serializer_class = PersonStorySerializer

    def get(self, request: Request, slug: str) -> Response:
        person = get_object_or_404(Person, slug=slug)
        visible = Title.objects.visible_to(viewer_of(request))
        credits = list(
            Credit.objects.filter(person=person, title__in=visible)
            .select_related("title")
            .order_by("-title__year", "title__name", "role")
        )
        if not credits:
            raise Http404
        titles = list({credit.title_id: credit.title for credit in credits}.values())
        # People's pages are reached by search, where seeing an artwork is not credited.
        context = self.chosen(titles, surface=Origin.SEARCH)
        story = {
            "slug": person.slug,
            "name": person.name,
            "synthetic": person.synthetic,
            "credits": credits,
        }
        return Response(PersonStorySerializer(story, context=context).data)


@extend_schema(
    tags=["Catalogue"],
    summary="Search titles, people, genres and moods",
    description=(
        "Accents, case and punctuation do not matter. Whole names and beginnings come first, then "
        "words, then parts of words. Where nothing has the words as typed, one letter of each may "
        "be wrong."
    ),
    parameters=[
        OpenApiParameter(
            "q",
            OpenApiTypes.STR,
            description=f"The name or part of it. The first {MAX_LETTERS} letters are read.",
        )
    ],
    responses=answers(SearchResultsSerializer),
)
class SearchView(CatalogueView):
    serializer_class = SearchResultsSerializer
    throttle_scope = "search"

    def get(self, request: Request) -> Response:
        results = search(viewer_of(request), request.query_params.get("q", ""))
        context = self.chosen(results.titles, surface=Origin.SEARCH)
        return Response(SearchResultsSerializer(results, context=context).data)
