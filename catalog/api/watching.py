"""The watch history of the current profile."""

from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from catalog.actions.watching import remove_from_history
from catalog.api.access import HasProfile, viewer_of
from catalog.api.answers import answers
from catalog.api.paging import NewestPlays
from catalog.api.serializers import WatchEventSerializer
from catalog.models import WatchEvent


@extend_schema(
    tags=["Watching"],
    summary="The current profile's watch history, newest first",
    responses=answers(WatchEventSerializer(many=True), missing="No such cursor."),
)
class HistoryListView(ListAPIView):
    queryset = WatchEvent.objects.none()
    serializer_class = WatchEventSerializer
    permission_classes = [HasProfile]
    pagination_class = NewestPlays
    throttle_scope = "catalogue"

    def get_queryset(self) -> QuerySet[WatchEvent]:
        viewer = viewer_of(self.request)
        return viewer.watch_events.filter(
            title__published=True, title__maturity__lte=viewer.maturity_limit
        ).select_related("title", "episode__season")


class HistoryEntryView(APIView):
    """One play."""

    permission_classes = [HasProfile]
    throttle_scope = "catalogue"

    @extend_schema(
        tags=["Watching"],
        summary="Remove one play from the history",
        description="From the profile's next window on, artwork is chosen without it.",
        responses=answers(
            OpenApiResponse(description="Removed."),
            status=204,
            missing="The current profile has no such play.",
        ),
    )
    def delete(self, request: Request, play_id: UUID) -> Response:
        viewer = viewer_of(request)
        plays = viewer.watch_events.select_related("title")
        play = get_object_or_404(plays, play_id=play_id)
        remove_from_history(viewer, title=play.title, play=play)
        return Response(status=204)
