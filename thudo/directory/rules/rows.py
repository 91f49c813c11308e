"""Places and shapes as rows, and from which zoom on a map shows them."""

import math
from typing import Any, NamedTuple

import shapely

# Pixels of a tile of vectors, as the browser's map reckons.
TILE = 512
# Smaller than this (in pixels) a sheet of water is a speck.
_SPECK = 3
_ROADS = {
    "motorway": 9, "trunk": 9, "primary": 10, "secondary": 11, "tertiary": 12, "street": 13,
    "service": 14, "path": 14,
}  # fmt: skip
_STREAMS = {"river": 9, "canal": 11, "stream": 13, "drain": 14, "ditch": 14}
DEEPEST = 14


class PlaceRow(NamedTuple):
    """A place as the table holds it; degrees, EPSG:4326."""

    code: str
    kind: str
    name: str
    detail: str
    folded: str
    area_id: str | None
    longitude: float | None
    latitude: float | None
    weight: int
    source: str


class ShapeRow(NamedTuple):
    """A line or polygon as the table holds it; the geometry is WKB in degrees."""

    layer: str
    kind: str
    name: str
    min_zoom: int
    west: float
    south: float
    east: float
    north: float
    geometry: bytes


def shape_row(layer: str, kind: str, name: str, min_zoom: int, geometry: Any) -> ShapeRow:
    """The row of a shapely geometry."""
    west, south, east, north = map(float, shapely.bounds(geometry))
    body = bytes(shapely.to_wkb(geometry))
    return ShapeRow(layer, kind, name, min_zoom, west, south, east, north, body)


def road_zoom(kind: str) -> int:
    """From which zoom on a class of road is shown."""
    return _ROADS.get(kind, 12)


def water_zoom(kind: str, square_degrees: float) -> int:
    """From which zoom on water is shown: lines by their kind, sheets when they are no speck."""
    if not square_degrees:
        return _STREAMS.get(kind, 9)
    pixels = math.sqrt(square_degrees) * TILE / 360
    return min(DEEPEST, max(9, math.ceil(math.log2(_SPECK / pixels))))
