"""What lies near a point: a name for it, and public petitions about the same matter."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

import h3

from thudo.cases import lifecycle
from thudo.directory.models import Place
from thudo.directory.queries import directory, say
from thudo.petitions.models import Petition
from thudo.petitions.queries.reading import public_petitions
from thudo.petitions.rules import CELL_RESOLUTION

# A name farther off than this says nothing about the point.
_NAMED_WITHIN_METRES = 250
_METRES_PER_DEGREE = 111_320
# Neighbour rings of H3 cells of resolution 11 (about 50 m each): some 150 m around.
_RINGS = 3
_RECENT = timedelta(days=45)


@dataclass(frozen=True, slots=True)
class Similar:
    """A public petition about the same matter close by."""

    number: str
    place: str
    service: str
    state: str
    filed_at: datetime


def name_at(longitude: float, latitude: float) -> str:
    """The nearest known place or street with its ward; the ward alone; "" outside the city."""
    area = directory().area_at(longitude, latitude)
    if area is None:
        return ""
    near = _nearest(longitude, latitude)
    ward = say(area.full_name)
    return f"{near}, {ward}" if near else ward


def similar_public(
    service: str, longitude: float, latitude: float, at: datetime, limit: int = 2
) -> list[Similar]:
    """Open public petitions of the same service within some 150 m, newest first."""
    centre = h3.latlng_to_cell(latitude, longitude, CELL_RESOLUTION)
    cells = [h3.str_to_int(cell) for cell in h3.grid_disk(centre, _RINGS)]
    rows = (
        public_petitions()
        .filter(cell__in=cells, service=service, filed_at__gt=at - _RECENT)
        .filter(links__case__state__in=sorted(lifecycle.OPEN))
        .exclude(is_home=True)
        .distinct()
        .order_by("-filed_at")[:limit]
    )
    return [_similar(row) for row in rows]


def _similar(row: Petition) -> Similar:
    link = row.links.select_related("case").order_by("position").last()
    service = directory().services.get(row.service)
    area = directory().areas.get(row.area)
    return Similar(
        number=row.number,
        place=row.place or (say(area.full_name) if area else ""),
        service=say(service.name) if service else "",
        state=link.case.state if link else "",
        filed_at=row.filed_at,
    )


def _nearest(longitude: float, latitude: float) -> str:
    reach = _NAMED_WITHIN_METRES / _METRES_PER_DEGREE
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
