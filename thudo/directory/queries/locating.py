"""Finds the place a text speaks of, with the lists and the map of the database.

The gazetteer takes a second or two to build: once for each process and version, in a thread of
its own unless somebody waits for it.
"""

import logging
import threading
from dataclasses import dataclass
from typing import Any

import shapely
from django.db import connection

from thudo.base.folding import fold
from thudo.directory.queries.places import Found, search_places
from thudo.directory.queries.snapshot import Directory, directory, say
from thudo.directory.rules.locating import (
    AreaRow,
    Candidate,
    Gazetteer,
    PlaceName,
    Road,
    Sources,
    locate,
)

# From here on a point need not be asked for; from LIKELY on it is worth offering.
SURE, LIKELY = 0.5, 0.25
_ADDRESSES = frozenset({"number", "near_number", "street"})
_log = logging.getLogger(__name__)
_PLACES = (
    "SELECT kind, name, detail, coalesce(area_id, ''), longitude, latitude FROM directory_place"
)
_ROADS = "SELECT name, geometry FROM directory_map_shape WHERE layer = 'roads' AND name <> ''"
Version = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Located:
    """A place a text names. `precision`: number, near_number, street, place or ward (then the
    point is the ward's middle); `label`: the words for it; confidence 0..1."""

    area: str
    area_name: str
    longitude: float
    latitude: float
    confidence: float
    precision: str
    label: str


def locate_text(text: str, most: int = 5, *, wait: bool = True) -> list[Located]:
    """Candidates, the surest first. Without `wait`: none as long as the gazetteer is being built."""
    lists = directory()
    gazetteer = _gazetteer(lists, wait=wait)
    found = locate(gazetteer, text, most) if gazetteer else []
    return [_located(lists, candidate) for candidate in found]


def surely_named(text: str, *, wait: bool = True) -> Located | None:
    """The place that a text surely names; None for any doubt, and for no words."""
    return surest(locate_text(text, 1, wait=wait) if text.strip() else [])


def surest(read: list[Located]) -> Located | None:
    """The first of them, if it is sure."""
    return read[0] if read and read[0].confidence >= SURE else None


def begin_locating() -> None:
    """Have the gazetteer ready before somebody types: he has just opened the form."""
    _gazetteer(directory(), wait=False)


def find_places(
    typed: str, near: tuple[float, float] | None, most: int, *, read: list[Located] | None = None
) -> list[Found]:
    """Candidates while somebody types: an address (it has a number) as the locator reads it, then
    what the names hold. `read`: how it was read already; else names alone are looked for, as long
    as the gazetteer is being built."""
    found = search_places(typed, near, most)
    if not any(sign.isdigit() for sign in typed):
        return found
    addresses = [
        Found("address", one.label, one.area_name, one.longitude, one.latitude, one.area,
              one.area_name)
        for one in (locate_text(typed, 3, wait=False) if read is None else read)
        if one.precision in _ADDRESSES and one.confidence >= LIKELY
    ]  # fmt: skip
    told = {fold(one.label) for one in addresses}
    return [*addresses, *(one for one in found if fold(one.label) not in told)][:most]


def _located(lists: Directory, found: Candidate) -> Located:
    ward = say(lists.areas[found.ward].full_name)
    return Located(
        found.ward, ward, found.longitude, found.latitude, found.confidence, found.precision,
        found.found or ward,
    )  # fmt: skip


_lock = threading.Lock()
_kept: tuple[Version, Gazetteer] | None = None
_building: Version | None = None


def _gazetteer(lists: Directory, *, wait: bool) -> Gazetteer | None:
    global _building
    version = (lists.version_id, lists.import_id)
    if _kept and _kept[0] == version:
        return _kept[1]
    if wait:
        return _build(lists, version)
    with _lock:
        if _building != version:
            _building = version
            threading.Thread(target=_build_aside, args=(lists, version), daemon=True).start()
    return None


def _build_aside(lists: Directory, version: Version) -> None:
    global _building
    try:
        _build(lists, version)
    except Exception:
        # Nobody waits for this thread; without it nothing is offered, and typing works as before.
        _log.exception("the gazetteer could not be built")
    finally:
        _building = None
        connection.close()


def _build(lists: Directory, version: Version) -> Gazetteer:
    global _kept
    gazetteer = Gazetteer(_sources(lists))
    _kept = (version, gazetteer)
    return gazetteer


def _sources(lists: Directory) -> Sources:
    with connection.cursor() as cursor:
        cursor.execute(_PLACES)
        places = [PlaceName(*row) for row in cursor.fetchall()]
        cursor.execute(_ROADS)
        roads = [Road(name, shapely.from_wkb(bytes(body))) for name, body in cursor.fetchall()]
    return Sources(_areas(lists), places, roads, lists.city.get("addresses", {}))


def _areas(lists: Directory) -> list[AreaRow]:
    shapes: dict[str, Any] = lists.shapes()
    language = next((one["code"] for one in lists.city.get("languages", ())), None)
    return [
        AreaRow(
            code=area.code,
            names=tuple(dict.fromkeys(area.name.values())),
            full=say(area.full_name, language),
            official=area.official_code,
            wards=tuple(
                (successor.area, successor.is_default, successor.is_divided)
                for successor in lists.successors.get(area.code, ())
            ),
            longitude=area.longitude,
            latitude=area.latitude,
            shape=shapes.get(area.code),
            office=area.office,
        )
        for area in lists.areas.values()
        if area.code in shapes or area.valid_to is not None
    ]
