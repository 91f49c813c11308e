"""Tiles of vectors: which part of the earth they hold, and shapes written as the map reads them.

The format is Mapbox Vector Tile 2.1, as far as this map needs it: lines and polygons with a class
and a name.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import shapely

# Steps along one side of a tile, and how far beyond its edge lines go on, so that none ends there.
EXTENT = 4096
_MARGIN = 64
# Bends smaller than this many steps (a quarter of a pixel) are not seen.
_TOLERANCE = 4
_LINE, _POLYGON = 2, 3
_MOVE, _ON, _CLOSE = 1, 2, 7
Box = tuple[float, float, float, float]


def box_of(z: int, x: int, y: int) -> Box:
    """West, south, east, north of a tile and its margin, in degrees."""
    margin = _MARGIN / EXTENT
    return (
        _longitude(z, x - margin),
        _latitude(z, y + 1 + margin),
        _longitude(z, x + 1 + margin),
        _latitude(z, y - margin),
    )


def _longitude(z: int, x: float) -> float:
    return float(x / 2**z * 360 - 180)


def _latitude(z: int, y: float) -> float:
    return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * y / 2**z))))


def tile(z: int, x: int, y: int, shapes: Iterable[tuple[str, str, str, bytes]]) -> bytes:
    """The tile with these (layer, class, name, WKB in degrees)."""
    layers: dict[str, dict[tuple[str, str], list[Any]]] = defaultdict(lambda: defaultdict(list))
    rows = list(shapes)
    for (layer, kind, name, _wkb), geometry in zip(rows, _drawn(z, x, y, rows), strict=True):
        if not shapely.is_empty(geometry):
            layers[layer][kind, name] += shapely.get_parts(geometry).tolist()
    return b"".join(_field(3, _layer(name, groups)) for name, groups in sorted(layers.items()))


def _drawn(z: int, x: int, y: int, rows: Sequence[tuple[str, str, str, bytes]]) -> Any:
    """The geometries in steps from the tile's upper left corner, cut and thinned."""
    found = shapely.from_wkb([row[3] for row in rows])
    found = shapely.transform(found, lambda degrees: _steps(z, x, y, degrees))
    edge = EXTENT + _MARGIN
    found = shapely.clip_by_rect(found, -_MARGIN, -_MARGIN, edge, edge)
    return shapely.simplify(found, _TOLERANCE)


def _steps(z: int, x: int, y: int, degrees: Any) -> Any:
    south = np.radians(degrees[:, 1])
    across = (degrees[:, 0] + 180) / 360 * 2**z - x
    down = (1 - np.arcsinh(np.tan(south)) / math.pi) / 2 * 2**z - y
    return np.column_stack([across, down]) * EXTENT


def _layer(name: str, groups: dict[tuple[str, str], list[Any]]) -> bytes:
    keys = ("class", "name")
    words = list(dict.fromkeys(word for group in groups for word in group if word))
    numbers = {word: place for place, word in enumerate(words)}
    body = [_field(1, name.encode())]
    for group, parts in groups.items():
        tags = [n for key, word in enumerate(group) if word for n in (key, numbers[word])]
        for kind in (_LINE, _POLYGON):
            commands = _commands(parts, kind)
            if commands:
                body.append(_field(2, _feature(tags, kind, commands)))
    body += [_field(3, key.encode()) for key in keys]
    body += [_field(4, _field(1, word.encode())) for word in words]
    return b"".join([*body, _number(5, EXTENT), _number(15, 2)])


def _feature(tags: Sequence[int], kind: int, commands: Sequence[int]) -> bytes:
    return _field(2, _packed(tags)) + _number(3, kind) + _field(4, _packed(commands))


def _commands(parts: Iterable[Any], kind: int) -> list[int]:
    """The pen's way along all lines, or around all polygons, of a group."""
    pen = (0, 0)
    commands: list[int] = []
    for part in parts:
        dimension = shapely.get_dimensions(part)
        if dimension == 1 and kind == _LINE:
            pen = _follow(_points(part), 2, pen, commands)
        elif dimension == 2 and kind == _POLYGON:
            # Counted downwards, an outer ring runs against the clock of ordinary axes.
            for ring in shapely.get_rings(shapely.orient_polygons(part)):
                before = len(commands)
                pen = _follow(_points(ring)[:-1], 3, pen, commands)
                if len(commands) > before:
                    commands.append(_CLOSE | 1 << 3)
    return commands


def _points(line: Any) -> list[tuple[int, int]]:
    """Whole steps, none twice in a row."""
    steps = np.rint(shapely.get_coordinates(line)).astype(int)
    moved = np.any(np.diff(steps, axis=0, prepend=steps[:1] - 1), axis=1)
    return [(x, y) for x, y in steps[moved].tolist()]


def _follow(
    points: list[tuple[int, int]], least: int, pen: tuple[int, int], commands: list[int]
) -> tuple[int, int]:
    """Add a line to the commands unless it has become a dot; where the pen is then."""
    if len(points) < least:
        return pen
    for place, point in enumerate(points):
        if place == 0:
            commands.append(_MOVE | 1 << 3)
        elif place == 1:
            commands.append(_ON | len(points) - 1 << 3)
        commands += (_zigzag(point[0] - pen[0]), _zigzag(point[1] - pen[1]))
        pen = point
    return pen


def _zigzag(number: int) -> int:
    return number << 1 if number >= 0 else (-number << 1) - 1


def _varint(number: int) -> bytes:
    found = bytearray()
    while number > 0x7F:
        found.append(number & 0x7F | 0x80)
        number >>= 7
    found.append(number)
    return bytes(found)


def _packed(numbers: Iterable[int]) -> bytes:
    return b"".join(map(_varint, numbers))


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _field(field: int, body: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(body)) + body
