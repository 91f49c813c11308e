"""A name for a point."""

import math

from thudo.directory.models import Place
from thudo.directory.queries import directory, say
from thudo.petitions.rules import METRES_PER_DEGREE

# A name farther off than this says nothing about the point.
_NAMED_WITHIN_METRES = 250


def name_at(longitude: float, latitude: float) -> str:
    """The nearest known place or street with its ward; the ward alone; "" outside the city."""
    area = directory().area_at(longitude, latitude)
    if area is None:
        return ""
    near = _nearest(longitude, latitude)
    ward = say(area.full_name)
    return f"{near}, {ward}" if near else ward


def _nearest(longitude: float, latitude: float) -> str:
    reach = _NAMED_WITHIN_METRES / METRES_PER_DEGREE
    narrow = math.cos(math.radians(latitude))
    rows = Place.objects.filter(
        longitude__range=(longitude - reach / narrow, longitude + reach / narrow),
        latitude__range=(latitude - reach, latitude + reach),
    ).values_list("name", "longitude", "latitude")[:400]
    ranked = sorted(
        (math.hypot(((x or 0) - longitude) * narrow, (y or 0) - latitude), name)
        for name, x, y in rows
    )
    return ranked[0][1] if ranked and ranked[0][0] <= reach else ""
