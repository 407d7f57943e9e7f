"""All URLs: the catalogue at the root, the API, accounts, the admin."""

from django.contrib import admin
from django.urls import include, path

from config import views
from config.demo import tour
from config.languages import choose_language

urlpatterns = [
    path("admin/", admin.site.urls),
    path("account/", include("allauth.urls")),
    path("api/v1/", include("config.api_urls")),
    path("", include("audits.urls")),
    path("", include("personalization.rights.urls")),
    path("", include("catalog.urls")),
    path("styleguide/", include("config.styleguide.urls")),
    path("language/", choose_language, name="language"),
    path("tour/<slug:stop>/", tour.visit, name="tour"),
    path("healthz", views.health, name="health"),
    path("readyz", views.ready, name="ready"),
    path("metrics", views.metrics, name="metrics"),
]

handler400 = "config.views.bad_request"
handler500 = "config.views.server_error"
