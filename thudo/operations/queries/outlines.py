"""Ward outlines as SVG paths: a map of amounts that needs no script and no tiles."""

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import shapely
from shapely import affinity
from shapely.geometry import shape

from thudo.directory.models import Area
from thudo.directory.queries import directory

# The drawing's width in units; about 40 m to a unit for a city of 40 km.
WIDTH = 1000
_TOLERANCE = 1.5


@dataclass(frozen=True, slots=True)
class Outlines:
    """`paths`: code of the area -> the `d` of its outline; `width`, `height` of the drawing."""

    width: int
    height: int
    paths: dict[str, str]


def outlines() -> Outlines:
    """The present areas of the loaded pack, drawn once per pack version."""
    return _drawn(directory().version_id)


@lru_cache(maxsize=2)
def _drawn(version: int) -> Outlines:  # noqa: ARG001
    rows = Area.objects.filter(valid_to=None).exclude(polygon=None)
    shapes = {code: shape(polygon) for code, polygon in rows.values_list("code", "polygon")}
    if not shapes:
        return Outlines(WIDTH, WIDTH, {})
    west, south, east, north = shapely.total_bounds(list(shapes.values()))
    # Degrees of longitude are shorter here: the drawing keeps true proportions.
    squeeze = math.cos(math.radians((south + north) / 2))
    scale = WIDTH / ((east - west) * squeeze)
    paths = {
        code: _path(affinity.affine_transform(
            one, [scale * squeeze, 0, 0, -scale, -west * scale * squeeze, north * scale]))
        for code, one in shapes.items()
    }  # fmt: skip
    return Outlines(WIDTH, round((north - south) * scale), paths)


def _path(area: Any) -> str:
    plain = area.simplify(_TOLERANCE)
    parts = plain.geoms if hasattr(plain, "geoms") else [plain]
    return "".join(_ring(part.exterior.coords) for part in parts if not part.is_empty)


def _ring(points: Any) -> str:
    steps = "L".join(f"{x:.0f} {y:.0f}" for x, y in list(points)[:-1])
    return f"M{steps}Z"
