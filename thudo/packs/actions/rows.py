"""A pack's values as rows of the directory and the matrix."""

import json
from collections.abc import Iterator
from typing import Any

import shapely

from thudo.base.folding import fold, sort_key
from thudo.directory import models
from thudo.directory.rules import PlaceRow, Shape, ShapeRow, plain, shape_rows
from thudo.packs.rules import expand
from thudo.packs.rules.values import Area, Pack, Service, Unit
from thudo.routing.actions import Wanted


def city(pack: Pack) -> dict[str, Any]:
    """city.toml and what belongs beside it, as JSON."""
    plain: dict[str, Any] = json.loads(json.dumps(pack.city, default=str))
    kinds = {
        kind.code: {"name": kind.name, "weight": kind.weight, "osm": list(kind.osm)}
        for kind in pack.place_kinds
    }
    return plain | {"place_kinds": kinds, "conduct_receivers": [r.unit for r in pack.receivers]}


def lists(pack: Pack) -> Iterator[tuple[type[Any], list[Any]]]:
    """Each table with its rows, what is referred to first."""
    yield models.Area, [_area(area) for area in pack.areas]
    yield models.Unit, [_unit(unit) for unit in pack.units]
    yield models.Post, [_post(post) for post in expand.posts(pack)]
    yield models.Stream, [
        models.Stream(
            code=row.code, name=row.name, identity=row.identity, handling=row.handling,
            legal_basis=row.legal_basis, position=position,
        )
        for position, row in enumerate(pack.streams)
    ]  # fmt: skip
    yield (
        models.ServiceGroup,
        [
            models.ServiceGroup(code=row.code, name=row.name, icon=row.icon, position=position)
            for position, row in enumerate(pack.groups)
        ],
    )
    handled = {stream.code for stream in pack.streams if stream.handling == "case"}
    yield (
        models.Service,
        [
            _service(row, position, is_admissible=row.stream in handled)
            for position, row in enumerate(pack.services)
        ],
    )


def _area(area: Area) -> models.Area:
    longitude, latitude = _point(area)
    names = dict.fromkeys([*area.full_name.values(), *area.name.values()])
    return models.Area(
        code=area.code,
        official_code=area.official_code,
        kind=area.kind,
        parent_id=area.parent,
        name=area.name,
        full_name=area.full_name,
        folded=" ".join(dict.fromkeys(plain(" ".join(names)).split())),
        sort_key=sort_key(_first(area.name)),
        population=area.population,
        office=area.office,
        polygon=area.polygon,
        longitude=longitude,
        latitude=latitude,
        valid_from=area.valid_from,
        valid_to=area.valid_to,
    )


def _point(area: Area) -> tuple[float | None, float | None]:
    """Where to write its name: as given, else a point well inside the polygon."""
    if area.longitude is not None or area.polygon is None:
        return area.longitude, area.latitude
    inside = shapely.geometry.shape(area.polygon).representative_point()
    return round(inside.x, 5), round(inside.y, 5)


def _unit(unit: Unit) -> models.Unit:
    return models.Unit(
        code=unit.code,
        kind=unit.kind,
        name=unit.name,
        folded=fold(" ".join(unit.name.values())),
        sort_key=sort_key(_first(unit.name)),
        parent_id=unit.parent or None,
        area_id=unit.area or None,
        calendar=unit.calendar,
        phone=unit.phone,
        address=unit.address,
        valid_from=unit.valid_from,
        valid_to=unit.valid_to,
    )


def _post(post: expand.Post) -> models.Post:
    return models.Post(
        code=post.code,
        unit_id=post.unit,
        role=post.role,
        title=post.title,
        above_id=post.above,
        groups=list(post.groups),
        valid_from=post.valid_from,
        valid_to=post.valid_to,
    )


def _service(row: Service, position: int, *, is_admissible: bool) -> models.Service:
    words = [*row.name.values(), *(word for found in row.keywords.values() for word in found)]
    return models.Service(
        code=row.code,
        stream_id=row.stream,
        group_id=row.group or None,
        name=row.name,
        folded=fold(" ".join(words)),
        keywords=row.keywords,
        severity=row.severity,
        is_admissible=is_admissible,
        assets=list(row.assets),
        evidence=list(row.evidence),
        questions=list(row.questions),
        is_private_by_default=row.is_private_by_default,
        about_conduct=row.about_conduct,
        reason=row.reason,
        position=position,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
    )


def _first(words: dict[str, str]) -> str:
    return next(iter(words.values()))


def successions(pack: Pack) -> list[models.Succession]:
    """The crosswalk."""
    return [
        models.Succession(
            former_id=row.former,
            area_id=row.area,
            is_default=row.is_default,
            is_divided=row.is_divided,
        )
        for row in pack.successions
    ]


def places(pack: Pack) -> Iterator[PlaceRow]:
    """Everything that the search can find, with the name of its area among its words."""
    areas = {area.code: _first(area.full_name) for area in pack.areas}
    weights = {kind.code: kind.weight for kind in pack.place_kinds}
    for spot in pack.places:
        yield PlaceRow(
            code=spot.code,
            kind=spot.kind,
            name=spot.name,
            detail=spot.detail,
            folded=plain(f"{spot.name} {spot.detail} {areas.get(spot.area, '')}"),
            area_id=spot.area or None,
            longitude=spot.longitude,
            latitude=spot.latitude,
            weight=weights[spot.kind],
            source=spot.source,
        )


def shapes(pack: Pack) -> Iterator[ShapeRow]:
    """Roads and water, each line a row of its own, so that a tile needs not hold a whole class."""
    found: list[Shape] = []
    for layer in ("roads", "water"):
        for feature in pack.features.get(layer, ()):
            values = feature["properties"]
            kind, name = str(values.get("class") or ""), str(values.get("name") or "")
            parts = shapely.get_parts(shapely.from_geojson(json.dumps(feature["geometry"])))
            found += [Shape(layer, kind, name, part) for part in parts]
    return shape_rows(found)


def layers(pack: Pack) -> dict[str, str]:
    """Layers of the base map as they are served; of an area what a map says: names, people, point."""
    found = dict(pack.layers)
    if "areas" in found:
        features = [_drawn(area) for area in pack.areas if area.polygon and not area.valid_to]
        shown = {"type": "FeatureCollection", "features": features}
        found["areas"] = json.dumps(shown, ensure_ascii=False, separators=(",", ":"))
    return found


def _drawn(area: Area) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": {
            "code": area.code,
            "kind": area.kind,
            "name": area.name,
            "full_name": area.full_name,
            "population": area.population,
            "point": _point(area),
        },
        "geometry": area.polygon,
    }


def wanted(cells: list[expand.Entry]) -> Iterator[Wanted]:
    """The matrix."""
    for cell in cells:
        if cell.valid_from is not None:
            yield Wanted(
                service=cell.service,
                scope=cell.scope,
                unit=cell.unit,
                valid_from=cell.valid_from,
                valid_to=cell.valid_to,
                legal_basis=cell.legal_basis,
                reason=cell.reason,
            )
