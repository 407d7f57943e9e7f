"""The API addresses of this app."""

from django.urls import path

from catalog.api.plays import PlaysView

app_name = "catalog-api"
urlpatterns = [
    path("plays/", PlaysView.as_view(), name="plays"),
]
