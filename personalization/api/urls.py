"""The API addresses of this app."""

from django.urls import path

from personalization.api.pictures import ChosenListView, PictureView
from personalization.api.seen import SeenView

app_name = "personalization-api"
urlpatterns = [
    path("pictures/", ChosenListView.as_view(), name="pictures"),
    path("pictures/<slug:slug>/", PictureView.as_view(), name="picture"),
    path("seen/", SeenView.as_view(), name="seen"),
]
