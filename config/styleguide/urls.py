"""The addresses of the style guide; config/urls.py includes them."""

from django.urls import path

from config.styleguide import views

urlpatterns = [
    path("", views.site, name="styleguide"),
    path("tokens.css", views.token_rules, name="styleguide_tokens"),
    path("admin/", views.staff, name="styleguide_admin"),
]
