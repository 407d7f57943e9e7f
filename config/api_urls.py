"""The API's addresses, one include for each app that has endpoints, and its documentation."""

from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularAPIView

from catalog.api.docs import docs
from config.views import no_endpoint

urlpatterns = [
    path("", include("catalog.api.urls")),
    path("", include("personalization.api.urls")),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", docs, name="docs"),
    # Last: whatever ends in a slash and is none of these. Without one, Django adds it first.
    re_path(r"^[\s\S]*/$", no_endpoint),
]
