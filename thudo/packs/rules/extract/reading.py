"""Reads an .osm.pbf: what lies in the city's box and bears one of the wanted tags.

Memory is bounded by the city, not by the file: positions of nodes lie in a temporary file (16
bytes a node), and what is outside the box is dropped in batches.
"""

import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import osmium
import osmium.filter
import shapely
from osmium.osm.types import Area, Node, TagList, Way

from thudo.base.folding import clean

_BATCH = 20_000
_SAY_SECONDS = 2.0
_LONGEST = 200
# Degrees around the box within which a way is looked at closer.
_NEAR = 0.25
# OpenStreetMap's classes of way as the map's own; what is not here is not drawn.
ROADS = {
    "motorway": "motorway", "trunk": "trunk", "primary": "primary", "secondary": "secondary",
    "tertiary": "tertiary", "residential": "street", "living_street": "street",
    "unclassified": "street", "road": "street", "service": "service", "pedestrian": "path",
    "track": "path", "path": "path", "footway": "path", "cycleway": "path", "bridleway": "path",
}  # fmt: skip
STREAMS = frozenset({"river", "canal", "stream", "drain", "ditch"})
SHEETS = (
    ("natural", "water"), ("waterway", "riverbank"), ("landuse", "reservoir"), ("landuse", "basin"),
)  # fmt: skip
Box = tuple[float, float, float, float]
Say = Callable[[str], None]


class NoExtract(Exception):
    """The file is not an OpenStreetMap extract that can be read; its words say why."""


class Line(NamedTuple):
    """A road (or stretch of water) as it was drawn; shapely, degrees."""

    kind: str
    name: str
    geometry: Any


class Spot(NamedTuple):
    """A named thing or a house number with its point in degrees. `kind`: the pack's."""

    code: str
    kind: str
    name: str
    detail: str
    longitude: float
    latitude: float


@dataclass
class Found:
    """Everything wanted in the box."""

    roads: list[Line] = field(default_factory=list)
    water: list[Line] = field(default_factory=list)
    spots: list[Spot] = field(default_factory=list)


def read(path: Path, box: Box, kinds: Mapping[str, str], language: str, say: Say) -> Found:
    """`kinds`: the pack's kind of place by tag ("amenity=hospital"). Raises NoExtract."""
    reader = _Reader(box, kinds, language, say)
    keys = {"highway", "waterway", "natural", "landuse", "addr:housenumber"}
    wanted = osmium.filter.KeyFilter(*sorted(keys | {tag.partition("=")[0] for tag in kinds}))
    with tempfile.TemporaryDirectory(prefix="thudo-map-") as folder:
        objects = (
            osmium.FileProcessor(path)
            .with_locations(f"sparse_file_array,{folder}/nodes")
            .with_areas(wanted)
            .with_filter(wanted)
        )
        try:
            for thing in objects:
                reader.take(thing)
        except RuntimeError as fault:
            raise NoExtract(str(fault)) from fault
    reader.sift()
    return reader.found


class _Reader:
    def __init__(self, box: Box, kinds: Mapping[str, str], language: str, say: Say) -> None:
        self.box, self.say = box, say
        self.kinds = [(*tag.split("=", 1), kind) for tag, kind in kinds.items()]
        self.names = (f"name:{language}", "name")
        self.found = Found()
        self.wkb = osmium.geom.WKBFactory()
        # What the batch holds: (where it goes, kind, name, WKB as hex).
        self.batch: list[tuple[list[Line], str, str, str]] = []
        self.seen, self.told = 0, time.monotonic()

    def take(self, thing: Any) -> None:
        self.seen += 1
        if thing.is_node():
            self._node(thing)
        elif thing.is_way():
            self._way(thing)
        elif thing.is_area():
            self._area(thing)
        if len(self.batch) >= _BATCH:
            self.sift()
        if self.seen % 1000 == 0 and time.monotonic() - self.told > _SAY_SECONDS:
            self.told = time.monotonic()
            self.say(self._progress())

    def _progress(self) -> str:
        found = self.found
        return (
            f"{self.seen:,} objects read: {len(found.roads):,} roads, {len(found.water):,} waters, "
            f"{len(found.spots):,} places in the city's box"
        )

    def sift(self) -> None:
        """Keep of the batch what meets the box."""
        if not self.batch:
            return
        shapes = shapely.from_wkb([row[3] for row in self.batch])
        meets = shapely.intersects(shapes, shapely.box(*self.box))
        for (goes, kind, name, _wkb), geometry, is_here in zip(
            self.batch, shapes, meets, strict=True
        ):
            if is_here:
                goes.append(Line(kind, name, geometry))
        self.batch.clear()

    def _node(self, node: Node) -> None:
        self._spots(f"osm:n{node.id}", node.tags, node.lon, node.lat)

    def _way(self, way: Way) -> None:
        kind = ROADS.get((way.tags.get("highway") or "").removesuffix("_link"))
        stream = way.tags.get("waterway") or ""
        if kind and way.tags.get("area") != "yes":
            self._line(self.found.roads, kind, way)
        elif stream in STREAMS and way.tags.get("tunnel", "no") == "no":
            self._line(self.found.water, stream, way)

    def _line(self, goes: list[Line], kind: str, way: Way) -> None:
        if not self._is_near(way):
            return
        name = self._name(way.tags)
        # A nameless path is a footway in a yard: thousands of them, and nobody asks for one.
        if kind == "path" and not name:
            return
        try:
            body = self.wkb.create_linestring(way)
        except (RuntimeError, osmium.InvalidLocationError):
            # At the edge of an extract nodes may be missing.
            points = [(node.lon, node.lat) for node in way.nodes if node.location.valid()]
            if len(points) < 2:
                return
            body = shapely.to_wkb(shapely.LineString(points), hex=True)
        self.batch.append((goes, kind, name, body))

    def _is_near(self, way: Way) -> bool:
        """Spares most ways of a country the work; no road is drawn 25 km in one piece."""
        west, south, east, north = self.box
        for node in (way.nodes[0], way.nodes[-1]):
            if not node.location.valid():
                return True
            if west - _NEAR < node.lon < east + _NEAR and south - _NEAR < node.lat < north + _NEAR:
                return True
        return False

    def _area(self, area: Area) -> None:
        tags = area.tags
        if any(tags.get(key) == value for key, value in SHEETS):
            kind = tags.get("water") or tags.get("waterway") or "water"
            if body := self._sheet(area):
                self.batch.append((self.found.water, kind, self._name(tags), body))
        elif self._is_spot(tags) and (body := self._sheet(area)):
            point = shapely.from_wkb(body).representative_point()
            code = f"osm:{'w' if area.from_way() else 'r'}{area.orig_id()}"
            self._spots(code, tags, point.x, point.y)

    def _sheet(self, area: Area) -> str:
        """The polygon as hex; "" for one that was drawn wrongly."""
        try:
            return self.wkb.create_multipolygon(area)
        except RuntimeError:
            return ""

    def _is_spot(self, tags: TagList) -> bool:
        return "addr:housenumber" in tags or self._kind(tags) is not None

    def _spots(self, code: str, tags: TagList, longitude: float, latitude: float) -> None:
        west, south, east, north = self.box
        if not (west <= longitude <= east and south <= latitude <= north):
            return
        name, kind = self._name(tags), self._kind(tags)
        number, street = (clean(tags.get(f"addr:{key}") or "") for key in ("housenumber", "street"))
        address = f"{number} {street}" if number and street else ""
        if kind and name:
            spot = Spot(code, kind, name, address or street, longitude, latitude)
            self.found.spots.append(spot)
        if address and len(address) < _LONGEST:
            self.found.spots.append(Spot("", "address", address, name, longitude, latitude))

    def _kind(self, tags: TagList) -> str | None:
        return next((kind for key, value, kind in self.kinds if tags.get(key) == value), None)

    def _name(self, tags: TagList) -> str:
        return clean(next((tags[key] for key in self.names if key in tags), ""))[:_LONGEST]
