"""Doors to the directory: search of places, and the layers of the local base map. All are public."""

import gzip
import hashlib
import math
from collections import OrderedDict
from dataclasses import asdict
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from thudo.base.errors import Invalid, NotFound
from thudo.base.marks import public
from thudo.directory import queries
from thudo.directory.rules import DEEPEST

Packed = tuple[bytes, str]
MOST_FOUND = 20
_YEAR = 31_536_000
# Compressed answers by (pack version, layer): three layers, each the size of a photograph.
_kept: OrderedDict[tuple[int, str], Packed] = OrderedDict()
# Tiles of roads and water by (pack version, import, z, x, y): some 20 kB each.
_tiles: OrderedDict[tuple[int, ...], Packed] = OrderedDict()
MOST_TILES = 400
# From this zoom on, places that weigh at least so much are shown: (zoom, weight).
_WEIGHTS = ((17, 0), (16, 30), (15, 44), (14, 60), (13, 66), (12, 75))


@public
@require_safe
def places(request: HttpRequest) -> HttpResponse:
    """GET /places?q=&lon=&lat=&limit=: candidates for what was typed, the best first.

    Without q: words for the point, the nearest house number, street or place, else its ward.
    """
    point = _numbers(request, "lon", "lat")
    near = (point[0], point[1]) if len(point) == 2 else None
    limit = request.GET.get("limit", "")
    most = min(int(limit), MOST_FOUND) if limit.isdecimal() and limit.isascii() else 8
    if near and "q" not in request.GET:
        found = queries.places_at(*near, most)
    else:
        found = queries.find_places(request.GET.get("q", ""), near, most)
    rows = [_place(candidate) for candidate in found]
    # Where somebody stands is nobody else's: no shared cache keeps it.
    return _json({"places": rows}, "private, max-age=60" if near else "public, max-age=60")


def _place(found: queries.Found) -> dict[str, Any]:
    row = asdict(found)
    return {
        "label": row["label"],
        "detail": row["detail"],
        "lon": row["longitude"],
        "lat": row["latitude"],
        "area": row["area"],
        "area_name": row["area_name"],
        "areas": row["areas"],
        "kind": row["kind"],
    }


@public
@require_safe
def layer(request: HttpRequest, code: str) -> HttpResponse:
    """GET /map/<areas|roads|water>.geojson, compressed; ?v=<version> makes it immutable."""
    version = queries.directory().version_id
    fixed = request.GET.get("v") == str(version)
    cache = f"public, max-age={_YEAR}, immutable" if fixed else "public, max-age=3600"
    return _packed(request, _layer(version, code), "application/geo+json", cache)


def _layer(version: int, code: str) -> Packed:
    key = (version, code)
    if key not in _kept:
        text = queries.map_layer(code)
        if text is None:
            raise NotFound(_("The map has no such layer."))
        _kept[key] = _pack(text.encode(), 6)
        while len(_kept) > 6:
            _kept.popitem(last=False)
    return _kept[key]


@public
@require_safe
def tile(request: HttpRequest, z: int, x: int, y: int) -> HttpResponse:
    """GET /map/tiles/<z>/<x>/<y>.mvt: roads and water of a tile (Mapbox Vector Tile), compressed."""
    if z > DEEPEST or max(x, y) >= 2**z:
        raise NotFound(_("The map has no such tile."))
    kind = "application/vnd.mapbox-vector-tile"
    return _packed(request, _tile(z, x, y), kind, "public, max-age=3600")


def _tile(z: int, x: int, y: int) -> Packed:
    lists = queries.directory()
    key = (lists.version_id, lists.import_id, z, x, y)
    if key not in _tiles:
        _tiles[key] = _pack(queries.map_tile(z, x, y), 5)
        while len(_tiles) > MOST_TILES:
            _tiles.popitem(last=False)
    return _tiles[key]


def _pack(body: bytes, level: int) -> Packed:
    """Compressed once, with its tag."""
    return gzip.compress(body, level, mtime=0), f'"{hashlib.sha256(body).hexdigest()[:20]}"'


def _packed(request: HttpRequest, kept: Packed, kind: str, cache: str) -> HttpResponse:
    """What was compressed before, or 304 when the reader has it already."""
    body, tag = kept
    if request.headers.get("If-None-Match") == tag:
        response = HttpResponse(status=304)
    else:
        packed = "gzip" in request.headers.get("Accept-Encoding", "")
        response = HttpResponse(body if packed else gzip.decompress(body), content_type=kind)
        if packed:
            response["Content-Encoding"] = "gzip"
    response["ETag"] = tag
    response["Cache-Control"] = cache
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


@public
@require_safe
def map_places(request: HttpRequest) -> HttpResponse:
    """GET /map/places.geojson?bbox=west,south,east,north&zoom=: the weightier the farther away."""
    box = _numbers(request, "bbox")
    zoom = _numbers(request, "zoom")
    if len(box) != 4 or len(zoom) != 1:
        raise Invalid(_("Give bbox=west,south,east,north in degrees, and zoom."))
    weight = next((least for step, least in _WEIGHTS if zoom[0] >= step), 101)
    spots = queries.places_in((box[0], box[1], box[2], box[3]), weight)
    features = [
        {
            "type": "Feature",
            "properties": {"kind": spot.kind, "name": spot.name, "weight": spot.weight},
            "geometry": {"type": "Point", "coordinates": [spot.longitude, spot.latitude]},
        }
        for spot in spots
    ]
    return _json({"type": "FeatureCollection", "features": features}, "public, max-age=86400")


def _numbers(request: HttpRequest, *names: str) -> list[float]:
    """The numbers in these parameters, each a number or several with commas; [] if one is none."""
    text = ",".join(request.GET.get(name, "") for name in names)
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        return []
    return numbers if all(map(math.isfinite, numbers)) else []


def _json(value: object, cache: str) -> HttpResponse:
    response = HttpResponse(msgspec.json.encode(value), content_type="application/json")
    response["Cache-Control"] = cache
    # Names come in the reader's language.
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    return response
