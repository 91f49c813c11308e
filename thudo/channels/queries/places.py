"""Where something is, as far as a text says it for certain."""

from thudo.channels.rules.talk import Spot
from thudo.directory.queries import directory, places_at, surely_named

# What a text names has its own point only when it is a house or a named place.
_EXACT = frozenset({"number", "place"})


def spot_in(text: str) -> Spot:
    """The place that a text names: a point, or only the ward; unknown unless it is sure."""
    best = surely_named(text[:1000])
    if best is None:
        return Spot()
    words = f"{best.label}, {best.area_name}" if best.label != best.area_name else best.label
    if best.precision in _EXACT:
        return Spot(best.longitude, best.latitude, best.area, words)
    return Spot(area=best.area, words=words)


def spot_at(longitude: float, latitude: float, said: str = "") -> Spot:
    """A point that a phone gave; unknown outside the city."""
    area = directory().area_at(longitude, latitude)
    if area is None:
        return Spot(words=said[:300])
    named = next((one.label for one in places_at(longitude, latitude, 1)), "")
    return Spot(longitude, latitude, area.code, (said or named)[:300])
