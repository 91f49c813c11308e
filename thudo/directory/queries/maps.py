"""Layers of the local base map."""

from dataclasses import dataclass

from thudo.directory.models import MapLayer, Place

# Of the places in a box, how many a map can show before it becomes unreadable.
MOST_PLACES = 400


@dataclass(frozen=True, slots=True)
class Spot:
    """A place with a point, for the map."""

    kind: str
    name: str
    longitude: float
    latitude: float
    weight: int


def map_layer(code: str) -> str | None:
    """The GeoJSON text of a layer ("areas", "roads", "water"); None if the pack has none."""
    return MapLayer.objects.filter(code=code).values_list("geojson", flat=True).first()


def places_in(box: tuple[float, float, float, float], least_weight: int) -> list[Spot]:
    """The weightiest places in (west, south, east, north) that weigh at least so much."""
    west, south, east, north = box
    rows = Place.objects.filter(
        longitude__gte=west,
        longitude__lte=east,
        latitude__gte=south,
        latitude__lte=north,
        weight__gte=least_weight,
    ).exclude(kind="address")
    found = rows.order_by("-weight", "code").values_list(
        "kind", "name", "longitude", "latitude", "weight"
    )[:MOST_PLACES]
    return [Spot(kind, name, x or 0.0, y or 0.0, weight) for kind, name, x, y, weight in found]
