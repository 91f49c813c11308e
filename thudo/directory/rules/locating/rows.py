"""What a gazetteer is made of, wherever it comes from: the database or a pack's files."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple


class AreaRow(NamedTuple):
    """A present or former part of the city. `wards`: (code of a present ward, whether it is the
    default, whether the former one was divided); empty for a present ward. `shape`: a shapely
    polygon of a present ward. `names`: without the word of its kind; `full`: with it."""

    code: str
    names: tuple[str, ...]
    full: str
    official: str
    wards: tuple[tuple[str, bool, bool], ...]
    longitude: float | None
    latitude: float | None
    shape: Any
    office: str


class PlaceName(NamedTuple):
    """A place of the directory; `area`: a present ward or, without a point, a former area."""

    kind: str
    name: str
    detail: str
    area: str
    longitude: float | None
    latitude: float | None


class Road(NamedTuple):
    """The lines of one name; `shape`: a shapely line."""

    name: str
    shape: Any


class Sources(NamedTuple):
    """All of it; `words`: addresses.toml, empty when the pack has none."""

    areas: Sequence[AreaRow]
    places: Sequence[PlaceName]
    roads: Sequence[Road]
    words: Mapping[str, Any]
