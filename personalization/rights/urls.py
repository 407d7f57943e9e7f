"""The addresses of this app's pages."""

from django.urls import path

from personalization.rights.views import data, disclosure, pictures, reports, why

app_name = "personalization"
urlpatterns = [
    path("how-pictures-are-chosen/", disclosure.how, name="how"),
    path("why/<slug:slug>/", why.why, name="why"),
    path("why/<slug:slug>/forget/<slug:watched>/", why.forget, name="forget"),
    path("pictures/", pictures.chosen, name="chosen"),
    path("pictures/<slug:slug>/", pictures.picture, name="picture"),
    path("pictures/<slug:slug>/keep/", pictures.keep, name="keep"),
    path("pictures/<slug:slug>/another/", pictures.another, name="another"),
    path("pictures/<slug:slug>/standard/", pictures.standard, name="standard"),
    path("pictures/<slug:slug>/again/", pictures.again, name="again"),
    path("pictures/<slug:slug>/report/", reports.report_page, name="report"),
    path("pictures/<slug:slug>/report/send/", reports.send, name="send_report"),
    path("data/<uuid:public_id>/", data.overview, name="data"),
    path("data/<uuid:public_id>/plays/", data.plays, name="data_plays"),
    path("data/<uuid:public_id>/decisions/", data.decisions, name="data_decisions"),
    path("data/<uuid:public_id>/impressions/", data.impressions, name="data_impressions"),
    path("data/<uuid:public_id>/copy/", data.ask_copy, name="data_copy"),
    path("data/<uuid:public_id>/copy/progress/", data.progress, name="data_progress"),
    path("data/<uuid:public_id>/copy/download/", data.download, name="data_download"),
    path("data/<uuid:public_id>/erase/", data.erase, name="data_erase"),
    path("data/<uuid:public_id>/erase/undo/", data.undo, name="data_undo"),
    path("erasures/<uuid:public_id>/", data.owed, name="owed"),
    path("reports/", reports.reports, name="reports"),
]
