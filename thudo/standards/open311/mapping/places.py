"""Where a request is: what a client gives (lat and long, words, an id) as a place of our own."""

import math
from dataclasses import dataclass

from django.utils.translation import gettext as _

from thudo.directory.queries import Found, directory, search_places, surely_named
from thudo.directory.rules import is_house_number, plain
from thudo.standards.open311.mapping.errors import Wrong
from thudo.standards.open311.mapping.parameters import Given

PLACE_LIMIT = 300
# Of what a text names: the kinds of precision whose point is where something is.
_EXACT = ("number", "place")
# Kinds of place that are too long or too wide for that.
_WIDE = ("street", "ward", "commune", "former_ward", "former_district")


@dataclass(frozen=True, slots=True)
class Place:
    """Degrees (WGS 84) if a point is known, the code of the ward if that is, and the words."""

    longitude: float | None = None
    latitude: float | None = None
    area: str = ""
    words: str = ""

    @property
    def is_known(self) -> bool:
        """Whether the unit can be told from it; else the intake desk reads the words."""
        return self.longitude is not None or bool(self.area)


def place_of(asked: Given) -> Place:
    """The place of a request; Wrong with every sentence that keeps it from being one.

    A point is believed before an id, an id before words; words always stay beside them.
    """
    words = asked["address_string"]
    if len(words) > PLACE_LIMIT:
        raise Wrong(_("address_string: at most %(count)s characters.") % {"count": PLACE_LIMIT})
    if asked["lat"] or asked["long"]:
        return Place(_degrees(asked, "long", 180), _degrees(asked, "lat", 90), words=words)
    if asked["address_id"]:
        return Place(area=_area(asked["address_id"]), words=words)
    if words:
        return resolved(words)
    raise Wrong(_("Give lat and long, or address_string, or address_id."))


def resolved(address: str) -> Place:
    """The place that an address names, as far as it is sure; else its words alone.

    The one door to the directory. A name on the map that says every word of the address comes
    first, then the reader of free text. A house or a named place gives its point; a street, or a
    number reckoned between two known ones, only the ward.
    """
    parts = [part for part in address.split(",") if part.strip()]
    for length in range(len(parts), 0, -1):
        q = ", ".join(parts[:length])
        found = [one for one in search_places(q, limit=8) if _says_all(one, q)]
        if found:
            return _agreed(found, q, address) or _read(address)
    return _read(address)


def _read(address: str) -> Place:
    # Without waiting: a process reads all names of the city first, and a person waits for us.
    best = surely_named(address, wait=False)
    if best is None:
        return Place(words=address)
    if best.precision not in _EXACT:
        return Place(area=best.area, words=address)
    return Place(best.longitude, best.latitude, best.area, address)


def _agreed(found: list[Found], q: str, address: str) -> Place | None:
    best, *others = found
    rivals = [one for one in others if _name(one.label) == _name(best.label)]
    areas = {one.area for one in (best, *rivals)}
    if None in areas or len(areas) > 1:
        return None
    if best.kind in _WIDE or _number(q) not in {"", _number(best.label)}:
        return Place(area=best.area or "", words=address)
    return Place(best.longitude, best.latitude, best.area or "", address)


def _says_all(found: Found, q: str) -> bool:
    """Whether the candidate has every word that was typed, the house number aside."""
    said = {*_name(f"{found.label} {found.detail}")}
    words = _name(q)
    rest = words[1:] if words and is_house_number(words[0]) else words
    return bool(rest) and found.area is not None and said.issuperset(rest)


def _name(text: str) -> tuple[str, ...]:
    generic = frozenset(directory().city.get("search", {}).get("generic", ()))
    return tuple(word for word in plain(text).split() if word not in generic)


def _number(text: str) -> str:
    words = _name(text)
    return words[0] if words and is_house_number(words[0]) else ""


def _area(code: str) -> str:
    row = directory().areas.get(code)
    if row is None or row.valid_to is not None:
        raise Wrong(_("address_id “%(code)s” was not found.") % {"code": code[:100]})
    return code


def _degrees(asked: Given, name: str, most: int) -> float:
    try:
        value = float(asked[name])
    except ValueError:
        value = math.nan
    if not -most <= value <= most:
        raise Wrong(_("%(name)s must be a number of degrees (WGS 84).") % {"name": name})
    return value
