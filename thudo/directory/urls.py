"""Addresses of the directory: places to search, layers of the local base map. Public on purpose."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
