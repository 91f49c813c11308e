"""Streets as a text can name them: where they are known to be, number by number."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import shapely

from thudo.directory.rules.locating.addresses import Address
from thudo.directory.rules.locating.parts import Shares
from thudo.directory.rules.locating.rows import Road
from thudo.directory.rules.locating.words import toned_of

# About 100 m of a road is worth this much of a known place on it.
_ROAD_STEP = 0.001
ROAD_WEIGHT = 0.25
# Spots of a name farther apart than this (degrees, about 900 m) are on streets of their own.
_APART = 0.0081


class Spot(NamedTuple):
    """A known point of a street. `number` along it (0: none); `house`, `lanes` as written;
    `ward`: its place in Gazetteer.wards."""

    number: int
    house: str
    lanes: tuple[str, ...]
    ward: int
    longitude: float
    latitude: float
    weight: float
    toned: str


class Street:
    """A name of streets, wherever in the city they are."""

    def __init__(self, key: str, size: int) -> None:
        self.key = key
        self.toned: dict[str, int] = {}
        self.name = ""
        self.spots: list[Spot] = []
        self.shares: Shares = np.zeros(size)
        # Wards of the former district in which it is said to be; of weight _HEARSAY.
        self.hearsay: Shares = np.zeros(size)
        # Known from a map or a list of streets, not only from what places say of themselves.
        self.is_sure = False
        self._stretches: list[list[Spot]] | None = None

    def called(self, address: Address) -> None:
        """Remember how it is spelled; the commonest spelling with accents is the name."""
        toned = toned_of(address.words)
        self.toned[toned] = self.toned.get(toned, 0) + 1
        if not self.name or (self.name.isascii() and not address.name.isascii()):
            self.name = address.name

    def add(self, spot: Spot) -> None:
        self.spots.append(spot)
        self.shares[spot.ward] += spot.weight
        self._stretches = None

    def stretches(self) -> list[list[Spot]]:
        """Its spots in groups that lie together: streets of one name are in many places."""
        if self._stretches is None:
            self._stretches = _together(self.spots)
        return self._stretches


def _together(spots: Sequence[Spot]) -> list[list[Spot]]:
    """Groups in which each spot is within _APART of another."""
    if not spots:
        return []
    at = np.array([(spot.longitude, spot.latitude) for spot in spots])
    at[:, 0] *= np.cos(np.radians(at[0, 1]))
    open_ones = np.ones(len(spots), bool)
    groups = []
    while open_ones.any():
        edge = [int(open_ones.argmax())]
        open_ones[edge] = False
        group = list(edge)
        while edge:
            near = np.hypot(*(at - at[edge.pop()]).T) < _APART
            more = np.flatnonzero(near & open_ones).tolist()
            open_ones[more] = False
            edge += more
            group += more
        groups.append([spots[place] for place in sorted(group)])
    return groups


def road_points(roads: Sequence[Road], wards: Any) -> Iterator[tuple[int, int, float, float]]:
    """(place in roads, ward, longitude, latitude) along every road, all reckoned at once;
    `wards`: an STRtree of the wards' polygons."""
    if not roads:
        return
    lines, owners = shapely.get_parts([road.shape for road in roads], return_index=True)
    counts = np.maximum(1, np.round(shapely.length(lines) / _ROAD_STEP)).astype(int)
    first = np.repeat(np.cumsum(counts) - counts, counts)
    parts = (np.arange(counts.sum()) - first + 0.5) / np.repeat(counts, counts)
    points = shapely.line_interpolate_point(np.repeat(lines, counts), parts, normalized=True)
    owners = np.repeat(owners, counts).tolist()
    xs, ys = shapely.get_x(points).tolist(), shapely.get_y(points).tolist()
    for place, ward in zip(*wards.query(points, "intersects").tolist(), strict=True):
        yield owners[place], ward, xs[place], ys[place]
