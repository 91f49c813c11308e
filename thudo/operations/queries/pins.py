"""What the public map shows: clusters by H3 cell when far, one mark per case when near.

`Petition.cell` is the H3 cell of resolution 11; the descendants of a coarser cell are one
contiguous range of it, so one B-tree answers every zoom (reference: measured.md, section 4).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import h3
from django.db import connection

from thudo.operations.queries.conditions import Where, soon_at
from thudo.operations.queries.listing import Row, row_of, rows_where, source_of
from thudo.operations.rules import Filters
from thudo.petitions.rules import public_point

STORED = 11
# The bits of a stored cell that finer ones would use: all set.
_FINER = 3 * (15 - STORED)
# A home is never shown nearer than its cell of this resolution (0.1 km2), also not by asking
# with ever smaller boxes: the boxes are widened to cells of this size.
HOME = 9
MOST_PINS = 300
# Of cases long ended, as many of the newest are counted in clusters.
MOST_ROWS = 20_000
# From this zoom on each case has its own mark.
NEAR_ZOOM = 14.0
# zoom -> resolution of the clusters: about 60 to 100 px across at each zoom.
_RESOLUTIONS = ((10, 5), (11, 6), (12.5, 7), (NEAR_ZOOM, 8))
_MOST_CELLS = 60

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Cluster:
    """Cases of one cell: degrees of its centre and how many there are of each shape."""

    cell: str
    longitude: float
    latitude: float
    shares: dict[str, int]

    @property
    def count(self) -> int:
        return sum(self.shares.values())


@dataclass(frozen=True, slots=True)
class Pin:
    """One case with the point that everybody may know; `soft`: somewhere around it (a home)."""

    longitude: float
    latitude: float
    soft: bool
    row: Row


def clusters(box: Box, zoom: float, filters: Filters, *, at: datetime) -> list[Cluster]:
    """Public cases in (west, south, east, north), counted by cell."""
    resolution = next((r for limit, r in _RESOLUTIONS if zoom < limit), 8)
    shift = 3 * (15 - resolution)
    parent = (
        f"((p.cell & ~(15::bigint << 52)) | ({resolution}::bigint << 52)"
        f" | ((1::bigint << {shift}) - 1))"
    )
    source, found = _source(filters, at)
    _in_box(found, box)
    sql = f"SELECT {parent}, {_SHAPE}, count(*) FROM {source} WHERE {found.sql} GROUP BY 1, 2"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, [at, soon_at(at), *found.values])
        return _clusters(cursor.fetchall())


def _source(filters: Filters, at: datetime) -> tuple[str, Where]:
    """Where cases and their cells are counted, `c` and `p`: of those long ended only the newest."""
    source, found = source_of(filters, at)
    if filters.finds_marks:
        return source, found
    newest = f"""
    (SELECT p.cell, p.id, c.state, c.promised_at FROM {source} WHERE {found.sql}
     AND p.cell IS NOT NULL ORDER BY p.filed_at DESC LIMIT {MOST_ROWS}) p
    CROSS JOIN LATERAL (SELECT p.state, p.promised_at) c
    """  # noqa: S608
    return newest, Where(values=found.values)


def pins(box: Box, filters: Filters, *, at: datetime, limit: int = MOST_PINS) -> list[Pin]:
    """The newest public cases in a box, each with its public point."""
    extra = Where()
    _in_box(extra, box)
    soon = soon_at(at)
    rows = rows_where(extra, filters, at=at, limit=limit)
    found = (_pin(lon, lat, row_of(values, at, soon)) for lon, lat, *values in rows)
    return [pin for pin in found if pin and _holds(box, pin)]


# The SQL twin of operations.rules.shape_of (a test compares them).
_SHAPE = """
CASE WHEN c.state = 'resolved' THEN 'done' WHEN c.state IN ('answered', 'awaiting_supplement')
  THEN 'wait' WHEN c.state = 'refused' THEN 'unknown' WHEN c.promised_at < %s::timestamptz
  THEN 'late' WHEN c.promised_at <= %s::timestamptz THEN 'soon' ELSE 'ok' END
"""


def _in_box(found: Where, box: Box) -> None:
    """Cells of the box as ranges of the stored ones: unrolled, so that the planner sees each."""
    found.add("p.cell IS NOT NULL")
    ranges = _ranges(_covering(box))
    tests = " OR ".join(["p.cell BETWEEN %s::bigint AND %s::bigint"] * len(ranges))
    found.add(f"({tests or 'false'})", *(end for pair in ranges for end in pair))


def _covering(box: Box) -> Iterable[str]:
    west, south, east, north = box
    ring = [(south, west), (south, east), (north, east), (north, west)]
    shape = h3.LatLngPoly(ring)
    for resolution in range(HOME, 3, -1):
        # A cell of the next coarser size is seven times as large.
        wide = h3.average_hexagon_area(resolution, unit="km^2") * _MOST_CELLS
        if _km2(box) <= wide:
            break
    return list(h3.h3shape_to_cells_experimental(shape, resolution, contain="overlap"))


def _km2(box: Box) -> float:
    west, south, east, north = box
    return (east - west) * 104 * (north - south) * 111


def _ranges(cells: Iterable[str]) -> list[tuple[int, int]]:
    """First and last stored cell below these, neighbours as one: a row is held against each."""
    joined: list[tuple[int, int]] = []
    for low, high in sorted(map(_range, h3.compact_cells(cells))):
        if joined and low >> _FINER == (joined[-1][1] >> _FINER) + 1:
            low, _ = joined.pop()
        joined.append((low, high))
    return joined


def _range(cell: str) -> tuple[int, int]:
    value, resolution = h3.str_to_int(cell), h3.get_resolution(cell)
    base = (value & ~(15 << 52)) | (STORED << 52)
    free = 3 * (STORED - resolution)
    low = base & ~(((1 << free) - 1) << _FINER)
    return low, low | (((1 << free) - 1) << _FINER)


def _clusters(rows: Sequence[tuple[int, str, int]]) -> list[Cluster]:
    shares: dict[int, dict[str, int]] = {}
    for cell, shape, count in rows:
        shares.setdefault(cell, {})[shape] = count
    return [_cluster(h3.int_to_str(cell), parts) for cell, parts in shares.items()]


def _cluster(cell: str, shares: dict[str, int]) -> Cluster:
    north, east = h3.cell_to_latlng(cell)
    return Cluster(cell, round(east, 5), round(north, 5), shares)


def _pin(longitude: float, latitude: float, row: Row) -> Pin | None:
    point = public_point(longitude, latitude, is_home=row.is_home)
    return Pin(point.longitude, point.latitude, point.is_coarse, row) if point else None


def _holds(box: Box, pin: Pin) -> bool:
    west, south, east, north = box
    return west <= pin.longitude <= east and south <= pin.latitude <= north
