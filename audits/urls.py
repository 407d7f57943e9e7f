"""The URLs of this app's pages."""

from django.urls import URLPattern, path

from audits.views import declaration, schema

app_name = "audits"
urlpatterns: list[URLPattern] = [
    path("profiles/<uuid:public_id>/declaration/", declaration.declaration, name="declaration"),
    path("profiles/<uuid:public_id>/declaration/withdraw/", declaration.withdraw, name="withdraw"),
    path("audits/schema/<int:version>/", schema.published, name="schema"),
]
