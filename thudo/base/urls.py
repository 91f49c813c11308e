"""Addresses that belong to no slice."""

from django.urls import path

from thudo.base import views

app_name = "base"
urlpatterns = [
    path("display", views.display, name="display"),
    path("brand.css", views.brand, name="brand"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
    path("service-worker.js", views.service_worker, name="service-worker"),
    path("offline", views.offline, name="offline"),
    path("design", views.design, name="design"),
]
