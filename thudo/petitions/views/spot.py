"""Answered on the spot: what is announced, shown before a report is sent; and what came of it."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from thudo.accounts.gate import Request, gate
from thudo.advisories.actions import count_answer
from thudo.advisories.models import Advisory
from thudo.advisories.queries import consultations_open, shown
from thudo.advisories.rules import ENOUGH
from thudo.base.clock import now
from thudo.directory.queries import directory
from thudo.files.gate import draft_key
from thudo.petitions.queries.spot import on_the_spot, told_of


@never_cache
@gate("petition.file")
@require_POST
def announcements(request: Request) -> HttpResponse:
    """The answer as the filing page shows it, for the island <spot-answer>; empty for none."""
    given = request.POST
    spot = on_the_spot(
        given.get("text", ""), service=given.get("service_other") or given.get("service", ""),
        point=point_of(given.get("lon", ""), given.get("lat", "")), place=given.get("place", ""),
        at=now(),
    )  # fmt: skip
    return render(request, "petitions/_spot.html", {"spot": spot})


@never_cache
@gate("petition.file")
@require_POST
def spot_answers(request: Request) -> HttpResponse:
    """ "That is enough": counted, and no petition is made."""
    told = told_of(request.POST.get("told", ""))
    count(request, ENOUGH)
    query = [("area", told.area)] if told else []
    query += [("advisory", str(pk)) for pk in told.advisories] if told else []
    return HttpResponseRedirect("/petitions/answered?" + urlencode(query))


@gate("page.public")
@require_safe
def answered(request: Request) -> HttpResponse:
    """Thanks, what was announced once more, and how to follow the place."""
    at = now()
    pks = [int(text) for text in request.GET.getlist("advisory")[:3] if text.isdecimal()]
    area = directory().areas.get(request.GET.get("area", ""))
    rows = Advisory.objects.filter(pk__in=[pk for pk in pks if pk < 2**63]).order_by("pk")
    page = {
        "rows": shown(rows, at),
        "area": area,
        "asked": consultations_open(area=area.code, at=at)[:2] if area else [],
    }
    return render(request, "petitions/answered.html", page)


def count(request: Request, choice: str) -> None:
    """Count what came of an answer: by form, once, its last word; nothing for what was not shown."""
    told = told_of(request.POST.get("told", ""))
    browser, form = draft_key(request), request.POST.get("idempotency_key", "")
    if told is None or not browser or not form:
        return
    count_answer(
        f"{browser}:{form[:200]}", choice=choice, service=told.service, area=told.area,
        advisories=told.advisories, told_petition=told.has_petition, actor=request.actor, at=now(),
    )  # fmt: skip


def point_of(longitude: str, latitude: str) -> tuple[float, float] | None:
    """A point out of two fields, None for what is none."""
    try:
        point = float(longitude), float(latitude)
    except ValueError:
        return None
    return point if -180 <= point[0] <= 180 and -90 <= point[1] <= 90 else None
