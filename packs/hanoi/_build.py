"""How the derived files of this pack were made from the public sources in SOURCES.md.

    python packs/hanoi/_build.py SOURCE_FOLDER        (the folder with wards/, osm/, streets/)

Writes areas.geojson, former_areas.csv, successions.csv, area_groups.csv, units-wards.csv,
roads.geojson, water.geojson, places-osm.csv and places-streets.csv beside itself. The other
files of the pack are kept by hand.
"""

import csv
import json
import re
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import mapping, shape

HERE = Path(__file__).resolve().parent
SINCE = "2025-07-01"
# The list of 526 units stood from the last change before the reform (1 January 2025).
FORMER_SINCE = "2025-01-01"
# OpenStreetMap's classes of way, as drawn and as decided on (city.toml: asset_layers).
CLASSES = {
    "trunk": "trunk", "primary": "primary", "primary_link": "primary", "secondary": "secondary",
    "secondary_link": "secondary", "tertiary": "tertiary", "tertiary_link": "tertiary",
    "residential": "street", "living_street": "street", "unclassified": "street",
    "pedestrian": "path", "service": "service",
    "track": "path", "path": "path", "cycleway": "path", "bridleway": "path",
}  # fmt: skip
ENGLISH_KINDS = {"Phường": "Ward", "Xã": "Commune", "Thị trấn": "Township"}
STREET_KINDS = re.compile(r"^(đường|phố|phõ|đ\.|p\.)\s+", re.IGNORECASE)
Row = dict[str, Any]


def main(source: Path) -> None:
    wards = rows(source / "wards" / "hanoi_wards.csv")
    crosswalk = rows(source / "wards" / "hanoi_old_to_new_wards.csv")
    polygons = json.loads((source / "wards" / "hanoi_wards_simplified_10m.geojson").read_text())
    shapes = {f["properties"]["code"]: shape(f["geometry"]) for f in polygons["features"]}
    write_areas(wards, shapes)
    write_former(crosswalk)
    write_area_groups(crosswalk)
    write_ward_units(wards)
    roads = read_roads(source / "osm" / "hanoi_central_roads.geojson")
    write_roads(roads)
    write_water(source / "osm" / "hanoi_rivers_gshhg.geojson", shapes)
    pois = rows(source / "osm" / "hanoi_poi_osm.csv")
    addresses = rows(source / "osm" / "hanoi_address_points.csv")
    write_pois(pois, addresses)
    write_streets(source / "streets" / "HN.json", roads, [*pois, *addresses], crosswalk, shapes)


def rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return [
            {k: unicodedata.normalize("NFC", v) for k, v in r.items()} for r in csv.DictReader(file)
        ]


def write_rows(name: str, header: str, lines: Iterable[Iterable[object]]) -> None:
    with (HERE / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header.split(","))
        writer.writerows(lines)


def write_features(name: str, features: Iterable[Row]) -> None:
    """One feature a line, so that a problem can be reported by its line."""
    lines = (json.dumps(f, ensure_ascii=False, separators=(",", ":")) for f in features)
    text = '{"type":"FeatureCollection","features":[\n' + ",\n".join(lines) + "\n]}\n"
    (HERE / name).write_text(text, "utf-8")


def feature(geometry: Any, **properties: object) -> Row:
    # Five decimals are one metre, finer than any of the sources.
    rounded = shapely.set_precision(geometry, 0.00001, mode="pointwise")
    plain = json.loads(json.dumps(mapping(rounded)))
    return {"type": "Feature", "properties": properties, "geometry": trimmed(plain)}


def trimmed(geometry: Row) -> Row:
    def short(value: Any) -> Any:
        return round(value, 5) if isinstance(value, float) else [short(v) for v in value]

    return {"type": geometry["type"], "coordinates": short(geometry["coordinates"])}


def write_areas(wards: list[Row], shapes: dict[str, Any]) -> None:
    write_features(
        "areas.geojson",
        (
            feature(
                shapes[ward["code"]],
                code=ward["code"],
                kind="ward" if ward["fullName"].startswith("Phường") else "commune",
                name={"vi": ward["name"], "en": ward["nameEn"]},
                full_name={"vi": ward["fullName"], "en": ward["fullNameEn"]},
                in_text={"vi": lower_first(ward["fullName"]), "en": ward["fullNameEn"]},
                population=int(ward["population"]),
                office=ward["office"],
                valid_from=SINCE,
            )
            for ward in wards
        ),
    )


def lower_first(name: str) -> str:
    """ "Phường Khương Đình" as it stands in a sentence."""
    return name[:1].lower() + name[1:]


def write_former(crosswalk: list[Row]) -> None:
    districts = {row["old_district_code"]: row["old_district"] for row in crosswalk}
    wards = {row["old_ward_code"]: row for row in crosswalk}
    write_rows(
        "former_areas.csv",
        "code,official_code,kind,name_vi,name_en,full_name_vi,full_name_en,longitude,latitude,valid_from,valid_to",
        [
            *(
                [f"old-{code}", code, "former_district", bare(name), plain(bare(name)), name,
                 f"{plain(bare(name))} District", "", "", FORMER_SINCE, SINCE]
                for code, name in sorted(districts.items())
            ),
            *(
                [f"old-{code}", code, "former_ward", bare(row["old_ward"]), plain(bare(row["old_ward"])),
                 row["old_ward"], english(row["old_ward"]),
                 row["old_lon"], row["old_lat"], FORMER_SINCE, SINCE]
                for code, row in sorted(wards.items())
            ),
        ],
    )  # fmt: skip
    pairs = {(f"old-{r['old_ward_code']}", r["new_ward_code"]): r for r in crosswalk}
    in_district = sorted({(f"old-{r['old_district_code']}", r["new_ward_code"]) for r in crosswalk})
    write_rows(
        "successions.csv",
        "former,area,is_default,is_divided",
        [
            *([former, area, "", "true"] for former, area in in_district),
            *(
                [former, area, truth(row["is_default"]), truth(row["old_ward_was_divided"])]
                for (former, area), row in sorted(pairs.items())
            ),
        ],
    )


def truth(digit: str) -> str:
    return "true" if digit == "1" else ""


def bare(name: str) -> str:
    return re.sub(r"^(Phường|Xã|Thị trấn|Quận|Huyện|Thị xã)\s+", "", name)


def plain(name: str) -> str:
    text = unicodedata.normalize("NFD", name).replace("Đ", "D").replace("đ", "d")
    return "".join(c for c in text if not unicodedata.combining(c))


def english(name: str) -> str:
    kind = next(k for k in ENGLISH_KINDS if name.startswith(k))
    return f"{plain(bare(name))} {ENGLISH_KINDS[kind]}"


def write_area_groups(crosswalk: list[Row]) -> None:
    """Wards whose (default) former ward lay in an urban district, in Hà Đông, in Sơn Tây."""
    homes: dict[str, list[str]] = defaultdict(list)
    for row in crosswalk:
        if row["is_default"] == "1":
            homes[row["new_ward_code"]].append(row["old_district"])
    groups = {"inner": "Quận ", "ha_dong": "Quận Hà Đông", "son_tay": "Thị xã Sơn Tây"}
    write_rows(
        "area_groups.csv",
        "group,area",
        (
            (group, ward)
            for group, district in groups.items()
            for ward, names in sorted(homes.items())
            if sum(name.startswith(district) for name in names) * 2 > len(names)
        ),
    )


def write_ward_units(wards: list[Row]) -> None:
    def lines() -> Iterator[list[object]]:
        for ward in wards:
            code, full = ward["code"], lower_first(ward["fullName"])
            kind = "ward_committee" if full.startswith("phường") else "commune_committee"
            office = f"{ward['fullNameEn']} People's Committee"
            police = f"{ward['fullNameEn']} Police"
            yield [f"ward-{code}", kind, f"UBND {full}", office, "ubnd-tp", code, "office", "",
                   ward["office"], SINCE, ""]  # fmt: skip
            yield [f"police-{code}", "local_police", f"Công an {full}", police, "cong-an-tp", code,
                   "round-the-clock", "", "", SINCE, ""]  # fmt: skip

    header = "code,kind,name_vi,name_en,parent,area,calendar,phone,address,valid_from,valid_to"
    write_rows("units-wards.csv", header, lines())


def read_roads(path: Path) -> list[tuple[str, str, Any]]:
    """(class, name, line) of every way that is drawn."""
    features = json.loads(path.read_text())["features"]
    return [
        (CLASSES[f["properties"]["highway"]], f["properties"]["name"] or "", shape(f["geometry"]))
        for f in features
        if f["properties"]["highway"] in CLASSES
    ]


def write_roads(roads: list[tuple[str, str, Any]]) -> None:
    """Ways of one class and name as one feature; unnamed service ways under 40 m are left out."""
    merged: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for kind, name, line in roads:
        if not (kind in ("service", "path") and not name and line.length < 0.0004):
            merged[kind, name].append(line)
    write_features(
        "roads.geojson",
        (
            # "class" is a keyword here but the usual name of the property in vector maps.
            feature(shapely.multilinestrings(lines), **{"class": kind, "name": name})
            for (kind, name), lines in sorted(merged.items())
        ),
    )


def write_water(path: Path, shapes: dict[str, Any]) -> None:
    """Rivers near the city; the source is off by 5 to 650 m, so it orients and no more."""
    near = shapely.union_all(list(shapes.values())).buffer(0.01)
    features = json.loads(path.read_text())["features"]
    lines = (shape(f["geometry"]).intersection(near) for f in features)
    write_features("water.geojson", (feature(line) for line in lines if not line.is_empty))


def write_pois(pois: list[Row], addresses: list[Row]) -> None:
    def lines() -> Iterator[list[object]]:
        used = set()
        for poi in pois:
            street = " ".join(part for part in (poi["housenumber"], poi["street"]) if part)
            code = f"osm:{poi['osm_type'][0]}{poi['osm_id']}"
            # One object may be a place of two kinds.
            code = f"{code}:{poi['kind']}" if code in used else code
            used.add(code)
            yield [code, poi["kind"], poi["name"], street, poi["ward_code"],
                   *at(poi), "OpenStreetMap"]  # fmt: skip
        seen = set()
        for address in addresses:
            name = f"{address['housenumber']} {address['street']}"
            key = (name, address["ward_code"])
            # "Opposite number 12" is not number 12; the first of equal numbers stands.
            if address["opposite"] == "1" or key in seen:
                continue
            seen.add(key)
            yield [f"address:{address['ward_code']}:{name}", "address", name, address["name"],
                   address["ward_code"], *at(address), "OpenStreetMap"]  # fmt: skip

    write_rows("places-osm.csv", "code,kind,name,detail,area,longitude,latitude,source", lines())


def at(row: Row) -> tuple[str, str]:
    return f"{float(row['lon']):.5f}", f"{float(row['lat']):.5f}"


def write_streets(
    names: Path, roads: list[tuple[str, str, Any]], pois: list[Row], crosswalk: list[Row],
    shapes: dict[str, Any],
) -> None:  # fmt: skip
    """Streets with a point in each ward they touch; then those known only by old district."""
    points: dict[tuple[str, str], list[Any]] = defaultdict(list)
    spelled: dict[tuple[str, str], str] = {}
    tree = shapely.STRtree(list(shapes.values()))
    codes = list(shapes)
    for _kind, name, line in roads:
        if is_street(name):
            middle = line.interpolate(0.5, normalized=True)
            for hit in tree.query(middle, predicate="intersects"):
                note(points, spelled, name, codes[hit], middle)
    for poi in pois:
        if is_street(poi["street"]):
            point = shapely.Point(float(poi["lon"]), float(poi["lat"]))
            note(points, spelled, poi["street"], poi["ward_code"], point)
    districts: dict[str, set[str]] = defaultdict(set)
    for row in crosswalk:
        districts[row["old_district_code"]].add(row["new_ward_code"])
    write_rows(
        "places-streets.csv",
        "code,kind,name,detail,area,longitude,latitude,source",
        [*placed(points, spelled), *unplaced(names, crosswalk, districts, set(points))],
    )


def note(
    points: dict[tuple[str, str], list[Any]], spelled: dict[tuple[str, str], str],
    name: str, ward: str, point: Any,
) -> None:  # fmt: skip
    name = " ".join(name.split())
    key = (street_key(name), ward)
    points[key].append(point)
    # The spelling that says whether it is a road or a street is the better one.
    if key not in spelled or (STREET_KINDS.match(name) and not STREET_KINDS.match(spelled[key])):
        spelled[key] = name


def is_street(name: str) -> bool:
    """Whether it names a street: OpenStreetMap has house numbers and slips there too."""
    return name[:1].isalpha() and any(c.isalpha() for c in street_key(name))


def street_key(name: str) -> str:
    return STREET_KINDS.sub("", name.strip()).lower()


def placed(
    points: dict[tuple[str, str], list[Any]], spelled: dict[tuple[str, str], str]
) -> Iterator[list[object]]:
    for (key, ward), found in sorted(points.items()):
        # A real point of the street, not a mean that lies in no street: the middle one.
        centre = shapely.MultiPoint(found).centroid
        point = min(found, key=centre.distance)
        yield [f"street:{ward}:{key}", "street", spelled[key, ward], "", ward,
               f"{point.x:.5f}", f"{point.y:.5f}", "OpenStreetMap"]  # fmt: skip


def unplaced(
    names: Path, crosswalk: list[Row], districts: dict[str, set[str]], known: set[tuple[str, str]]
) -> Iterator[list[object]]:
    codes = {row["old_district"]: row["old_district_code"] for row in crosswalk}
    for district in json.loads(names.read_text())["district"]:
        code = codes[f"{district['pre']} {district['name']}"]
        streets = {unicodedata.normalize("NFC", name) for name in district["street"]}
        for key, street in {street_key(name): name for name in sorted(streets)}.items():
            # Bare numbers are no street names; what has a point in the district needs no narrowing.
            if not is_street(street) or any((key, w) in known for w in districts[code]):
                continue
            yield [f"street:old-{code}:{key}", "street", street, "",
                   f"old-{code}", "", "", "thien0291/vietnam_dataset"]  # fmt: skip


if __name__ == "__main__":
    main(Path(sys.argv[1]))
