"""The directory in memory: one frozen copy per loaded pack version, shared by all requests.

`directory()` costs a comparison; at most once a second it asks the database whether another
version has been loaded. Everything here is immutable and may be kept for the length of a request.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

import shapely
from django.db import connection
from django.utils.translation import get_language

from thudo.directory import models
from thudo.directory.models import Words

# A web process sees a newly loaded pack after at most this long.
FRESH_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Area:
    """A part of the city. `kind`: "city", or as the pack names its parts; former ones have ended."""

    code: str
    official_code: str
    kind: str
    parent: str | None
    name: Words
    full_name: Words
    folded: str
    sort_key: str
    population: int | None
    office: str
    longitude: float | None
    latitude: float | None
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Unit:
    """A body that answers. `parent` is the code of the unit above; `calendar` a calendar's code."""

    code: str
    kind: str
    name: Words
    sort_key: str
    parent: str | None
    area: str | None
    calendar: str
    phone: str
    address: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Post:
    """A named place in a unit; `above` is the code of the post told next."""

    code: str
    unit: str
    role: str
    title: Words
    above: str | None
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stream:
    """A stream of input; the values of `identity` and `handling` are in directory.models.Stream."""

    code: str
    name: Words
    identity: str
    handling: str
    legal_basis: str


@dataclass(frozen=True, slots=True)
class Group:
    """A field of services (lĩnh vực) and its Lucide icon."""

    code: str
    name: Words
    icon: str


@dataclass(frozen=True, slots=True)
class Service:
    """What a person can ask for; lists as in directory.models.Service."""

    code: str
    stream: str
    group: str | None
    name: Words
    keywords: dict[str, list[str]]
    severity: str
    is_admissible: bool
    assets: tuple[str, ...]
    evidence: tuple[str, ...]
    questions: tuple[dict[str, Any], ...]
    is_private_by_default: bool
    about_conduct: bool
    reason: Words
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Successor:
    """A present area that holds (part of) a former one."""

    area: str
    is_default: bool
    is_divided: bool


@dataclass(frozen=True)
class Directory:
    """Everything of one pack version; mappings are keyed by code and in the pack's order."""

    version_id: int
    # The newest import of an extract for the map; 0: none.
    import_id: int
    pack: str
    version: str
    digest: str
    city: dict[str, Any]
    areas: Mapping[str, Area]
    units: Mapping[str, Unit]
    posts: Mapping[str, Post]
    streams: Mapping[str, Stream]
    groups: Mapping[str, Group]
    services: Mapping[str, Service]
    successors: Mapping[str, tuple[Successor, ...]]
    _shapes: tuple[tuple[str, Any], ...] = field(repr=False)

    @cached_property
    def _tree(self) -> shapely.STRtree:
        shapes = [shape for _, shape in self._shapes]
        shapely.prepare(shapes)
        return shapely.STRtree(shapes)

    @cached_property
    def _committees(self) -> dict[str, Unit]:
        kinds = set(self.city.get("area_unit_kinds", []))
        return {u.area: u for u in self.units.values() if u.area and u.kind in kinds}

    @cached_property
    def _posts_of(self) -> dict[tuple[str, str], list[Post]]:
        found: dict[tuple[str, str], list[Post]] = {}
        for post in self.posts.values():
            found.setdefault((post.unit, post.role), []).append(post)
        return found

    def area_at(self, longitude: float, latitude: float) -> Area | None:
        """The present area that holds a point (WGS 84 degrees); None outside the city."""
        hits = self._tree.query(shapely.Point(longitude, latitude), predicate="intersects")
        return self.areas[self._shapes[min(hits)][0]] if len(hits) else None

    def shapes(self) -> dict[str, Any]:
        """The polygons (shapely) of the present areas by code."""
        return dict(self._shapes)

    def unit_of_area(self, area: str) -> Unit | None:
        """The committee that governs an area (unit kinds named in city.toml: area_unit_kinds)."""
        return self._committees.get(area)

    def post_of(self, unit: str, role: str, group: str | None = None) -> Post | None:
        """The unit's post with that role; of several, the one for the service group."""
        posts = self._posts_of.get((unit, role), [])
        if group:
            for post in posts:
                if group in post.groups:
                    return post
        return next((post for post in posts if not post.groups), posts[0] if posts else None)

    def posts_of(self, unit: str) -> list[Post]:
        """All posts of a unit, in the pack's order."""
        return [post for post in self.posts.values() if post.unit == unit]

    def chain(self, unit: str) -> list[Unit]:
        """The unit and those above it, up to the top."""
        found: list[Unit] = []
        code: str | None = unit
        while code is not None and len(found) < 20:
            found.append(self.units[code])
            code = found[-1].parent
        return found

    def post_chain(self, post: str) -> list[Post]:
        """The post and those told after it, up to the top."""
        found: list[Post] = []
        code: str | None = post
        while code is not None and len(found) < 20:
            found.append(self.posts[code])
            code = found[-1].above
        return found

    def area_chain(self, area: str) -> list[str]:
        """Codes of the area and the larger ones around it, the city itself left out."""
        found: list[str] = []
        code: str | None = area
        while code is not None and len(found) < 20:
            row = self.areas[code]
            if row.parent is None:
                break
            found.append(code)
            code = row.parent
        return found

    def wards(self) -> list[Area]:
        """The present areas that have a polygon, in the order of their names."""
        rows = [self.areas[code] for code, _ in self._shapes]
        return sorted(rows, key=lambda row: row.sort_key)


_kept: Directory | None = None
_asked: float = 0.0


def directory() -> Directory:
    """The directory of the present pack version. Raises PackNotLoaded before the first load."""
    global _kept, _asked
    tick = time.monotonic()
    if _kept is not None and tick - _asked < FRESH_SECONDS:
        return _kept
    version, extract = _current()
    if _kept is None or (_kept.version_id, _kept.import_id) != (version, extract):
        _kept = _read(version, extract)
    _asked = tick
    return _kept


def forget() -> None:
    """Ask the database at the next call: after loading a pack, and between tests."""
    global _kept, _asked
    _kept, _asked = None, 0.0


class PackNotLoaded(Exception):
    """No pack has been loaded into this database: run `thudo pack load DIR`."""


def current_version() -> int:
    """The id of the newest pack version that is completely loaded."""
    return _current()[0]


def _current() -> tuple[int, int]:
    """The newest version and, 0 for none, the newest import."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, coalesce((SELECT max(id) FROM directory_map_import), 0) "
            "FROM directory_pack_version WHERE digest <> '' ORDER BY id DESC LIMIT 1"
        )
        row = cursor.fetchone()
    if row is None:
        raise PackNotLoaded("No pack is loaded.")
    return int(row[0]), int(row[1])


def say(words: Words, language: str | None = None) -> str:
    """The words in a language (the request's if None); else in the first language they have."""
    code = language or get_language() or ""
    return words.get(code) or words.get(code.split("-")[0]) or next(iter(words.values()), "")


def _read(version: int, extract: int) -> Directory:
    pack = models.PackVersion.objects.get(pk=version)
    polygons = models.Area.objects.filter(valid_to=None).exclude(polygon=None).order_by("code")
    return Directory(
        version_id=pack.id,
        import_id=extract,
        pack=pack.code,
        version=pack.version,
        digest=pack.digest,
        city=pack.city,
        areas={row.code: _area(row) for row in models.Area.objects.defer("polygon")},
        units={row.code: _unit(row) for row in models.Unit.objects.order_by("sort_key", "code")},
        posts={row.code: _post(row) for row in models.Post.objects.order_by("code")},
        streams={row.code: _stream(row) for row in models.Stream.objects.order_by("position")},
        groups={row.code: _group(row) for row in models.ServiceGroup.objects.order_by("position")},
        services={row.code: _service(row) for row in models.Service.objects.order_by("position")},
        successors=_successors(),
        _shapes=tuple(
            (code, shapely.geometry.shape(polygon))
            for code, polygon in polygons.values_list("code", "polygon")
        ),
    )


def _area(row: models.Area) -> Area:
    return Area(
        row.code,
        row.official_code,
        row.kind,
        row.parent_id,
        row.name,
        row.full_name,
        row.folded,
        row.sort_key,
        row.population,
        row.office,
        row.longitude,
        row.latitude,
        row.valid_from,
        row.valid_to,
    )


def _unit(row: models.Unit) -> Unit:
    return Unit(
        row.code,
        row.kind,
        row.name,
        row.sort_key,
        row.parent_id,
        row.area_id,
        row.calendar,
        row.phone,
        row.address,
        row.valid_from,
        row.valid_to,
    )


def _post(row: models.Post) -> Post:
    return Post(row.code, row.unit_id, row.role, row.title, row.above_id, tuple(row.groups))


def _stream(row: models.Stream) -> Stream:
    return Stream(row.code, row.name, row.identity, row.handling, row.legal_basis)


def _group(row: models.ServiceGroup) -> Group:
    return Group(row.code, row.name, row.icon)


def _service(row: models.Service) -> Service:
    return Service(
        code=row.code,
        stream=row.stream_id,
        group=row.group_id,
        name=row.name,
        keywords=row.keywords,
        severity=row.severity,
        is_admissible=row.is_admissible,
        assets=tuple(row.assets),
        evidence=tuple(row.evidence),
        questions=tuple(row.questions),
        is_private_by_default=row.is_private_by_default,
        about_conduct=row.about_conduct,
        reason=row.reason,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
    )


def _successors() -> dict[str, tuple[Successor, ...]]:
    found: dict[str, tuple[Successor, ...]] = {}
    rows = models.Succession.objects.order_by("-is_default", "area_id")
    for former, area, is_default, is_divided in rows.values_list(
        "former_id", "area_id", "is_default", "is_divided"
    ):
        found[former] = (*found.get(former, ()), Successor(area, is_default, is_divided))
    return found
