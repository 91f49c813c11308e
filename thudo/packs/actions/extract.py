"""The deed import_extract: roads, water and places of an OpenStreetMap extract onto the city's map."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import shapely
from django.db import transaction
from django.utils.translation import gettext as _

from thudo.base.errors import Refused
from thudo.directory import actions as lists
from thudo.directory import queries
from thudo.directory.models import Area, Place
from thudo.directory.queries import Directory, say
from thudo.journal.actions import record
from thudo.journal.rules import Subject
from thudo.packs.rules.extract import City, Extract, NoExtract, arrange, core, read


class ExtractRefused(Refused):
    """The extract cannot be imported; nothing was changed."""

    code = "extract_refused"


def import_extract(
    path: Path, *, actor: str, at: datetime, progress: Callable[[str], None] = lambda _line: None
) -> dict[str, int]:
    """Show what the extract holds of the city, instead of what an earlier one held; the counts.

    The pack's own places stay as they are. All or nothing. Raises ExtractRefused.
    """
    if not path.is_file():
        raise ExtractRefused(_("There is no file %(file)s.") % {"file": path})
    lists_now = queries.directory()
    _see_credits(lists_now)
    extract = _read(path, lists_now, progress)
    counts = extract.counts()
    if not any(counts.values()):
        raise ExtractRefused(_("%(file)s holds nothing of this city.") % {"file": path.name})
    progress(", ".join(f"{number:,} {name}" for name, number in counts.items()) + "; writing")
    _write(extract, path.name, counts, actor=actor, at=at)
    queries.forget()
    return counts


def _see_credits(lists_now: Directory) -> None:
    """The licence (ODbL) wants the source named on the map; the pack holds those words."""
    words = lists_now.city.get("map", {}).get("credits", {})
    if not words or not all("OpenStreetMap" in text for text in words.values()):
        raise ExtractRefused(
            _(
                "Name OpenStreetMap in every language of map.credits (city.toml), load the pack, then import."
            )
        )


def _read(path: Path, lists_now: Directory, progress: Callable[[str], None]) -> Extract:
    kinds = {
        tag: code
        for code, kind in lists_now.city["place_kinds"].items()
        for tag in kind.get("osm", ())
    }
    city = _city(lists_now)
    box = shapely.total_bounds(list(city.polygons.values()))
    west, south, east, north = map(float, box)
    language = lists_now.city["languages"][0]["code"]
    try:
        found = read(path, (west, south, east, north), kinds, language, progress)
    except NoExtract as fault:
        said = _("%(file)s is not an OpenStreetMap extract: %(fault)s.")
        raise ExtractRefused(said % {"file": path.name, "fault": fault}) from fault
    progress("Cutting at the city's boundary and joining")
    return arrange(found, city)


def _city(lists_now: Directory) -> City:
    areas = Area.objects.filter(valid_to=None).exclude(polygon=None)
    generic = frozenset(lists_now.city.get("search", {}).get("generic", ()))
    language = lists_now.city["languages"][0]["code"]
    streets = Place.objects.filter(kind="street", is_imported=False).exclude(longitude=None)
    return City(
        polygons={
            code: shapely.geometry.shape(polygon)
            for code, polygon in areas.values_list("code", "polygon")
        },
        names={code: say(area.full_name, language) for code, area in lists_now.areas.items()},
        weights={code: kind["weight"] for code, kind in lists_now.city["place_kinds"].items()},
        generic=generic,
        streets={
            (area, core(name, generic))
            for area, name in streets.values_list("area_id", "name")
            if area
        },
    )


@transaction.atomic
def _write(
    extract: Extract, file: str, counts: dict[str, int], *, actor: str, at: datetime
) -> None:
    lists.write_shapes(extract.shapes, imported=True)
    lists.write_places(extract.places, imported=True)
    row = lists.note_import(file, counts, at=at)
    record(
        "map.imported",
        subject=Subject("map", file, row.pk),
        actor=actor,
        at=at,
        data={"file": file, **counts},
    )
