"""The API's URLs: one include for each app that has endpoints, and the documentation."""

from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularAPIView

from catalog.api.docs import docs
from config.views import no_endpoint

urlpatterns = [
    path("", include("catalog.api.urls")),
    path("", include("personalization.api.urls")),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", docs, name="docs"),
    # Last: every other URL. To one without a final slash, Django adds the slash first.
    re_path(r"^[\s\S]*/$", no_endpoint),
]
