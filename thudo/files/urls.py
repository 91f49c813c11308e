"""Uploads and what may be seen of them."""

from django.urls import path

from thudo.files import views

urlpatterns = [
    path("files/", views.files, name="files"),
    path("files/uploads/", views.uploads, name="uploads"),
    path("files/uploads/<uuid:pk>", views.upload, name="upload"),
    path("files/<uuid:pk>", views.file, name="file"),
    path("files/<uuid:pk>/small", views.small, name="file-small"),
    path("files/<uuid:pk>/removal", views.removal, name="file-removal"),
]
