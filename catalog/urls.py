"""The addresses of this app's pages."""

from django.urls import URLPattern, URLResolver, include, path

from catalog.views import (
    accounts,
    browse,
    grown_up,
    history,
    home,
    media,
    opinions,
    player,
    profiles,
    sharing,
    titles,
)

app_name = "catalog"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("home/sections/", home.sections, name="home_sections"),
    path("browse/", browse.browse, name="browse"),
    path("browse/<slug:slug>/", browse.browse, name="genre"),
    path("search/", browse.search, name="search"),
    path("people/<slug:slug>/", browse.person, name="person"),
    path("titles/<slug:slug>/", titles.title, name="title"),
    path("titles/<slug:slug>/options/", opinions.menu, name="title_menu"),
    path("titles/<slug:slug>/list/", opinions.set_listed, name="set_listed"),
    path("titles/<slug:slug>/rate/", opinions.set_rating, name="set_rating"),
    path("titles/<slug:slug>/hide/", opinions.set_hidden, name="set_hidden"),
    path("titles/<slug:slug>/aside/", opinions.set_aside, name="set_aside"),
    path("titles/<slug:slug>/watched/", opinions.set_watched, name="set_watched"),
    path("my-list/", opinions.my_list, name="my_list"),
    path("hidden/", opinions.hidden, name="hidden"),
    path("share/<slug:slug>/", sharing.share, name="share"),
    path("watch/<slug:slug>/", player.watch, name="watch"),
    path("watch/<slug:slug>/<int:season>/<int:number>/", player.watch, name="watch_episode"),
    path("history/", history.history, name="history"),
    path("history/<int:pk>/remove/", history.remove_play, name="remove_play"),
    path("history/titles/<slug:slug>/remove/", history.remove_title, name="remove_title"),
    path("profiles/", profiles.profiles, name="profiles"),
    path("profiles/add/", profiles.add, name="profile_add"),
    path("profiles/<uuid:public_id>/choose/", profiles.choose, name="profile_choose"),
    path("profiles/<uuid:public_id>/", profiles.edit, name="profile_edit"),
    path("profiles/<uuid:public_id>/<slug:digest>.webp", profiles.portrait, name="portrait"),
    path("profiles/<uuid:public_id>/remove/", profiles.remove, name="profile_remove"),
    path("profiles/<uuid:public_id>/enter/", grown_up.enter, name="profile_enter"),
    path("grown-up/", grown_up.grown_up, name="grown_up"),
    path("account/pin/", grown_up.pin, name="pin"),
    path("account/remove/", accounts.remove, name="account_remove"),
    path("studio/", include("catalog.studio.urls")),
    path("media/<path:name>", media.rendition, name="rendition"),
]
