"""The addresses of this app's pages."""

from django.urls import path

from personalization.rights.views import pictures, why

app_name = "personalization"
urlpatterns = [
    path("why/<slug:slug>/", why.why, name="why"),
    path("pictures/", pictures.chosen, name="chosen"),
    path("pictures/<slug:slug>/", pictures.picture, name="picture"),
    path("pictures/<slug:slug>/keep/", pictures.keep, name="keep"),
    path("pictures/<slug:slug>/another/", pictures.another, name="another"),
    path("pictures/<slug:slug>/standard/", pictures.standard, name="standard"),
    path("pictures/<slug:slug>/again/", pictures.again, name="again"),
]
