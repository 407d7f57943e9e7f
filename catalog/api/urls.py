"""The API addresses of this app."""

from django.urls import path

from catalog.api import catalogue, home, plays, profiles, watching

app_name = "catalog-api"
urlpatterns = [
    path("titles/", catalogue.TitleList.as_view(), name="titles"),
    path("titles/<slug:slug>/", catalogue.TitleDetail.as_view(), name="title"),
    path("genres/", catalogue.GenreList.as_view(), name="genres"),
    path("people/<slug:slug>/", catalogue.PersonDetail.as_view(), name="person"),
    path("search/", catalogue.Search.as_view(), name="search"),
    path("home/", home.HomeView.as_view(), name="home"),
    path("profiles/", profiles.ProfileList.as_view(), name="profiles"),
    path(
        "profiles/<uuid:public_id>/choose/",
        profiles.ChooseProfile.as_view(),
        name="profile_choose",
    ),
    path("history/", watching.HistoryList.as_view(), name="history"),
    path("history/<uuid:play_id>/", watching.HistoryEntry.as_view(), name="history_entry"),
    path("plays/", plays.PlaysView.as_view(), name="plays"),
]
