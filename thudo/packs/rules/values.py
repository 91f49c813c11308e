"""What a pack says, as values. `file` and `line` tell where each was written."""

from dataclasses import dataclass, field
from datetime import date, time
from pathlib import Path
from typing import Any

Words = dict[str, str]


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a pack is refused: a sentence and the place to mend."""

    file: str
    line: int
    sentence: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.sentence}"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value was written."""

    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Area:
    at: Origin
    code: str
    official_code: str
    kind: str
    parent: str | None
    name: Words
    full_name: Words
    in_text: Words
    population: int | None
    office: str
    polygon: dict[str, Any] | None
    longitude: float | None
    latitude: float | None
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Succession:
    at: Origin
    former: str
    area: str
    is_default: bool
    is_divided: bool


@dataclass(frozen=True, slots=True)
class Unit:
    at: Origin
    code: str
    kind: str
    name: Words
    parent: str
    area: str
    calendar: str
    phone: str
    address: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class PostRule:
    """A post that every unit of a kind has; `above` "^x" is post x of the unit above."""

    at: Origin
    unit_kind: str
    code: str
    role: str
    title: Words
    above: str
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stream:
    at: Origin
    code: str
    name: Words
    identity: str
    handling: str
    legal_basis: str


@dataclass(frozen=True, slots=True)
class Group:
    at: Origin
    code: str
    name: Words
    icon: str


@dataclass(frozen=True, slots=True)
class Service:
    at: Origin
    code: str
    stream: str
    group: str
    name: Words
    keywords: dict[str, list[str]]
    severity: str
    evidence: tuple[str, ...]
    assets: tuple[str, ...]
    is_private_by_default: bool
    about_conduct: bool
    reason: Words
    questions: tuple[dict[str, Any], ...]
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class AuthorityRule:
    """A row as written: several services and scopes, `unit` perhaps with {area}."""

    at: Origin
    services: tuple[str, ...]
    scopes: tuple[str, ...]
    unit: str
    valid_from: date
    valid_to: date | None
    legal_basis: str
    reason: Words


@dataclass(frozen=True, slots=True)
class Receiver:
    """A unit that takes petitions about the conduct of others; the first that may, takes it."""

    at: Origin
    unit: str
    legal_basis: str
    reason: Words


@dataclass(frozen=True, slots=True)
class Term:
    at: Origin
    clock: str
    urgency: str
    service: str
    measure: str
    minutes: int
    source: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Calendar:
    at: Origin
    code: str
    time_zone: str
    week: dict[str, list[list[str]]]
    exceptions: dict[str, dict[str, Any]]
    legal_basis: str
    covers: tuple[date, date]


@dataclass(frozen=True, slots=True)
class DutyRule:
    """Hours on which a post of each unit of a kind ("*": any) or of one unit is on duty."""

    at: Origin
    unit_kind: str
    unit: str
    days: tuple[str, ...]
    starts: time
    ends: time
    post: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class PlaceKind:
    """`osm`: the tags of OpenStreetMap ("amenity=hospital") that make a place one of these."""

    at: Origin
    code: str
    name: Words
    weight: int
    osm: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Spot:
    """A name that finds a point."""

    at: Origin
    code: str
    kind: str
    name: str
    detail: str
    area: str
    longitude: float | None
    latitude: float | None
    source: str


@dataclass(frozen=True, slots=True)
class Person:
    """An invented person for demonstration."""

    at: Origin
    user: str
    name: str
    posts: tuple[str, ...]
    password: str
    is_operator: bool


@dataclass
class Pack:
    """A whole pack as read; `problems` are lines that could not be understood."""

    folder: Path
    digest: str = ""
    city: dict[str, Any] = field(default_factory=dict)
    languages: tuple[str, ...] = ()
    areas: list[Area] = field(default_factory=list)
    successions: list[Succession] = field(default_factory=list)
    area_groups: dict[str, list[str]] = field(default_factory=dict)
    units: list[Unit] = field(default_factory=list)
    posts: list[PostRule] = field(default_factory=list)
    streams: list[Stream] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    services: list[Service] = field(default_factory=list)
    authority: list[AuthorityRule] = field(default_factory=list)
    receivers: list[Receiver] = field(default_factory=list)
    terms: list[Term] = field(default_factory=list)
    calendars: list[Calendar] = field(default_factory=list)
    duty: list[DutyRule] = field(default_factory=list)
    place_kinds: list[PlaceKind] = field(default_factory=list)
    places: list[Spot] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    layers: dict[str, str] = field(default_factory=dict)
    # What the layers hold, by the same code.
    features: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
