"""The public map and what stands on it."""

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from thudo.accounts.gate import Request, gate
from thudo.base.clock import now
from thudo.base.errors import Invalid
from thudo.directory.queries import directory
from thudo.operations.queries import listing, pins, shown
from thudo.operations.queries.outlines import outlines
from thudo.operations.queries.pins import Box, Cluster, Pin
from thudo.operations.rules import Filters, filters_of

LIST = 20
# Lines that can be told on a light page and on a dark one.
_STILL = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"><path d="{paths}" '
    'fill="none" stroke="#73847f" stroke-width="1.5" stroke-linejoin="round"/></svg>'
)


@gate("page.public")
@require_safe
def map_page(request: Request) -> HttpResponse:
    """Map and list side by side; `?part=list&bbox=` answers the list of what the map shows."""
    filters = _filters(request)
    at = now()
    box = _box(request)
    rows = (
        [pin.row for pin in pins.pins(box, filters, at=at, limit=LIST)]
        if box
        else listing.latest(filters, at=at, limit=LIST, order="updated")
    )
    page = {"rows": shown.shown(rows), "filters": filters, "lists": directory()}
    if request.GET.get("part") == "list":
        return render(request, "operations/_map_list.html", page)
    return render(request, "operations/map.html", page | {"legend": _legend()})


@gate("page.public")
@require_safe
def petitions_geojson(request: Request) -> HttpResponse:
    """?bbox=west,south,east,north&zoom=: clusters when far, one mark per case when near."""
    box = _box(request)
    if box is None:
        sentence = _("Give the box as west,south,east,north in degrees.")
        raise Invalid(sentence, {"bbox": sentence})
    filters, at = _filters(request), now()
    if _zoom(request) >= pins.NEAR_ZOOM:
        features = [_pin(pin) for pin in pins.pins(box, filters, at=at)]
    else:
        features = [_cluster(one) for one in pins.clusters(box, _zoom(request), filters, at=at)]
    body = {"type": "FeatureCollection", "features": features}
    return JsonResponse(
        body, content_type="application/geo+json", json_dumps_params={"ensure_ascii": False}
    )


def _legend() -> list[tuple[str, str]]:
    return [
        ("ok", _("in hand")),
        ("soon", _("due soon")),
        ("late", _("late")),
        ("wait", _("waiting or answered")),
        ("done", _("resolved this week")),
    ]


@gate("page.public")
@require_safe
def still(request: Request) -> HttpResponse:  # noqa: ARG001
    """GET /map/still.svg: the outlines of the wards, where a map will stand once it is wanted."""
    drawn = outlines()
    picture = _STILL.format(
        width=drawn.width, height=drawn.height, paths="".join(drawn.paths.values())
    )
    return HttpResponse(
        picture, content_type="image/svg+xml", headers={"Cache-Control": "public, max-age=86400"}
    )


def _filters(request: Request) -> Filters:
    """As for the list; without a state the map shows what is open or ended this week."""
    given = {name: value for name, value in request.GET.items() if isinstance(value, str)}
    return filters_of({**given, "state": given.get("state") or "current"})


def _box(request: Request) -> Box | None:
    try:
        west, south, east, north = (float(part) for part in request.GET["bbox"].split(","))
    except (KeyError, ValueError):
        return None
    fits = -180 <= west < east <= 180 and -85 <= south < north <= 85
    # A box larger than any city is nobody's view of this one.
    return (west, south, east, north) if fits and (east - west) * (north - south) <= 9 else None


def _zoom(request: Request) -> float:
    try:
        return float(request.GET.get("zoom", "0"))
    except ValueError:
        return 0.0


def _pin(pin: Pin) -> dict[str, Any]:
    properties = {
        "id": pin.row.number,
        "state": pin.row.shape,
        "label": shown.label_of(pin.row),
        "href": f"/petitions/{pin.row.number}",
        "soft": pin.soft,
    }
    return _feature(pin.longitude, pin.latitude, properties)


def _cluster(one: Cluster) -> dict[str, Any]:
    label = ngettext("%(n)s case here", "%(n)s cases here", one.count) % {"n": one.count}
    properties = {"id": one.cell, "count": one.count, "shares": one.shares, "label": label}
    return _feature(one.longitude, one.latitude, properties)


def _feature(longitude: float, latitude: float, properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [longitude, latitude]},
        "properties": properties,
    }
