"""Readers of the directory, for every slice above.

directory() -> Directory            all lists of the present pack version, frozen
say(words, language=None) -> str    words in the reader's language
unit_name(code), post_title(code), area_name(code)
directory().area_at(lon, lat)       the ward that holds a point, None outside the city
directory().unit_of_area(code)      the committee of a ward
directory().post_of(unit, role, group=None)
directory().chain(unit)             the unit and those above it
ward_on(code, day), successors_of(code)
assets_at(lon, lat, layers)         e.g. ("road:arterial",)
search_places(q, near=None, limit=8) -> list[Found]   names that hold the words
find_places(q, near, limit) -> list[Found]   the same, an address read as one first
places_at(lon, lat, limit=8) -> list[Found]   words for a point
surely_named(text, wait=True) -> Located | None    the one place a text surely names
surest(read) -> Located | None      the same of what locate_text found
locate_text(text, most=5, wait=True) -> list[Located]   the places a text names
map_layer(code), places_in(box, zoom), map_tile(z, x, y)
forget()                            after a load, and between tests
"""

from thudo.directory.queries.areas import successors_of, ward_on
from thudo.directory.queries.assets import assets_at
from thudo.directory.queries.locating import (
    SURE,
    Located,
    begin_locating,
    find_places,
    locate_text,
    surely_named,
    surest,
)
from thudo.directory.queries.maps import map_layer, places_in
from thudo.directory.queries.names import area_name, post_title, unit_name
from thudo.directory.queries.nearest import places_at
from thudo.directory.queries.places import Found, search_places
from thudo.directory.queries.shapes import map_tile
from thudo.directory.queries.snapshot import (
    Area,
    Directory,
    Group,
    PackNotLoaded,
    Post,
    Service,
    Stream,
    Successor,
    Unit,
    current_version,
    directory,
    forget,
    say,
)

__all__ = [
    "SURE",
    "Area",
    "Directory",
    "Found",
    "Group",
    "Located",
    "PackNotLoaded",
    "Post",
    "Service",
    "Stream",
    "Successor",
    "Unit",
    "area_name",
    "assets_at",
    "begin_locating",
    "current_version",
    "directory",
    "find_places",
    "forget",
    "locate_text",
    "map_layer",
    "map_tile",
    "places_at",
    "places_in",
    "post_title",
    "say",
    "search_places",
    "successors_of",
    "surely_named",
    "surest",
    "unit_name",
    "ward_on",
]
