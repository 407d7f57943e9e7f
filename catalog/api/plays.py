"""POST /api/v1/plays/: a player's heartbeat."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from catalog.actions.watching import PlayRefused, ProfileGone, record_play
from catalog.api.access import HasProfile, viewer_of
from catalog.models import Episode, Title, WatchEvent

# A century in seconds: more than any runtime.
MAX_SECONDS = 3_155_760_000
ORIGINS = [origin for origin in WatchEvent.Origin.choices if origin[0] != WatchEvent.Origin.IMPORT]


class PlaySerializer(serializers.Serializer[dict[str, Any]]):
    """How far a play has come. Both numbers are seconds of the title, not of the wall clock."""

    play_id = serializers.UUIDField(help_text="Chosen by the player when it opens.")
    profile = serializers.UUIDField(
        required=False,
        allow_null=True,
        default=None,
        help_text="The profile that the player was opened for. Where another one was chosen since, "
        "in another tab perhaps, nothing is recorded (403).",
    )
    title = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    episode = serializers.IntegerField(
        min_value=1, max_value=2**63 - 1, required=False, allow_null=True, default=None
    )
    origin = serializers.ChoiceField(choices=ORIGINS, help_text="Where the play started.")
    position_seconds = serializers.IntegerField(min_value=0, max_value=MAX_SECONDS)
    watched_seconds = serializers.IntegerField(
        min_value=0,
        max_value=MAX_SECONDS,
        help_text="Seconds played since the play began, in total.",
    )


class RecordedSerializer(serializers.Serializer[WatchEvent]):
    """The play as it is stored."""

    play_id = serializers.UUIDField()
    position_seconds = serializers.IntegerField()
    watched_seconds = serializers.IntegerField()
    quality_at = serializers.DateTimeField(allow_null=True)
    finished = serializers.BooleanField()


class PlaysView(APIView):
    """Records heartbeats of the current profile's player."""

    open_to_limited = True
    throttle_scope = "plays"

    @extend_schema(
        summary="Report how far a play has come",
        description="Cumulative and idempotent: after a failure, send the same heartbeat again. "
        "The first heartbeat opens the play. Later ones can claim no more than the fastest "
        "player could have played since then.",
        request=PlaySerializer,
        responses={
            200: RecordedSerializer,
            400: OpenApiResponse(description="Not a possible heartbeat. The body says why."),
            413: OpenApiResponse(description="The body is too large."),
            403: OpenApiResponse(
                description="Not signed in, no profile chosen, or another one than the player's."
            ),
            404: OpenApiResponse(description="No such title or episode, or not for this profile."),
        },
    )
    def post(self, request: Request) -> Response:
        viewer = viewer_of(request)
        said = PlaySerializer(data=request.data)
        said.is_valid(raise_exception=True)
        play = said.validated_data
        opened_for = play.pop("profile")
        if opened_for is not None and opened_for != viewer.public_id:
            raise PermissionDenied("Another profile was chosen since the player was opened.")
        title = get_object_or_404(Title.objects.visible_to(viewer), pk=play.pop("title"))
        number = play.pop("episode")
        episodes = Episode.objects.select_related("season")
        episode = get_object_or_404(episodes, pk=number) if number else None
        try:
            recorded = record_play(viewer, title=title, episode=episode, now=timezone.now(), **play)
        except PlayRefused as refusal:
            raise ValidationError({"detail": str(refusal)}) from refusal
        except ProfileGone as gone:
            raise PermissionDenied(HasProfile.message) from gone
        return Response(RecordedSerializer(recorded).data)
