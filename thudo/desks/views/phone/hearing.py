"""What the call seems to be about, for the island <service-suggest>."""

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from thudo.accounts.gate import Request, gate
from thudo.advisories.queries import sentence
from thudo.base import phrases
from thudo.base.clock import now
from thudo.desks.queries.hearing import Heard, heard


@gate("desk.phone")
@never_cache
@require_POST
def suggestions(request: Request) -> HttpResponse:
    """POST /phone/suggestions: the kind of matter, who would own it, what runs and who else
    reported it: also what is not public, with the way to its case."""
    given = {name: request.POST.get(name, "") for name in ("text", "place", "service")}
    point = _point(request.POST.get("lon", ""), request.POST.get("lat", ""))
    found = heard(
        given["text"], given["place"], point, given["service"], actor=request.actor, at=now()
    )
    return JsonResponse(_as_json(found))


def _as_json(found: Heard) -> dict[str, Any]:
    told, owner = found.told, found.told.owner
    chosen = {"code": told.service, "name": told.name, "words": told.words}
    return {
        "service": chosen if told.service else None,
        "alternatives": [{"code": code, "name": name} for code, name in told.alternatives],
        "danger": told.danger,
        "notice": told.notice,
        "owner": {"unit": owner.unit, "post": owner.post,
                  "line": phrases.promise(owner.promised_at, now())} if owner else None,
        "place": _pin(found),
        "similar": [*_running(found), *_alike(found)],
    }  # fmt: skip


def _pin(found: Heard) -> dict[str, Any] | None:
    place = found.told.place
    if place is None:
        return None
    label = f"{place.label}, {place.area_name}"
    offer = _("Use this place: %(place)s") % {"place": label}
    return {"label": label, "lon": place.longitude, "lat": place.latitude, "offer": offer}


def _running(found: Heard) -> list[dict[str, str]]:
    at = now()
    return [
        {"href": f"#incident-{one.advisory.pk}", "place": _("Running now: count the caller there"),
         "kind": sentence(one.advisory, at)}
        for one in found.running
    ]  # fmt: skip


def _alike(found: Heard) -> list[dict[str, str]]:
    return [
        {"href": f"/cases/{row.case.pk}", "place": row.place,
         "kind": _("%(service)s, %(state)s, %(metres)s m away")
         % {"service": row.service, "state": row.word, "metres": away}}
        for row, away in found.alike
    ]  # fmt: skip


def _point(lon: str, lat: str) -> tuple[float, float] | None:
    try:
        point = (float(lon), float(lat))
    except ValueError:
        return None
    return point if abs(point[0]) <= 180 and abs(point[1]) <= 90 else None
