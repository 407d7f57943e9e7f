"""The API's URLs of this app."""

from django.urls import path

from catalog.api import catalogue, home, opinions, plays, profiles, watching

app_name = "catalog-api"
urlpatterns = [
    path("titles/", catalogue.TitleListView.as_view(), name="titles"),
    path("titles/<slug:slug>/", catalogue.TitleDetailView.as_view(), name="title"),
    path("genres/", catalogue.GenreListView.as_view(), name="genres"),
    path("people/<slug:slug>/", catalogue.PersonDetailView.as_view(), name="person"),
    path("search/", catalogue.SearchView.as_view(), name="search"),
    path("home/", home.HomeView.as_view(), name="home"),
    path("profiles/", profiles.ProfileListView.as_view(), name="profiles"),
    path(
        "profiles/<uuid:public_id>/choose/",
        profiles.ChooseProfileView.as_view(),
        name="profile_choose",
    ),
    path("history/", watching.HistoryListView.as_view(), name="history"),
    path("history/<uuid:play_id>/", watching.HistoryEntryView.as_view(), name="history_entry"),
    path("my-list/", opinions.MyListView.as_view(), name="my_list"),
    path("my-list/<slug:slug>/", opinions.ListedView.as_view(), name="listed"),
    path("hidden/", opinions.HiddenListView.as_view(), name="hidden_titles"),
    path("hidden/<slug:slug>/", opinions.HiddenView.as_view(), name="hidden"),
    path("ratings/", opinions.RatingListView.as_view(), name="ratings"),
    path("ratings/<slug:slug>/", opinions.RatingView.as_view(), name="rating"),
    path("aside/<slug:slug>/", opinions.AsideView.as_view(), name="aside"),
    path("watched/<slug:slug>/", opinions.WatchedView.as_view(), name="watched"),
    path("plays/", plays.PlaysView.as_view(), name="plays"),
]
