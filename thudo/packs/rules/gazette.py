"""A pack's names for finding places in texts, read straight from its files: no database."""

import csv
import json
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import shapely

from thudo.directory.rules.locating import AreaRow, PlaceName, Road, Sources


def sources(folder: Path) -> Sources:
    """Everything a gazetteer is made of. The pack is taken to be sound (thudo pack check)."""
    city = tomllib.loads((folder / "city.toml").read_text("utf-8"))
    languages = [language["code"] for language in city["languages"]]
    addresses = folder / "addresses.toml"
    words = tomllib.loads(addresses.read_text("utf-8")) if addresses.is_file() else {}
    return Sources(
        areas=[*_present(folder, languages), *_former(folder, languages)],
        places=[
            PlaceName(row["kind"], row["name"], row["detail"], row["area"], *_point(row))
            for row in _rows(folder, "places")
        ],
        roads=list(_roads(folder)),
        words=words,
    )


def _rows(folder: Path, name: str) -> Iterator[dict[str, str]]:
    for path in sorted([*folder.glob(f"{name}.csv"), *folder.glob(f"{name}-*.csv")]):
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from csv.DictReader(file)


def _point(row: dict[str, str]) -> tuple[float | None, float | None]:
    if not row["longitude"] or not row["latitude"]:
        return None, None
    return float(row["longitude"]), float(row["latitude"])


def _features(folder: Path, name: str) -> list[dict[str, Any]]:
    path = folder / f"{name}.geojson"
    if not path.is_file():
        return []
    features: list[dict[str, Any]] = json.loads(path.read_text("utf-8"))["features"]
    return features


def _present(folder: Path, languages: list[str]) -> Iterator[AreaRow]:
    for feature in _features(folder, "areas"):
        values = feature["properties"]
        if values.get("valid_to"):
            continue
        shape = shapely.geometry.shape(feature["geometry"])
        middle = shape.representative_point()
        yield AreaRow(
            code=values["code"],
            names=tuple(dict.fromkeys(values["name"].values())),
            full=values["full_name"][languages[0]],
            official=values.get("official_code") or values["code"],
            wards=(),
            longitude=middle.x,
            latitude=middle.y,
            shape=shape,
            office=values.get("office", ""),
        )


def _former(folder: Path, languages: list[str]) -> Iterator[AreaRow]:
    wards: dict[str, list[tuple[str, bool, bool]]] = defaultdict(list)
    for row in _rows(folder, "successions"):
        wards[row["former"]].append(
            (row["area"], row["is_default"] == "true", row["is_divided"] == "true")
        )
    for row in _rows(folder, "former_areas"):
        longitude, latitude = _point(row)
        yield AreaRow(
            code=row["code"],
            names=tuple(dict.fromkeys(row[f"name_{code}"] for code in languages)),
            full=row[f"full_name_{languages[0]}"],
            official=row["official_code"],
            wards=tuple(wards[row["code"]]),
            longitude=longitude,
            latitude=latitude,
            shape=None,
            office="",
        )


def _roads(folder: Path) -> Iterator[Road]:
    for feature in _features(folder, "roads"):
        if name := feature["properties"].get("name"):
            yield Road(name, shapely.geometry.shape(feature["geometry"]))
