"""Readers of the demo data in the pack, and of places to put it."""

import json
import random
import tomllib
from bisect import bisect
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from typing import Any

from django.conf import settings

from thudo.directory.models import Area, Place
from thudo.directory.queries import directory
from thudo.petitions.models import Petition
from thudo.simulation.rules import Manner, Phrases, Spot, Story, manners

# Sentences written for the classifier's training that are fit to be shown as petitions.
SEEDS = ("field.jsonl", "long.jsonl", "urgent.jsonl", "other_hands.jsonl")
SEED_LEAST = 30
# People of wards file more than people of communes.
URBAN = {"ward": 1.5}


@dataclass(frozen=True)
class World:
    """The stage: what happens, where, and how each unit behaves. `transfers`: a service's group
    -> the unit to which cases are handed on."""

    stories: tuple[Story, ...]
    phrases: Phrases
    units: dict[str, Manner]
    transfers: dict[str, str]
    _areas: tuple[str, ...]
    _reach: tuple[float, ...]
    _places: dict[str, list[Spot]]

    def manner(self, unit: str) -> Manner:
        return self.units.get(unit) or self.units.get(unit.split("-")[0], _ORDINARY)

    def spot(self, dice: random.Random) -> Spot:
        """A point near a real place; wards by their people."""
        at = bisect(self._reach, dice.random() * self._reach[-1])
        place = dice.choice(self._places[self._areas[at]])
        longitude = round(place.longitude + dice.uniform(-0.0006, 0.0006), 6)
        latitude = round(place.latitude + dice.uniform(-0.0006, 0.0006), 6)
        # At the city's edge a step aside may leave it.
        if directory().area_at(longitude, latitude) is None:
            return place
        return replace(place, longitude=longitude, latitude=latitude)


_ORDINARY = Manner()


def world() -> World:
    """The stage as the pack sets it; without stories nothing can be simulated."""
    areas, reach, places = _stage()
    units = _file("units.toml")
    return World(
        stories(), _phrases(), manners(units.get("manners", {}), units.get("units", {})),
        units.get("transfers", {}), areas, reach, places,
    )  # fmt: skip


def stories() -> tuple[Story, ...]:
    """The invented matters of the pack (demo/stories.toml); none if it has none."""
    seeds = _seeds()
    return tuple(
        Story(
            row["service"], row.get("picture", ""),
            tuple(row["texts"]) + tuple(seeds.get(row["service"], ())),
            tuple(row.get("progress", ())), tuple(row.get("done", ())),
            tuple(row.get("answered", ("", "", ""))), row.get("weight", 1.0),
            row.get("season", ""), is_taken="done" in row,
        )
        for row in _file("stories.toml").get("stories", ())
    )  # fmt: skip


def seed() -> int:
    """The seed that goes with the planted manners (demo/units.toml)."""
    return int(_file("units.toml").get("seed", 1))


def announcements() -> dict[str, Any]:
    """The invented announcements and questions of the pack (demo/advisories.toml)."""
    return _file("advisories.toml")


def visits() -> dict[str, Any]:
    """The invented visitors and the invented business of the pack (demo/reception.toml)."""
    return _file("reception.toml")


def has_petitions() -> bool:
    """Whether anything was filed yet: demo data never goes beside real petitions."""
    return Petition.objects.exists()


def _phrases() -> Phrases:
    given = _file("stories.toml").get("phrases", {})
    return Phrases(**{name: tuple(given.get(name, ("",))) for name in Phrases.__slots__})


def _stage() -> tuple[tuple[str, ...], tuple[float, ...], dict[str, list[Spot]]]:
    found: dict[str, list[Spot]] = defaultdict(list)
    rows = Place.objects.exclude(longitude=None).exclude(area=None).order_by("code")
    for name, detail, area, longitude, latitude in rows.values_list(
        "name", "detail", "area", "longitude", "latitude"
    ):
        found[str(area)].append(Spot(name, detail, str(area), longitude or 0, latitude or 0))
    areas = Area.objects.filter(pk__in=list(found), valid_to=None).order_by("pk")
    weights = [(area.code, (area.population or 1000) * URBAN.get(area.kind, 0.7)) for area in areas]
    reach = tuple(accumulate(weight for _, weight in weights))
    return tuple(code for code, _ in weights), reach, dict(found)


@lru_cache(maxsize=2)
def _seeds() -> dict[str, list[str]]:
    folder = Path(settings.PACK_DIR) / "classification" / "seed"
    found: dict[str, list[str]] = defaultdict(list)
    for name in SEEDS:
        path = folder / name
        for line in path.read_text("utf-8").splitlines() if path.exists() else ():
            row = json.loads(line)
            if len(row["text"]) >= SEED_LEAST:
                found[row["service"]].append(row["text"])
    return found


def _file(name: str) -> dict[str, Any]:
    path = Path(settings.PACK_DIR) / "demo" / name
    return tomllib.loads(path.read_text("utf-8")) if path.exists() else {}
