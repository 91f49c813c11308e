"""Atom, iCalendar and GeoJSON of advisories."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from shapely.geometry import mapping

from thudo.accounts.gate import Request, gate
from thudo.advisories import queries
from thudo.advisories.models import Advisory
from thudo.advisories.queries import Shown, shown
from thudo.advisories.queries.listing import latest
from thudo.advisories.views.filters import filters_of
from thudo.base import ical
from thudo.base.clock import now
from thudo.base.context import city_name
from thudo.base.errors import NotFound
from thudo.directory.queries import Area, directory, say

# What names no end is written into a calendar as so long.
_UNKNOWN_END = timedelta(hours=1)


@gate("page.public")
@require_safe
def atom(request: Request, code: str = "") -> HttpResponse:  # noqa: ARG001
    """The last ones told or revised, of the city or of one ward."""
    area, at = _area(code), now()
    path = f"/feeds/areas/{code}/advisories.atom" if area else "/feeds/advisories.atom"
    city = city_name(get_language() or "")
    feed = Atom1Feed(
        title=_("Announced in %(place)s") % {"place": say(area.full_name) if area else city},
        link=f"{settings.PUBLIC_URL}/advisories/" + (f"?area={code}" if area else ""),
        description="", language=get_language(), author_name=city,
        feed_url=settings.PUBLIC_URL + path, feed_guid=settings.PUBLIC_URL + path,
        subtitle=_("Works, cuts, incidents and warnings, each with its source and its hour."),
    )  # fmt: skip
    for one in shown(latest(area=code, at=at), at):
        _add(feed, one)
    text = feed.writeString("utf-8")
    return HttpResponse(text, content_type="application/atom+xml; charset=utf-8")


@gate("page.public")
@require_safe
def one_ics(request: Request, pk: int) -> HttpResponse:  # noqa: ARG001
    """One advisory for a calendar; a later version takes its place there (UID, SEQUENCE)."""
    return _calendar([queries.one(pk)], now(), f"advisory-{pk}.ics")


@gate("page.public")
@require_safe
def calendar_ics(request: Request) -> HttpResponse:
    """What runs or is planned, to subscribe to; `area` and `about` as for the list."""
    at, filters = now(), filters_of(request)
    rows = queries.listed(at=at, area=filters.area, about=filters.about)
    return _calendar(rows, at, "advisories.ics")


@gate("page.public")
@require_safe
def map_geojson(request: Request) -> JsonResponse:
    """Marks for the map: at an advisory's ground, else at its ward, where several share one."""
    at, filters = now(), filters_of(request)
    rows = queries.listed(at=at, area=filters.area, about=filters.about, day=filters.day)
    marks: dict[tuple[float, float], list[Shown]] = {}
    for one in shown(rows, at):
        for point in _points(one.row):
            marks.setdefault(point, []).append(one)
    return _collection([_mark(point, some) for point, some in marks.items()])


@gate("page.public")
@require_safe
def ground(request: Request, pk: int) -> JsonResponse:  # noqa: ARG001
    """The ground of one advisory: a polygon, or the polygons of its wards."""
    row = queries.one(pk)
    if row.geometry:
        shapes = [queries.shape_of(row.geometry, row.radius)]
    else:
        known = directory().shapes()
        shapes = [known[code] for code in row.areas if code in known]
    features = [{"type": "Feature", "properties": {}, "geometry": mapping(one)} for one in shapes]
    return _collection(features)


def _add(feed: Atom1Feed, one: Shown) -> None:
    told = [f"{one.word}: {one.when}.", one.place + ".", say(one.row.text)]
    feed.add_item(
        title=f"{one.kind}: {say(one.row.title)}",
        link=settings.PUBLIC_URL + one.href,
        description=" ".join(part for part in told if part.strip(".")),
        unique_id=f"{settings.PUBLIC_URL}{one.href}",
        pubdate=one.row.published_at,
        updateddate=one.row.revised_at,
        categories=[one.row.kind, one.row.about],
    )


def _calendar(rows: list[Advisory], at: datetime, name: str) -> HttpResponse:
    city = city_name(get_language() or "")
    events = [_event(one) for one in shown(rows, at)]
    text = ical.calendar_file(
        events, product=f"-//thudo//{city}//", name=_("What the city announces")
    )
    return HttpResponse(
        text, content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )  # fmt: skip


def _event(one: Shown) -> ical.Event:
    row = one.row
    source = _("Source: %(source)s") % {"source": row.source_name}
    return ical.Event(
        uid=f"advisory-{row.pk}@{settings.PUBLIC_URL.partition('://')[2]}",
        starts_at=row.begins_at,
        ends_at=row.ended_at or row.ends_at or row.begins_at + _UNKNOWN_END,
        stamped_at=row.revised_at, sequence=row.version - 1, summary=say(row.title),
        place=one.place, words="\n".join(filter(None, (say(row.text), say(row.instruction), source))),
        address=settings.PUBLIC_URL + one.href, is_cancelled=row.withdrawn_at is not None,
        is_busy=False,
    )  # fmt: skip


def _points(row: Advisory) -> list[tuple[float, float]]:
    if row.geometry:
        middle = queries.shape_of(row.geometry, row.radius).centroid
        return [(round(middle.x, 6), round(middle.y, 6))]
    wards = [directory().areas[code] for code in row.areas if code in directory().areas]
    return [
        (ward.longitude, ward.latitude)
        for ward in wards
        # What concerns the whole city stands in the list; a mark at its middle would mislead.
        if ward.parent and ward.longitude is not None and ward.latitude is not None
    ]


def _mark(point: tuple[float, float], some: list[Shown]) -> dict[str, Any]:
    if len(some) == 1:
        one = some[0]
        properties = {
            "id": f"{one.row.pk}@{point[0]},{point[1]}", "state": one.shape,
            "label": f"{say(one.row.title)}, {one.place}", "href": one.href, "soft": False,
        }  # fmt: skip
    else:
        shares: dict[str, int] = {}
        for one in some:
            shares[one.shape] = shares.get(one.shape, 0) + 1
        words = ngettext("%(n)s advisory here", "%(n)s advisories here", len(some))
        properties = {
            "id": f"{point[0]},{point[1]}", "count": len(some), "shares": shares,
            "label": words % {"n": len(some)},
        }  # fmt: skip
    geometry = {"type": "Point", "coordinates": list(point)}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def _collection(features: list[dict[str, Any]]) -> JsonResponse:
    return JsonResponse(
        {"type": "FeatureCollection", "features": features},
        content_type="application/geo+json",
        json_dumps_params={"ensure_ascii": False},
    )


def _area(code: str) -> Area | None:
    area = directory().areas.get(code) if code else None
    if code and (area is None or area.valid_to is not None):
        raise NotFound(_("There is no ward or commune with this code."))
    return area
