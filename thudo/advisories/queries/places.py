"""The ground an advisory covers, and the areas that this ground touches."""

from collections.abc import Mapping
from math import cos, radians
from typing import Any

import shapely
from shapely.affinity import scale
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from thudo.directory.queries import directory

METRES_PER_DEGREE = 111_320.0


def shape_of(geometry: Mapping[str, Any], radius: int | None) -> BaseGeometry:
    """The ground in degrees: a GeoJSON geometry, widened by so many metres.

    Raises ValueError for what is no geometry.
    """
    try:
        ground = shape(dict(geometry))
    except (AttributeError, IndexError, KeyError, TypeError, shapely.errors.ShapelyError) as bad:
        raise ValueError("no GeoJSON geometry") from bad
    if ground.is_empty or not ground.is_valid:
        raise ValueError("an empty or broken geometry")
    return _widened(ground, radius) if radius else ground


def holds(ground: BaseGeometry, point: tuple[float, float]) -> bool:
    """Whether the ground holds a point (lon, lat)."""
    return bool(ground.intersects(shapely.Point(point)))


def areas_touched(ground: BaseGeometry) -> tuple[str, ...]:
    """Codes of the present areas that the ground touches, in the order of their codes."""
    shapes = directory().shapes()
    return tuple(code for code, area in sorted(shapes.items()) if area.intersects(ground))


def chain_of(area: str) -> frozenset[str]:
    """The codes under which an area may be announced: its own, those around it, the city's."""
    lists = directory()
    around = lists.area_chain(area) if area in lists.areas else []
    return frozenset([*around, area, str(lists.city["city_area"])])


def _widened(ground: BaseGeometry, radius: int) -> BaseGeometry:
    """A degree of longitude is shorter than one of latitude: widened on a plane, then put back."""
    middle = ground.centroid
    narrow = max(cos(radians(middle.y)), 0.01)
    plane = scale(ground, narrow, 1, origin=middle)
    return scale(plane.buffer(radius / METRES_PER_DEGREE), 1 / narrow, 1, origin=middle)
