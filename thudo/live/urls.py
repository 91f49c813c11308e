"""The one address of live on the pages' side; /live/stream is the live process's own."""

from django.urls import path

from thudo.live import views

urlpatterns = [path("live/grants", views.grants, name="live_grants")]
