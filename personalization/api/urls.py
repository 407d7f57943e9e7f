"""The API addresses of this app."""

from django.urls import path

from personalization.api.seen import SeenView

app_name = "personalization-api"
urlpatterns = [path("seen/", SeenView.as_view(), name="seen")]
