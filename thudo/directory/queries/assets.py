"""What lies at a point in the layers of assets: the class of the road, where there is data."""

import json
import math
from collections.abc import Iterable
from typing import Any

import shapely

from thudo.directory.models import MapLayer
from thudo.directory.queries.shapes import roads_near
from thudo.directory.queries.snapshot import Directory, directory

_METRES_PER_DEGREE = 111_320.0
_kept: dict[tuple[int, str], "_Layer"] = {}


def assets_at(
    longitude: float | None, latitude: float | None, layers: Iterable[str]
) -> tuple[str, ...]:
    """The "<layer>:<class>" of the nearest asset in each layer within the layer's radius.

    A layer without data there says nothing: the rule of the ward or the city then decides.
    """
    if longitude is None or latitude is None:
        return ()
    lists = directory()
    known = {layer["code"]: layer for layer in lists.city.get("asset_layers", [])}
    found = (
        _nearest(lists, known[code], longitude, latitude)
        for code in layers
        if known.get(code, {}).get("map_layer")
    )
    return tuple(asset for asset in found if asset)


def _nearest(
    lists: Directory, layer: dict[str, Any], longitude: float, latitude: float
) -> str | None:
    """As the extract says, where one was imported and knows a road there; else as the pack says."""
    if lists.import_id and layer["map_layer"] == "roads":
        classes = {kind: name for name, kinds in layer["classes"].items() for kind in kinds}
        for road in roads_near(longitude, latitude, float(layer["radius_metres"])):
            if road.is_imported and road.kind in classes:
                return f"{layer['code']}:{classes[road.kind]}"
    return _layer(lists, layer).nearest(longitude, latitude)


class _Layer:
    """One layer's lines in an index, in metres around the city's centre."""

    def __init__(self, lists: Directory, layer: dict[str, Any]) -> None:
        self.code = layer["code"]
        self.radius = float(layer["radius_metres"])
        self.scale = math.cos(math.radians(lists.city["map"]["centre"][1]))
        classes = {kind: name for name, kinds in layer["classes"].items() for kind in kinds}
        self.classes: list[str] = []
        lines: list[Any] = []
        for feature in _features(layer["map_layer"]):
            name = classes.get(feature["properties"].get(layer["property"], ""))
            if name:
                for part in shapely.get_parts(shapely.geometry.shape(feature["geometry"])):
                    lines.append(shapely.transform(part, self._metres))
                    self.classes.append(name)
        self.tree = shapely.STRtree(lines)
        # Most points lie outside the data: a comparison spares them the search.
        west, south, east, north = shapely.total_bounds(lines) if lines else (0.0, 0.0, 0.0, 0.0)
        reach = self.radius
        self.box = (west - reach, south - reach, east + reach, north + reach)

    def nearest(self, longitude: float, latitude: float) -> str | None:
        x = longitude * _METRES_PER_DEGREE * self.scale
        y = latitude * _METRES_PER_DEGREE
        if not (self.box[0] <= x <= self.box[2] and self.box[1] <= y <= self.box[3]):
            return None
        point = shapely.Point(x, y)
        hits = self.tree.query_nearest(point, max_distance=self.radius)
        return f"{self.code}:{self.classes[hits[0]]}" if len(hits) else None

    def _metres(self, degrees: Any) -> Any:
        return degrees * (_METRES_PER_DEGREE * self.scale, _METRES_PER_DEGREE)


def _layer(lists: Directory, layer: dict[str, Any]) -> _Layer:
    key = (lists.version_id, layer["code"])
    if key not in _kept:
        # Only layers of the present version are worth their memory.
        for old in [kept for kept in _kept if kept[0] != lists.version_id]:
            del _kept[old]
        _kept[key] = _Layer(lists, layer)
    return _kept[key]


def _features(code: str) -> list[dict[str, Any]]:
    text = MapLayer.objects.filter(code=code).values_list("geojson", flat=True).first()
    features: list[dict[str, Any]] = json.loads(text)["features"] if text else []
    return features
