"""POST /api/v1/seen/: a page reports which artwork was really seen."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from catalog.api.access import viewer_of
from personalization.actions.journal import Counted, record_seen

MOST_TOKENS = 200
LONGEST_TOKEN = 6000  # one of 255 artworks


class SeenSerializer(serializers.Serializer[dict[str, Any]]):
    """Tokens of decisions whose artwork was at least half visible for a second."""

    page_view = serializers.UUIDField(help_text="Names one view of one page, as its body says.")
    tokens = serializers.ListField(
        child=serializers.CharField(max_length=LONGEST_TOKEN),
        min_length=1,
        max_length=MOST_TOKENS,
        help_text="As in `data-decision` of a page, or `token` of the API's home.",
    )


class CountedSerializer(serializers.Serializer[Counted]):
    """How many tokens were accepted, repeated or refused. It does not say which were refused."""

    accepted = serializers.IntegerField(
        help_text="New impressions: at most one of a decision a day."
    )
    repeated = serializers.IntegerField(help_text="Known already; nothing changed.")
    refused = serializers.IntegerField(help_text="Forged, foreign, damaged or too old.")


class SeenView(APIView):
    """Receives the beacon of the current profile's pages."""

    open_to_limited = True
    throttle_scope = "beacon"

    @extend_schema(
        summary="Report which artwork was seen",
        description=(
            "Idempotent: send the same batch again after a failure. An artwork that was seen "
            "counts once a day, however often its page is loaded or reported."
        ),
        request=SeenSerializer,
        responses={
            200: CountedSerializer,
            400: OpenApiResponse(description="No batch; the body says why."),
            403: OpenApiResponse(description="Not signed in, or no profile chosen."),
        },
    )
    def post(self, request: Request) -> Response:
        viewer = viewer_of(request)
        said = SeenSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        batch = said.validated_data
        counted = record_seen(
            viewer, batch["tokens"], page_view=batch["page_view"], now=timezone.now()
        )
        return Response(CountedSerializer(counted).data)
