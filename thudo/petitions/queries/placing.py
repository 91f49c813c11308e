"""Who answers for a filing and by when: area, unit, post, reason, clocks."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from thudo.cases.rules import URGENT
from thudo.deadlines import queries as deadlines
from thudo.deadlines.queries import Due
from thudo.directory.models import Words
from thudo.directory.queries import directory
from thudo.petitions.queries.screening import Reading
from thudo.petitions.rules import Filing
from thudo.routing.queries import NoUnitAnswers, Resolution, resolve


@dataclass(frozen=True, slots=True)
class Placing:
    """Where a filing goes. `clocks` start at filing; `promised_at`: the latest result instant."""

    area: str
    area_name: str
    unit: str
    post: str
    authority: int | None
    legal_basis: str
    reason: Words
    clocks: dict[str, Due]
    promised_at: datetime


def place_filing(filing: Filing, reading: Reading, at: datetime) -> Placing:
    """The accountable unit with its reason and the instants; the intake desk when none is sure."""
    area = _area(filing)
    found = _resolution(filing, reading, area, at)
    unit = found.unit_code if found else directory().city["intake_unit"]
    service, urgency = reading.service, reading.urgency
    clocks = clocks_for(service, urgency, unit, at, is_sure=found is not None)
    return Placing(
        area=area,
        area_name=directory().areas[area].folded if area else "",
        unit=unit,
        post=post_at(found, unit, urgency, at),
        authority=found.authority_id if found else None,
        legal_basis=found.legal_basis if found else "",
        reason=found.reason if found else directory().city["desk_reason"],
        clocks=clocks,
        promised_at=latest_result(service, urgency, unit, clocks),
    )


def _area(filing: Filing) -> str:
    if filing.longitude is not None and filing.latitude is not None:
        area = directory().area_at(filing.longitude, filing.latitude)
        return area.code if area else ""
    return filing.area


def _resolution(filing: Filing, reading: Reading, area: str, at: datetime) -> Resolution | None:
    if not reading.service or reading.handling != "case":
        return None
    day = at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    try:
        return resolve(
            reading.service, filing.longitude, filing.latitude, area or None, None, day,
            about_unit=filing.about_unit or None,
        )  # fmt: skip
    except NoUnitAnswers:
        return None


def clocks_for(
    service: str, urgency: str, unit: str, at: datetime, *, is_sure: bool = True
) -> dict[str, Due]:
    """The clocks that start with a case: intake (or the desk's triage), acknowledgement if urgent."""
    kinds = ["intake" if is_sure else "triage"]
    if urgency == URGENT:
        kinds.append("acknowledge")
    return {kind: _due(kind, service, urgency, unit, at) for kind in kinds}


def latest_result(service: str, urgency: str, unit: str, clocks: dict[str, Due]) -> datetime:
    """Every term in a row, each used to its last minute: exact once the unit has taken it in."""
    at = next(iter(clocks.values())).due_at
    if "triage" in clocks:
        at = _due("intake", service, urgency, unit, at).due_at
    return _due("handling", service, urgency, unit, at).due_at


def post_at(found: Resolution | None, unit: str, urgency: str, at: datetime) -> str:
    """The post that gets a new case: who is on duty when urgent, else the one that handles."""
    if urgency == URGENT and (post := deadlines.duty_post(unit, at)):
        return post
    if found and found.post_code:
        return found.post_code
    row = directory().post_of(unit, "intake") or directory().post_of(unit, "handler")
    return row.code if row else ""


def _due(kind: str, service: str, urgency: str, unit: str, start: datetime) -> Due:
    calendar = directory().units[unit].calendar
    return deadlines.due(kind, service=service, urgency=urgency, calendar=calendar, start=start)
