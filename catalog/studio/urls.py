"""The studio's URLs; catalog.urls includes them."""

from django.urls import path

from catalog.studio import artwork, titles, upload

urlpatterns = [
    path("", titles.StudioTitles.as_view(), name="studio"),
    path("review/", titles.ReviewQueue.as_view(), name="studio_review"),
    path("titles/<slug:slug>/", titles.board, name="studio_title"),
    path("titles/<slug:slug>/upload/", upload.upload, name="studio_upload"),
    path("artwork/<int:pk>/", artwork.annotate, name="studio_artwork"),
    path("artwork/<int:pk>/whole.webp", artwork.whole_picture, name="studio_whole"),
    path("artwork/<int:pk>/<str:step>/", artwork.take_step, name="studio_step"),
]
