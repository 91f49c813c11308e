"""Places and shapes as rows, and from which zoom on a map shows them."""

import math
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
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


class Shape(NamedTuple):
    """A line or polygon as shapely holds it."""

    layer: str
    kind: str
    name: str
    geometry: Any


def shape_rows(shapes: Sequence[Shape]) -> Iterator[ShapeRow]:
    """Their rows, reckoned all at once."""
    geometries = np.array([shape.geometry for shape in shapes], dtype=object)
    bounds = shapely.bounds(geometries).tolist()
    sizes = shapely.area(geometries).tolist()
    bodies = shapely.to_wkb(geometries)
    for (layer, kind, name, _), box, size, body in zip(shapes, bounds, sizes, bodies, strict=True):
        west, south, east, north = box
        zoom = road_zoom(kind) if layer == "roads" else water_zoom(kind, size)
        yield ShapeRow(layer, kind, name, zoom, west, south, east, north, body)


def road_zoom(kind: str) -> int:
    """From which zoom on a class of road is shown."""
    return _ROADS.get(kind, 12)


def water_zoom(kind: str, square_degrees: float) -> int:
    """From which zoom on water is shown: lines by their kind, sheets when they are no speck."""
    if not square_degrees:
        return _STREAMS.get(kind, 9)
    pixels = math.sqrt(square_degrees) * TILE / 360
    return min(DEEPEST, max(9, math.ceil(math.log2(_SPECK / pixels))))
