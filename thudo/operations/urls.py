"""Addresses of what everybody sees."""

from django.urls import path

from thudo.operations.views import map, open_data, pages, wall  # noqa: A004

app_name = "operations"
urlpatterns = [
    path("", pages.front, name="front"),
    path("petitions/", pages.petitions, name="petitions"),
    path("map", map.map_page, name="map"),
    path("map/still.svg", map.still, name="map_still"),
    path("map/petitions.geojson", map.petitions_geojson, name="map_petitions"),
    path("areas/", pages.area_list, name="areas"),
    path("areas/<str:code>", pages.area, name="area"),
    path("feeds/petitions.atom", open_data.atom, name="feed"),
    path("feeds/areas/<str:code>.atom", open_data.atom, name="area_feed"),
    path("open/petitions.csv", open_data.petitions_csv, name="csv"),
    path("open/petitions.json", open_data.petitions_json, name="csv_described"),
    path("wall", wall.wall_page, name="wall"),
]
