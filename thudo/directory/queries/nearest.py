"""What is at a point, in words: the nearest house number, street or known place, else the ward."""

import math
from collections.abc import Iterator

from django.db import connection
from django.utils.translation import gettext as _

from thudo.base.folding import fold
from thudo.directory.queries.places import Found
from thudo.directory.queries.shapes import METRES_PER_DEGREE, around, roads_near
from thudo.directory.queries.snapshot import directory, say

# Farther away a name misleads more than it tells.
REACH_METRES = 60
# From here on a place is not where the point is, but what it is near.
_HERE_METRES = 20
# A street or house number tells an officer more than a shop of the same distance.
_PLACE_HANDICAP = 15
_NEAR = """
SELECT kind, name, detail, longitude, latitude FROM directory_place
WHERE latitude BETWEEN %s AND %s AND longitude BETWEEN %s AND %s
"""


def places_at(longitude: float, latitude: float, limit: int = 8) -> list[Found]:
    """Words for a point, the best first; none outside the city."""
    area = directory().area_at(longitude, latitude)
    if area is None:
        return []
    ward = say(area.full_name)
    ranked = sorted([*_streets(longitude, latitude), *_places(longitude, latitude)])
    seen: set[str] = set()
    found: list[Found] = []
    for _far, kind, label, detail in [*ranked, (0.0, area.kind, ward, "")]:
        if fold(label) not in seen:
            seen.add(fold(label))
            told = ", ".join(part for part in (detail, ward) if part and part != label)
            found.append(Found(kind, label, told, longitude, latitude, area.code, ward))
    return found[:limit]


def _streets(longitude: float, latitude: float) -> Iterator[tuple[float, str, str, str]]:
    for road in roads_near(longitude, latitude, REACH_METRES):
        if road.name:
            yield road.metres, "street", road.name, ""


def _places(longitude: float, latitude: float) -> Iterator[tuple[float, str, str, str]]:
    west, south, east, north = around(longitude, latitude, REACH_METRES)
    with connection.cursor() as cursor:
        cursor.execute(_NEAR, [south, north, west, east])
        rows = cursor.fetchall()
    scale = math.cos(math.radians(latitude))
    for kind, name, detail, x, y in rows:
        far = METRES_PER_DEGREE * math.hypot((x - longitude) * scale, y - latitude)
        if far > REACH_METRES:
            continue
        if kind == "street":
            yield far, kind, name, detail
        elif far <= _HERE_METRES:
            yield far + (0 if kind == "address" else _PLACE_HANDICAP), kind, name, detail
        else:
            label = _("near %(place)s") % {"place": name}
            yield far + _PLACE_HANDICAP, kind, label[:1].upper() + label[1:], detail
