"""The page of one petition: for its sender, for anybody, live, on paper."""

import io
from datetime import datetime
from uuid import UUID

import segno
from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from thudo.accounts.gate import Request, gate
from thudo.base.clock import now
from thudo.base.errors import NotFound
from thudo.base.identifiers import is_public_number
from thudo.files.gate import send
from thudo.files.queries import copy_path
from thudo.petitions.forms import FindForm, FollowForm, SupplementForm
from thudo.petitions.models import Petition
from thudo.petitions.queries.follow import follower_of, following_of, voices_of
from thudo.petitions.queries.letters import letters_of
from thudo.petitions.queries.offices import office_for
from thudo.petitions.queries.organisations import guide_for
from thudo.petitions.queries.tracking import Tracking, photo_of, tracking_of
from thudo.petitions.rules import SATISFIED, VERDICTS
from thudo.petitions.views.opened import (
    follower_link,
    is_personal,
    link_of,
    open_with,
    petition_at,
)


@never_cache
@gate("page.public")
@require_safe
def show(request: Request, number: str) -> HttpResponse:
    """GET /petitions/<number>: what is public; everything for a browser that opened the link."""
    return page_of(request, petition_at(number))


@never_cache
@gate("page.public")
@require_safe
def secret(request: Request, number: str, secret: str) -> HttpResponse:
    """GET /petitions/<number>/<secret>: the sender's own page."""
    return page_of(request, open_with(request, number, secret))


@never_cache
@gate("page.public")
@require_safe
def live(request: Request, number: str) -> HttpResponse:
    """The part of the page that changes, for <live-region>."""
    return render(request, "petitions/_live.html", _page(request, petition_at(number)))


@never_cache
@gate("page.public")
@require_safe
def receipt(request: Request, number: str, secret: str) -> HttpResponse:
    """The receipt on one sheet of paper."""
    return render(
        request, "petitions/receipt.html", _page(request, open_with(request, number, secret))
    )


@gate("page.public")
@require_safe
def qr(_request: Request, number: str, secret: str) -> HttpResponse:
    """The secret link as a picture that a phone can read; an image of its own, so no inline code."""
    if not is_public_number(number):
        raise NotFound(_("There is no report with this number."))
    code = segno.make(f"{settings.PUBLIC_URL}/petitions/{number}/{secret}", error="m")
    drawn = io.BytesIO()
    code.save(drawn, kind="svg", border=2, omitsize=True, dark="#10201d", light="#ffffff")
    headers = {"Cache-Control": "private, max-age=3600"}
    return HttpResponse(drawn.getvalue(), content_type="image/svg+xml", headers=headers)


@never_cache
@gate("page.public")
@require_safe
def point(request: Request, number: str) -> HttpResponse:
    """The petition's mark on its map (GeoJSON): soft for a home that others may not see."""
    petition = petition_at(number)
    shown = tracking_of(petition, is_personal=is_personal(request, petition), at=now())
    return JsonResponse({"type": "FeatureCollection", "features": _features(shown)})


def _features(shown: Tracking) -> list[dict[str, object]]:
    if shown.point is None:
        return []
    mark = shown.matters[-1].promise.mark if shown.matters else "unknown"
    label = shown.place or shown.area
    return [
        {
            "type": "Feature",
            "geometry": {
                "type": "Point",
                "coordinates": [shown.point.longitude, shown.point.latitude],
            },
            "properties": {
                "id": shown.number,
                "state": mark,
                "label": label,
                "soft": shown.point.is_coarse,
            },
        }
    ]


@never_cache
@gate("page.public")
@require_safe
def find(request: Request) -> HttpResponse:
    """GET /petitions/find?number=: from ten digits to the page."""
    form = FindForm(request.GET if "number" in request.GET else None)
    if form.is_valid():
        number = form.cleaned_data["number"]
        if Petition.objects.filter(number=number).exists():
            return redirect("petition", number=number)
        form.add_error("number", _("There is no report with this number."))
    status = 422 if form.is_bound else 200
    return render(request, "petitions/find.html", {"form": form}, status=status)


@never_cache
@gate("page.public")
@require_safe
def attachment(request: Request, number: str, pk: UUID, size: str = "large") -> HttpResponseBase:
    """A file of the petition: for its sender at once, for anybody once it was published."""
    petition = petition_at(number)
    row = photo_of(petition, pk, is_personal=is_personal(request, petition))
    if row is None:
        raise NotFound(_("There is no such file."))
    return send(request, copy_path(row, size), row)


def page_of(
    request: Request,
    petition: Petition,
    *,
    form: SupplementForm | None = None,
    follow_form: FollowForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of a petition, with what was typed when something is wrong with it."""
    forms = {"form": form or SupplementForm(), "follow_form": follow_form or FollowForm()}
    response = render(
        request, "petitions/show.html", _page(request, petition) | forms, status=status
    )
    response["X-Robots-Tag"] = "noindex"
    return response


def _page(request: Request, petition: Petition) -> dict[str, object]:
    at, personal = now(), is_personal(request, petition)
    link = link_of(petition) if personal else ""
    fresh = "filed" in request.GET and (at - petition.filed_at).total_seconds() < _FRESH_SECONDS
    shown = tracking_of(petition, is_personal=personal, at=at)
    return {
        "petition": shown,
        "at": at,
        "link": link,
        "address": f"{settings.PUBLIC_URL}{link}" if link else "",
        "just_filed": personal and fresh,
        "just_added": personal and "added" in request.GET,
        "verdicts": VERDICTS,
        "best": SATISFIED,
        "hotline": settings.CITY.get("hotline"),
        "voices": voices_of(petition),
        "office": office_for(petition.service) if shown.is_shown and not shown.matters else None,
        "guide": guide_for(petition.service) if petition.handling == "refused" else None,
        "letters": letters_of(petition) if personal else [],
    } | _follower_page(request, petition, shown, at)


def _follower_page(
    request: Request, petition: Petition, shown: Tracking, at: datetime
) -> dict[str, object]:
    """What a follower finds on the page, and whether somebody else may become one."""
    follower = None if shown.is_personal else follower_of(request.actor, petition)
    if follower is None:
        is_open = any(matter.is_open for matter in shown.matters)
        return {"may_follow": shown.is_public and is_open and not shown.is_personal}
    link = follower_link(follower, petition.number)
    fresh = (at - follower.began_at).total_seconds() < _FRESH_SECONDS
    return {
        "following": following_of(follower, petition),
        "follow_link": link,
        "follow_address": f"{settings.PUBLIC_URL}{link}",
        "just_followed": fresh and "followed" in request.GET,
        "just_typed": fresh and "typed" in request.GET,
        "just_said": "said" in request.GET,
    }


# A bookmarked "?filed=1" must not forget a draft that was begun later.
_FRESH_SECONDS = 600
