"""The addresses of this app's pages."""

from django.urls import path

from personalization.rights import views

app_name = "personalization"
urlpatterns = [path("why/<slug:slug>/", views.why, name="why")]
