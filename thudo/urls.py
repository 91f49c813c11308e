"""The roof: each slice's addresses, in one list; base last."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import include, path

from thudo.accounts.gate import gate
from thudo.operations.views import pages
from thudo.petitions.views import filing


@gate("page.public", by_thing=True)
def petitions(request: HttpRequest) -> HttpResponseBase:
    """One address of two slices: POST files a petition, GET is the public list."""
    view = filing.petitions if request.method == "POST" else pages.petitions
    return view(request)


urlpatterns = [
    # First, for its callers are the busiest: every address above costs each of them a match.
    path("api/v1/", include("thudo.standards.v1.urls")),
    path("open311/", include("thudo.standards.open311.urls")),
    path("petitions/", petitions, name="petitions"),
    path("", include("thudo.petitions.urls")),
    path("", include("thudo.files.urls")),
    path("", include("thudo.accounts.urls")),
    # Before the directory, whose map/<layer>.geojson would take map/petitions.geojson for a layer.
    path("", include("thudo.operations.urls")),
    path("", include("thudo.directory.urls")),
    path("", include("thudo.live.urls")),
    path("", include("thudo.notices.urls")),
    path("", include("thudo.advisories.urls")),
    path("", include("thudo.desks.urls")),
    path("reception/", include("thudo.reception.urls")),
    path("", include("thudo.channels.urls")),
    path("", include("thudo.base.urls")),
]

handler400 = "thudo.base.views.bad_request"
handler403 = "thudo.base.views.permission_denied"
handler404 = "thudo.base.views.page_not_found"
handler500 = "thudo.base.views.server_error"
