"""Reads a pack's folder into values; what cannot be understood becomes a problem with its line."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from thudo.packs.rules import civic, tomls
from thudo.packs.rules.lines import Broken, Line, line_of, table
from thudo.packs.rules.values import (
    Area,
    AuthorityRule,
    DutyRule,
    Group,
    Origin,
    Pack,
    PlaceKind,
    PostRule,
    Problem,
    Receiver,
    Service,
    Spot,
    Stream,
    Succession,
    Term,
    Unit,
)

ROLES = ("head", "deputy", "handler", "duty", "intake", "checking", "leader")
IDENTITIES = ("required", "contact", "anonymous")
HANDLINGS = ("case", "thank", "answer", "refuse")
SEVERITIES = ("normal", "urgent", "complex")
CLOCKS = (
    "intake", "handling", "acknowledge", "triage", "check", "supplement", "recheck", "confirm",
)  # fmt: skip
MEASURES = ("working", "elapsed")
MAP_LAYERS = ("areas", "roads", "water")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

T = TypeVar("T")


def digest_of(folder: Path) -> str:
    """SHA-256 over every data file of the pack (notes and what starts with "_" or "." aside)."""
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and path.suffix != ".md" and not _is_aside(name):
            total.update(f"{name}\0{path.stat().st_size}\0".encode())
            total.update(path.read_bytes())
    return total.hexdigest()


def _is_aside(name: str) -> bool:
    return any(part.startswith(("_", ".")) for part in name.split("/"))


def read(folder: Path) -> Pack:
    """The whole pack; look at its `problems` before you trust it."""
    pack = Pack(folder)
    tomls.read_city(pack)
    if not pack.city:
        return pack
    tomls.read_addresses(pack)
    civic.read_civic(pack)
    pack.digest = digest_of(folder)
    for code in MAP_LAYERS:
        _read_layer(pack, code)
    questions = tomls.read_questions(pack)
    pack.areas += [*_areas_of_geojson(pack), *_rows(pack, "former_areas", _former_area)]
    pack.successions += _rows(pack, "successions", _succession)
    pack.area_groups = _area_groups(pack)
    pack.units += _rows(pack, "units", _unit)
    pack.posts += _rows(pack, "posts", _post)
    pack.streams += _rows(pack, "streams", _stream)
    pack.groups += _rows(pack, "groups", _group)
    pack.services += _rows(pack, "services", lambda line: _service(line, questions))
    pack.authority += _rows(pack, "authority", _authority)
    pack.receivers += _rows(pack, "conduct", _receiver)
    pack.terms += _rows(pack, "terms", _term)
    pack.duty += _rows(pack, "duty", _duty)
    pack.place_kinds += _rows(pack, "place_kinds", _place_kind)
    pack.places += _rows(pack, "places", _spot)
    pack.calendars += tomls.read_calendars(pack)
    pack.people += tomls.read_people(pack)
    return pack


def _rows(pack: Pack, name: str, make: Callable[[Line], T]) -> Iterator[T]:
    for line in table(pack, name):
        try:
            yield make(line)
        except Broken:
            continue


def _areas_of_geojson(pack: Pack) -> Iterable[Area]:
    """The city itself, then its present areas."""
    city = tomls.city_area(pack)
    yield city
    text = pack.layers.get("areas", "")
    for feature in pack.features.get("areas", ()):
        values = feature.get("properties", {})
        code = str(values.get("code", ""))
        number = line_of(text, f'"code":"{code}"', f'"code": "{code}"')
        line = Line(pack, "areas.geojson", number, _flat(values))
        try:
            yield _area(line, values, feature["geometry"], city.code)
        except Broken:
            continue


def _flat(values: dict[str, Any]) -> dict[str, str]:
    """{"name": {"vi": "x"}} as {"name_vi": "x"}, so that one reader serves tables and GeoJSON."""
    flat: dict[str, str] = {}
    for key, value in values.items():
        if isinstance(value, dict):
            flat |= {f"{key}_{code}": str(word) for code, word in value.items()}
        elif value is not None:
            flat[key] = str(value)
    return flat


def _area(line: Line, values: dict[str, Any], polygon: dict[str, Any], city: str) -> Area:
    full_name = line.words("full_name")
    return Area(
        at=line.at,
        code=line.need("code"),
        official_code=line.text("official_code") or line.need("code"),
        kind=line.need("kind"),
        parent=line.text("parent") or city,
        name=line.words("name"),
        full_name=full_name,
        in_text=line.words("in_text", optional=True) or full_name,
        population=line.number("population") if "population" in values else None,
        office=line.text("office"),
        polygon=polygon,
        longitude=line.degrees("longitude"),
        latitude=line.degrees("latitude"),
        valid_from=line.day("valid_from"),
        valid_to=line.end(),
    )


def _former_area(line: Line) -> Area:
    full_name = line.words("full_name")
    return Area(
        at=line.at,
        code=line.need("code"),
        official_code=line.need("official_code"),
        kind=line.need("kind"),
        parent=str(line.pack.city.get("city_area", "")),
        name=line.words("name"),
        full_name=full_name,
        in_text=full_name,
        population=None,
        office="",
        polygon=None,
        longitude=line.degrees("longitude"),
        latitude=line.degrees("latitude"),
        valid_from=line.day("valid_from"),
        valid_to=line.end() or _must_end(line),
    )


def _must_end(line: Line) -> date:
    raise line.broken("A former area needs the day on which it ended (valid_to).")


def _succession(line: Line) -> Succession:
    return Succession(
        line.at,
        line.need("former"),
        line.need("area"),
        line.flag("is_default"),
        line.flag("is_divided"),
    )


def _area_groups(pack: Pack) -> dict[str, list[str]]:
    known = {area.code for area in pack.areas}
    found: dict[str, list[str]] = defaultdict(list)
    for line in table(pack, "area_groups"):
        if line.text("area") in known:
            found[line.text("group")].append(line.text("area"))
        else:
            line.broken(f'There is no area "{line.text("area")}".')
    return found


def _unit(line: Line) -> Unit:
    return Unit(
        at=line.at,
        code=line.need("code"),
        kind=line.need("kind"),
        name=line.words("name"),
        parent=line.text("parent"),
        area=line.text("area"),
        calendar=line.need("calendar"),
        phone=line.text("phone"),
        address=line.text("address"),
        valid_from=line.day("valid_from"),
        valid_to=line.end(),
    )


def _post(line: Line) -> PostRule:
    return PostRule(
        at=line.at,
        unit_kind=line.need("unit_kind"),
        code=line.need("code"),
        role=line.one_of("role", ROLES),
        title=line.words("title"),
        above=line.text("above"),
        groups=line.many("groups"),
    )


def _stream(line: Line) -> Stream:
    return Stream(
        at=line.at,
        code=line.need("code"),
        name=line.words("name"),
        identity=line.one_of("identity", IDENTITIES),
        handling=line.one_of("handling", HANDLINGS),
        legal_basis=line.need("legal_basis"),
    )


def _group(line: Line) -> Group:
    return Group(line.at, line.need("code"), line.words("name"), line.need("icon"))


def _service(line: Line, questions: dict[str, list[dict[str, Any]]]) -> Service:
    code = line.need("code")
    keywords = {
        language: [word.strip() for word in text.split(";") if word.strip()]
        for language, text in line.words("keywords", optional=True).items()
    }
    return Service(
        at=line.at,
        code=code,
        stream=line.need("stream"),
        group=line.text("group"),
        name=line.words("name"),
        keywords=keywords,
        severity=line.one_of("severity", SEVERITIES),
        evidence=line.many("evidence"),
        assets=line.many("assets"),
        is_private_by_default=line.flag("private"),
        about_conduct=line.flag("conduct"),
        reason=line.words("reason", optional=True),
        questions=tuple(questions.get(code, ())),
        valid_from=line.day("valid_from"),
        valid_to=line.end(),
    )


def _authority(line: Line) -> AuthorityRule:
    line.need("service")
    line.need("scope")
    return AuthorityRule(
        at=line.at,
        services=line.many("service"),
        scopes=line.many("scope"),
        unit=line.need("unit"),
        valid_from=line.day("valid_from"),
        valid_to=line.end(),
        legal_basis=line.need("legal_basis"),
        reason=line.words("reason"),
    )


def _receiver(line: Line) -> Receiver:
    return Receiver(line.at, line.need("receiver"), line.need("legal_basis"), line.words("reason"))


def _term(line: Line) -> Term:
    minutes = line.number("minutes")
    if minutes <= 0:
        raise line.broken("A term is at least one minute.")
    return Term(
        at=line.at,
        clock=line.one_of("clock", CLOCKS),
        urgency=line.one_of("urgency", ("", *SEVERITIES)),
        service=line.text("service"),
        measure=line.one_of("measure", MEASURES),
        minutes=minutes,
        source=line.need("source"),
        valid_from=line.day("valid_from"),
        valid_to=line.end(),
    )


def _duty(line: Line) -> DutyRule:
    for day in line.many("days"):
        if day not in DAYS:
            raise line.broken(f'"{day}" is not a day of the week: mon tue wed thu fri sat sun are.')
    return DutyRule(
        at=line.at,
        unit_kind=line.text("unit_kind"),
        unit=line.text("unit"),
        days=line.many("days"),
        starts=line.hour("starts"),
        ends=line.hour("ends"),
        post=line.need("post"),
        valid_from=line.day("valid_from"),
        valid_to=line.end(),
    )


def _place_kind(line: Line) -> PlaceKind:
    osm = line.many("osm")
    for tag in osm:
        if not all(tag.partition("=")):
            raise line.broken(f'"{tag}" in "osm" is not a tag such as amenity=hospital.')
    return PlaceKind(line.at, line.need("code"), line.words("name"), line.number("weight"), osm)


def _spot(line: Line) -> Spot:
    return Spot(
        at=line.at,
        code=line.need("code"),
        kind=line.need("kind"),
        name=line.need("name"),
        detail=line.text("detail"),
        area=line.text("area"),
        longitude=line.degrees("longitude"),
        latitude=line.degrees("latitude"),
        source=line.need("source"),
    )


def _read_layer(pack: Pack, code: str) -> None:
    """A GeoJSON file as text and features; one that is missing or is none is left out."""
    path = pack.folder / f"{code}.geojson"
    if not path.is_file():
        return
    text = path.read_text("utf-8")
    try:
        features = json.loads(text)["features"]
    except (ValueError, KeyError, TypeError) as fault:
        line = getattr(fault, "lineno", 1)
        pack.problems.append(Problem(path.name, line, f"The file is not GeoJSON: {fault}."))
        return
    pack.layers[code], pack.features[code] = text, features


__all__ = ["DAYS", "Origin", "digest_of", "read"]
