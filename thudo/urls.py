"""The roof: each slice's addresses, in one list; base last."""

from django.urls import include, path

urlpatterns = [
    # Before the directory, whose map/<layer>.geojson would take map/petitions.geojson for a layer.
    path("", include("thudo.operations.urls")),
    path("", include("thudo.directory.urls")),
    path("", include("thudo.live.urls")),
    path("", include("thudo.base.urls")),
]

handler400 = "thudo.base.views.bad_request"
handler403 = "thudo.base.views.permission_denied"
handler404 = "thudo.base.views.page_not_found"
handler500 = "thudo.base.views.server_error"
