"""The home of the current profile, with the artwork chosen for it."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api.access import viewer_of
from catalog.api.answers import answers
from catalog.api.catalogue import CatalogueView
from catalog.api.serializers import HomeSerializer
from catalog.models import WatchEvent
from catalog.queries.home import home_for


@extend_schema(
    tags=["Profile"],
    summary="Home: the billboard and the rows",
    description="A title in two rows has the same artwork and the same token in both.",
    responses=answers(HomeSerializer),
)
class HomeView(CatalogueView):
    serializer_class = HomeSerializer

    def get(self, request: Request) -> Response:
        home = home_for(viewer_of(request), now=timezone.now())
        context = self.chosen(home.titles(), surface=WatchEvent.Origin.HOME)
        slugs = {title.pk: title.slug for title in home.titles()}
        answer = {
            "billboard": home.billboard,
            "rows": home.rows,
            "progress": [
                {"title": slugs[number], "progress": progress}
                for number, progress in home.progress.items()
                if number in slugs
            ],
        }
        return Response(HomeSerializer(answer, context=context).data)
