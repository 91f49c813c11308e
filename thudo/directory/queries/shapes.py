"""Roads and water by where they lie: tiles of the map, and the roads around a point."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import shapely
from django.db import connection

from thudo.directory.queries.snapshot import directory
from thudo.directory.rules import DEEPEST
from thudo.directory.rules.tiles import Box, box_of, tile

METRES_PER_DEGREE = 111_320.0
# The same expression as the index on the table.
_MEETS = "box(point(east, north), point(west, south)) && box(point(%s, %s), point(%s, %s))"
_IN_TILE = f"""
SELECT layer, kind, name, geometry, is_imported FROM directory_map_shape
WHERE {_MEETS} AND min_zoom <= %s ORDER BY id
"""  # noqa: S608
_NEAR = f"""
SELECT kind, name, geometry, is_imported FROM directory_map_shape
WHERE {_MEETS} AND layer = 'roads'
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Road:
    """A road close to a point."""

    kind: str
    name: str
    metres: float
    is_imported: bool


def map_tile(z: int, x: int, y: int) -> bytes:
    """Roads and water of a tile. Where an extract shows anything, the pack's own is left out.

    Water that only orients (city.toml: water_max_zoom) is not drawn closer in, where it would lie.
    """
    rough = z > directory().city.get("map", {}).get("water_max_zoom", DEEPEST)
    west, south, east, north = box_of(z, x, y)
    with connection.cursor() as cursor:
        cursor.execute(_IN_TILE, [east, north, west, south, z])
        rows = _preferred(cursor.fetchall())
    shown = [
        (layer, kind, name, bytes(body))
        for layer, kind, name, body, is_imported in rows
        if is_imported or layer != "water" or not rough
    ]
    return tile(z, x, y, shown)


def roads_near(longitude: float, latitude: float, metres: float) -> list[Road]:
    """The roads within so many metres, the nearest first."""
    west, south, east, north = around(longitude, latitude, metres)
    with connection.cursor() as cursor:
        cursor.execute(_NEAR, [east, north, west, south])
        rows = _preferred(cursor.fetchall())
    if not rows:
        return []
    scale = math.cos(math.radians(latitude))
    lines = shapely.from_wkb([bytes(row[2]) for row in rows])
    # A flat piece of the earth around the point, in metres.
    lines = shapely.transform(
        lines, lambda at: (at - (longitude, latitude)) * METRES_PER_DEGREE * (scale, 1)
    )
    far = shapely.distance(lines, shapely.Point(0, 0))
    found = [
        Road(kind, name, float(distance), is_imported)
        for (kind, name, _body, is_imported), distance in zip(rows, far, strict=True)
        if distance <= metres
    ]
    return sorted(found, key=lambda road: road.metres)


def around(longitude: float, latitude: float, metres: float) -> Box:
    """West, south, east, north of the square around a point."""
    high = metres / METRES_PER_DEGREE
    wide = high / max(math.cos(math.radians(latitude)), 0.01)
    return (longitude - wide, latitude - high, longitude + wide, latitude + high)


def _preferred(rows: Sequence[tuple[Any, ...]]) -> Sequence[tuple[Any, ...]]:
    imported = [row for row in rows if row[-1]]
    return imported or rows
