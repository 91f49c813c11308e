"""What is announced for a place and a time."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from thudo.advisories.models import Advisory
from thudo.advisories.queries.places import chain_of, holds, shape_of
from thudo.advisories.rules import (
    ELSEWHERE,
    HERE,
    HOWS,
    NEAR,
    RUNNING,
    STREET,
    UNTIL_TOLD,
    names_street,
)
from thudo.base.folding import fold
from thudo.directory.queries import directory

# So far ahead a plan is worth telling to somebody who asks about a place.
AHEAD = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Near:
    """An advisory and how it lies to the place: "here" (its ground holds the point, or it covers
    the whole ward or city), "street" (it names the street), "near" (in this ward, by streets that
    were not named), "elsewhere" (in this ward, at another spot). `state`: planned or running."""

    advisory: Advisory
    how: str
    state: str


def near(
    *,
    area: str = "",
    point: tuple[float, float] | None = None,
    street: str = "",
    service: str = "",
    at: datetime,
    ahead: timedelta = AHEAD,
) -> list[Near]:
    """What runs or is planned within `ahead` for a place: one query.

    `area`: code of a ward ("" and no point: the whole city); `point`: (lon, lat) in degrees,
    outside the city nothing is announced;
    `street`: a name or any text that may hold one; `service`: only what answers that service
    (and incidents and warnings that name none). Order: here, street, near, elsewhere; within each
    what runs before what is planned, incidents and warnings first, the soonest first.
    """
    if not area and point:
        found = directory().area_at(*point)
        if found is None:
            return []
        area = found.code
    rows = live_rows(at, ahead)
    if area:
        rows = rows.filter(areas__overlap=sorted(chain_of(area)))
    text, generic = fold(street), _generic()
    told = [
        Near(row, _how(row, point, text, generic), row.state(at))
        for row in rows
        if _answers(row, service)
    ]
    return sorted(told, key=_order)


def live_rows(at: datetime, ahead: timedelta = AHEAD) -> QuerySet[Advisory]:
    """What is running, or planned within `ahead`; exercises and tests are nobody's advice."""
    return Advisory.objects.filter(
        closes_at__gt=at, ended_at=None, withdrawn_at=None, begins_at__lte=at + ahead,
        published_at__lte=at, purpose="actual",
    )  # fmt: skip


def _how(
    row: Advisory, point: tuple[float, float] | None, text: str, generic: frozenset[str]
) -> str:
    if text and any(names_street(text, fold(one), generic) for one in row.streets):
        return STREET
    if row.geometry:
        if point is None:
            return NEAR
        return HERE if holds(shape_of(row.geometry, row.radius), point) else ELSEWHERE
    return NEAR if row.streets else HERE


def _answers(row: Advisory, service: str) -> bool:
    if not service:
        return True
    return service in row.services or (not row.services and row.kind in UNTIL_TOLD)


def _order(one: Near) -> tuple[int, bool, bool, datetime, int]:
    row = one.advisory
    return (
        HOWS.index(one.how), one.state != RUNNING, row.kind not in UNTIL_TOLD,
        row.begins_at, row.pk,
    )  # fmt: skip


def _generic() -> frozenset[str]:
    """Words before a street's own name, as the pack lists them."""
    return frozenset(directory().city.get("search", {}).get("generic", ()))
