"""Addresses that belong to no slice."""

from django.urls import path

from thudo.base import views

app_name = "base"
urlpatterns = [
    path("display", views.display, name="display"),
    path("brand.css", views.brand, name="brand"),
    path("design", views.design, name="design"),
]
