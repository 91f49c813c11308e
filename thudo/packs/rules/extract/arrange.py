"""Puts what an extract holds into the city: cut at its boundary, joined, and told by ward."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely

from thudo.base.folding import clean, fold
from thudo.directory.rules import PlaceRow, Shape, ShapeRow, plain, shape_rows
from thudo.packs.rules.extract.reading import Found, Line, Spot

SOURCE = "OpenStreetMap"


@dataclass(frozen=True)
class City:
    """What of the pack decides: areas (polygon and name by code), weights of the kinds of place,
    words that only say what kind of street it is, and the streets that the pack knows itself."""

    polygons: Mapping[str, Any]
    names: Mapping[str, str]
    weights: Mapping[str, int]
    generic: Collection[str]
    streets: Collection[tuple[str, str]]


@dataclass
class Extract:
    """Rows to write."""

    shapes: list[ShapeRow] = field(default_factory=list)
    places: list[PlaceRow] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        """How many of each."""
        layers = [row.layer for row in self.shapes]
        kinds = [row.kind for row in self.places]
        streets, addresses = kinds.count("street"), kinds.count("address")
        return {
            "roads": layers.count("roads"),
            "water": layers.count("water"),
            "streets": streets,
            "addresses": addresses,
            "places": len(kinds) - streets - addresses,
        }


def core(name: str, generic: Collection[str]) -> str:
    """What tells a street from others: its name without the words for its kind, lower case."""
    return " ".join(word for word in clean(name).lower().split() if fold(word) not in generic)


def arrange(found: Found, city: City) -> Extract:
    """The rows of what lies in the city."""
    boundary = shapely.union_all(list(city.polygons.values()))
    shapely.prepare(boundary)
    roads = _joined(_cut(found.roads, boundary))
    water = _joined(_cut(found.water, boundary))
    shapes = [Shape("roads", *road) for road in roads] + [Shape("water", *sheet) for sheet in water]
    extract = Extract(shapes=list(shape_rows(shapes)))
    extract.places += _places([*_streets(roads, city), *found.spots], city)
    return extract


def _cut(lines: list[Line], boundary: Any) -> list[Line]:
    """Nothing beyond the city."""
    if not lines:
        return []
    shapes = _array(lines)
    outside = ~shapely.contains_properly(boundary, shapes)
    shapes[outside] = shapely.intersection(shapely.make_valid(shapes[outside]), boundary)
    return [
        line._replace(geometry=part)
        for line, shape in zip(lines, shapes, strict=True)
        for part in _parts(shape)
    ]


def _array(lines: list[Line]) -> Any:
    """The geometries, of object type also when there are none."""
    return np.array([line.geometry for line in lines], dtype=object)


def _parts(shape: Any) -> Iterator[Any]:
    for part in shapely.get_parts(shape):
        if isinstance(part, shapely.MultiPolygon | shapely.MultiLineString):
            yield from part.geoms
        elif isinstance(part, shapely.Polygon | shapely.LineString) and not part.is_empty:
            yield part


def _joined(lines: list[Line]) -> list[Line]:
    """Ways of one class and name, split at every bridge and crossing, as one line again."""
    groups: dict[tuple[str, str, bool], list[Any]] = defaultdict(list)
    for line in lines:
        groups[line.kind, line.name, line.geometry.area > 0].append(line.geometry)
    found: list[Line] = []
    for (kind, name, is_sheet), shapes in groups.items():
        if not is_sheet:
            shapes = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(shapes)))
        found += [Line(kind, name, shape) for shape in shapes]
    return found


def _streets(roads: list[Line], city: City) -> Iterator[Spot]:
    """Each named street with a point of its own in every ward that it runs through."""
    if "street" not in city.weights:
        return
    named = [road for road in roads if any(map(str.isalpha, core(road.name, city.generic)))]
    codes = list(city.polygons)
    tree = shapely.STRtree(list(city.polygons.values()))
    lines, wards = tree.query(_array(named), predicate="intersects")
    longest: dict[tuple[str, str], tuple[float, str, Any]] = {}
    for line, ward in zip(lines.tolist(), wards.tolist(), strict=True):
        road = named[line]
        key = codes[ward], core(road.name, city.generic)
        if key in city.streets:
            continue
        for part in _parts(shapely.intersection(road.geometry, city.polygons[codes[ward]])):
            if part.length > longest.get(key, (0.0, "", None))[0]:
                longest[key] = (part.length, road.name, part)
    for (area, word), (_length, name, part) in longest.items():
        point = part.interpolate(0.5, normalized=True)
        yield Spot(f"street:{area}:{word}", "street", name, "", point.x, point.y)


def _places(spots: list[Spot], city: City) -> Iterator[PlaceRow]:
    """The first of each code, with the ward it lies in."""
    spots = [spot for spot in spots if spot.kind in city.weights]
    codes = list(city.polygons)
    tree = shapely.STRtree(list(city.polygons.values()))
    points = np.array([shapely.Point(spot.longitude, spot.latitude) for spot in spots], object)
    home = {int(point): codes[area] for point, area in tree.query(points, predicate="within").T}
    seen: set[str] = set()
    for number, spot in enumerate(spots):
        ward = home.get(number)
        if ward is None:
            continue
        code = spot.code or f"address:{ward}:{spot.name}"
        if code not in seen:
            seen.add(code)
            yield _place(code, spot, ward, city)


def _place(code: str, spot: Spot, ward: str, city: City) -> PlaceRow:
    return PlaceRow(
        code=code,
        kind=spot.kind,
        name=spot.name,
        detail=spot.detail,
        folded=plain(f"{spot.name} {spot.detail} {city.names[ward]}"),
        area_id=ward,
        longitude=round(spot.longitude, 6),
        latitude=round(spot.latitude, 6),
        weight=city.weights[spot.kind],
        source=SOURCE,
    )
