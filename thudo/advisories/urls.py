"""Public addresses: each advisory and each question keeps its own for ever."""

from django.urls import path

from thudo.advisories.views import consulting, feeds, pages

app_name = "advisories"
urlpatterns = [
    path("advisories/", pages.advisories, name="list"),
    path("advisories/<int:pk>", pages.advisory, name="one"),
    path("advisories/<int:pk>/ground.geojson", feeds.ground, name="ground"),
    path("advisories/<int:pk>.ics", feeds.one_ics, name="one_ics"),
    path("advisories/calendar.ics", feeds.calendar_ics, name="calendar"),
    path("advisories/map.geojson", feeds.map_geojson, name="map"),
    path("feeds/advisories.atom", feeds.atom, name="feed"),
    path("feeds/areas/<str:code>/advisories.atom", feeds.atom, name="area_feed"),
    path("consultations/", consulting.consultations, name="consultations"),
    path("consultations/<int:pk>", consulting.consultation, name="consultation"),
    path("consultations/<int:pk>/answers", consulting.answers, name="answers"),
]
