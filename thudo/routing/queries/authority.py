"""Who answers: the matrix of authority in memory, one copy per pack version and amendment."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection

from thudo.directory.models import Words
from thudo.directory.queries import Directory, assets_at, directory
from thudo.routing.models import Authority
from thudo.routing.rules.authority import Cell, NoUnitAnswers, choose, scopes_for

__all__ = ["NoUnitAnswers", "Resolution", "forget", "resolve"]

FRESH_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Resolution:
    """The unit and post that answer, and the row of the matrix that says so."""

    authority_id: int
    pack_version: int
    unit_code: str
    # The post named to the resident; "" where the unit has none with the pack's owner role.
    post_code: str
    scope: str
    legal_basis: str
    reason: Words
    area_code: str | None


def resolve(
    service: str,
    longitude: float | None,
    latitude: float | None,
    area_code: str | None,
    assets: Sequence[str] | None,
    day: date,
    *,
    about_unit: str | None = None,
) -> Resolution:
    """The one row that answers for a service at a place on a day.

    `area_code` None: found from the point. `assets`: "<layer>:<class>" strings; None: looked up
    at the point in the layers the service names. `about_unit`: whose conduct the petition is
    about; it never receives it. Raises NoUnitAnswers (the intake desk then decides).
    """
    lists = directory()
    kind = lists.services.get(service)
    if kind is None:
        raise NoUnitAnswers(service, (), day)
    if area_code is None and longitude is not None and latitude is not None:
        area = lists.area_at(longitude, latitude)
        area_code = area.code if area else None
    if assets is None:
        assets = assets_at(longitude, latitude, kind.assets)
    areas = lists.area_chain(area_code) if area_code and area_code in lists.areas else ()
    scopes = scopes_for(areas, assets, about_unit if kind.about_conduct else None)
    row = choose(_matrix(lists).get(service, {}), scopes, day)
    post = lists.post_of(row.unit, lists.city.get("owner_role", "handler"), kind.group)
    return Resolution(
        authority_id=row.id,
        pack_version=lists.version_id,
        unit_code=row.unit,
        post_code=post.code if post else "",
        scope=row.scope,
        legal_basis=row.legal_basis,
        reason=row.reason,
        area_code=area_code,
    )


@dataclass(frozen=True, slots=True)
class Row(Cell):
    """A cell with what people are told about it."""

    scope: str
    legal_basis: str
    reason: Words


Matrix = Mapping[str, Mapping[str, Sequence[Row]]]

_kept: Matrix = {}
_stamp: tuple[int, int] = (0, 0)
_asked: float = 0.0


def forget() -> None:
    """Read the matrix again at the next call: after an amendment, and between tests."""
    global _kept, _stamp, _asked
    _kept, _stamp, _asked = {}, (0, 0), 0.0


def _matrix(lists: Directory) -> Matrix:
    global _kept, _stamp, _asked
    tick = time.monotonic()
    if _stamp[0] == lists.version_id and tick - _asked < FRESH_SECONDS:
        return _kept
    # An amendment always adds a row: rows are ended and followed, never changed.
    stamp = (lists.version_id, _newest_row())
    if stamp != _stamp:
        _kept, _stamp = _read(), stamp
    _asked = tick
    return _kept


def _newest_row() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM routing_authority")
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def _read() -> Matrix:
    found: dict[str, dict[str, list[Row]]] = {}
    for cell in Authority.objects.exclude(valid__isempty=True).order_by("id").iterator():
        scopes = found.setdefault(cell.service, {})
        scopes.setdefault(cell.scope, []).append(
            Row(
                id=cell.id,
                unit=cell.unit,
                valid_from=cell.valid.lower,
                valid_to=cell.valid.upper,
                scope=cell.scope,
                legal_basis=cell.legal_basis,
                reason=cell.reason,
            )
        )
    return found
