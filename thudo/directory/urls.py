"""Addresses of the directory: places to search, layers of the local base map. Public on purpose."""

from django.urls import path

from thudo.directory import views

urlpatterns = [
    path("places", views.places, name="places"),
    path("map/places.geojson", views.map_places, name="map-places"),
    path("map/tiles/<int:z>/<int:x>/<int:y>.mvt", views.tile, name="map-tile"),
    path("map/<slug:code>.geojson", views.layer, name="map-layer"),
]
