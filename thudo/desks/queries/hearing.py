"""While the clerk types: what it seems to be, what runs near it, and who else reported it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from thudo.accounts.rules import Actor
from thudo.advisories.queries import Near, near
from thudo.advisories.rules import RUNNING
from thudo.cases.queries import visible_to
from thudo.desks.queries.rows import Row, grouped, row_of
from thudo.desks.rules import NEAR, RECENT_DAYS, metres
from thudo.directory.queries import directory
from thudo.petitions.queries.suggesting import Suggestion, suggestion

_MOST = 3
_WEIGHED = 60


@dataclass(frozen=True, slots=True)
class Heard:
    """`told`: kind, questions and owner; `running`: incidents of this place; `alike`: open cases
    of this place that may be the same matter, with their distance in metres."""

    told: Suggestion
    running: list[Near]
    alike: list[tuple[Row, int]]


def heard(
    text: str, place: str, point: tuple[float, float] | None, chosen: str, *, actor: Actor,
    at: datetime,
) -> Heard:  # fmt: skip
    """What an unfinished call is about. `place`: as typed so far; `point`: (lon, lat) if chosen."""
    lon, lat = point or (None, None)
    told = suggestion(text, lon, lat, chosen, at, looks_around=False)
    service = chosen or told.service
    return Heard(
        told, _running(f"{text} {place}", point, service, at), _alike(point, service, actor, at)
    )


def _running(
    text: str, point: tuple[float, float] | None, service: str, at: datetime
) -> list[Near]:
    found = near(point=point, street=text, service=service, at=at)
    named = {"street", "here"} if point else {"street"}
    return [one for one in found if one.state == RUNNING and one.how in named][:_MOST]


def _alike(
    point: tuple[float, float] | None, service: str, actor: Actor, at: datetime
) -> list[tuple[Row, int]]:
    area = directory().area_at(*point) if point else None
    if point is None or area is None or not service:
        return []
    rows = visible_to(actor).filter(
        area=area.code, closed_at=None, opened_at__gte=at - timedelta(days=RECENT_DAYS),
        service__in=_neighbours(service), longitude__isnull=False, latitude__isnull=False,
    )  # fmt: skip
    found = [
        (case, round(metres(point, (case.longitude or 0.0, case.latitude or 0.0))))
        for case in grouped(rows, at).order_by("-opened_at")[:_WEIGHED]
    ]
    close = sorted((one for one in found if one[1] <= NEAR), key=lambda one: one[1])
    return [(row_of(case, at), away) for case, away in close[:_MOST]]


def _neighbours(service: str) -> list[str]:
    """The service and those of its group."""
    known = directory().services
    group = known[service].group if service in known else None
    return [
        code for code, row in known.items() if code == service or (group and row.group == group)
    ]
