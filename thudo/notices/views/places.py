"""Where I live: the places that this device keeps, what is new there, their feeds."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from thudo.accounts.gate import Request, gate
from thudo.advisories import queries as advisories
from thudo.base.clock import now
from thudo.directory.queries import directory
from thudo.notices.forms import PlaceForm
from thudo.notices.queries import nearby, topics
from thudo.notices.rules.kept import Kept, Place, read_kept, written

COOKIE = "thudo_places"
ANNOUNCED = 6
_YEAR = 365 * 24 * 3600


@never_cache
@gate("page.public")
@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: Request) -> HttpResponse:
    """/places/mine: what is new where I live; POST keeps a place on this device."""
    kept = _kept(request)
    if request.method == "POST":
        return _chosen(request, kept)
    place = _place(kept, request.GET.get("place", ""))
    if place is None or "another" in request.GET:
        return _choice(request, kept, PlaceForm())
    looked = kept.looked(now())
    response = render(request, "notices/mine.html", _page(place, looked))
    _keep(response, looked)
    return response


@never_cache
@gate("page.public")
@require_POST
def forgetting(request: Request) -> HttpResponse:
    """POST /places/mine/forgetting: this device keeps the place no longer."""
    response = redirect("notices:mine")
    _keep(response, _kept(request).without(request.POST.get("topic", "")))
    return response


def _chosen(request: Request, kept: Kept) -> HttpResponse:
    form = PlaceForm(request.POST)
    if not form.is_valid() or form.chosen is None:
        return _choice(request, kept, form, status=422)
    response = redirect("notices:mine")
    _keep(response, kept.with_place(Place(form.chosen.topic, form.chosen.label)))
    return response


def _choice(request: Request, kept: Kept, form: PlaceForm, status: int = 200) -> HttpResponse:
    page = {"form": form, "kept": kept, "wards": directory().wards}
    return render(request, "notices/choose.html", page, status=status)


def _page(place: Place, kept: Kept) -> dict[str, Any]:
    at = now()
    code, point = topics.ward_of(place.topic), topics.point_of(place.topic)
    ward = directory().areas.get(code)
    announced = advisories.near(area=code, point=point, street=place.label, at=at)
    return {
        "place": place,
        "kept": kept,
        "ward": ward,
        "unit": directory().unit_of_area(ward.code) if ward else None,
        "since": kept.before,
        "announced": advisories.shown(announced[:ANNOUNCED], at),
        "asked": advisories.consultations_open(area=code, at=at),
        "petitions": nearby.petitions_at(place.topic, since=kept.before, at=at),
        "at": at,
    }


def _place(kept: Kept, key: str) -> Place | None:
    """The one that the address names, else the first that is still there."""
    known = [place for place in kept.places if topics.exists(place.topic)]
    chosen = [place for place in known if place.key == key]
    return next(iter(chosen or known), None)


def _kept(request: Request) -> Kept:
    return read_kept(request.COOKIES.get(COOKIE, ""))


def _keep(response: HttpResponse, kept: Kept) -> None:
    if not kept.places:
        response.delete_cookie(COOKIE, samesite="Lax")
        return
    response.set_cookie(
        COOKIE, written(kept), max_age=_YEAR, httponly=True, samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip
