"""Filters as SQL over `cases_case c`: one place, so that a figure and its list cannot disagree."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from thudo.deadlines import queries as deadlines
from thudo.directory.queries import directory
from thudo.operations.queries.reckoning import COUNTED, OPEN, RATED, quoted
from thudo.operations.rules import CLOSED, HOURS, PAUSED, RECENT, Filters

# A working day before its hour a promise counts as due soon.
SOON_MINUTES = 480


@dataclass(slots=True)
class Where:
    """Conditions joined by AND, with their values in order."""

    parts: list[str] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)

    def add(self, part: str, *values: Any) -> None:
        self.parts.append(part)
        self.values += values

    @property
    def sql(self) -> str:
        return " AND ".join(self.parts)


def soon_at(at: datetime) -> datetime:
    """Until when a promise counts as due soon: eight working hours of the city from now."""
    lists = directory()
    calendar = lists.units[lists.city["top_unit"]].calendar
    return deadlines.due_after(calendar, at, SOON_MINUTES, measure="working")[0]


def month_bounds(month: str) -> tuple[datetime, datetime]:
    """First instant of a month of the city's calendar and of the next one."""
    year, number = (int(part) for part in month.split("-"))
    zone = ZoneInfo(settings.TIME_ZONE)
    first = datetime(year, number, 1, tzinfo=zone)
    following = datetime(year + number // 12, number % 12 + 1, 1, tzinfo=zone)
    return first, following


def day_bounds(day: str) -> tuple[datetime, datetime]:
    """First instant of a day of the city's calendar and of the next one."""
    zone = ZoneInfo(settings.TIME_ZONE)
    local = datetime.fromisoformat(day).date()
    first = datetime.combine(local, time(), zone)
    return first, datetime.combine(local + timedelta(days=1), time(), zone)


def month_of(at: datetime) -> str:
    """ "2026-11" in the city's calendar."""
    return f"{at.astimezone(ZoneInfo(settings.TIME_ZONE)):%Y-%m}"


def day_of(at: datetime) -> str:
    """ "2026-11-24" in the city's calendar."""
    return f"{at.astimezone(ZoneInfo(settings.TIME_ZONE)):%Y-%m-%d}"


def where(filters: Filters, at: datetime, counted: str = "") -> Where:
    """The conditions on cases `c`; the words of `q` are looked for in petitions (listing).

    `counted`: which rows of `c` count at all, where `c` is not the table of cases.
    """
    found = Where()
    found.add(counted or COUNTED)
    narrow(found, filters)
    _state(found, filters.state, at)
    _period(found, filters)
    if filters.promise:
        _promise(found, filters)
    if filters.verdict:
        _verdict(found, filters)
    return found


def narrow(found: Where, filters: Filters) -> None:
    """Whose cases: ward, unit, kind of matter, field."""
    for column in ("area", "unit", "service"):
        if value := getattr(filters, column):
            found.add(f"c.{column} = %s::text", value)
    if filters.group:
        codes = [s.code for s in directory().services.values() if s.group == filters.group]
        found.add("c.service = ANY(%s::text[])", codes)


def _state(found: Where, state: str, at: datetime) -> None:
    if state in {"open", "late", "soon", "hours"}:
        found.add(OPEN)
    if state in {"late", "soon", "hours"}:
        found.add("c.state <> %s::text", PAUSED)
    if state == "late":
        found.add("c.promised_at < %s::timestamptz", at)
    if state in {"soon", "hours"}:
        limit = soon_at(at) if state == "soon" else at + HOURS
        found.add("c.promised_at BETWEEN %s::timestamptz AND %s::timestamptz", at, limit)
    if state == "closed":
        found.add(f"c.state IN ({quoted(CLOSED)})")
    if state == "current":
        found.add(f"({OPEN} OR c.closed_at > %s::timestamptz)", at - RECENT)
    words = {"done": "resolved", "answered": "answered", "refused": "refused", "waiting": PAUSED}
    if state in words:
        found.add("c.state = %s::text", words[state])


def _period(found: Where, filters: Filters) -> None:
    column = (
        "closed_at" if filters.state in {"done", "answered", "refused", "closed"} else "opened_at"
    )
    inside = f"c.{column} >= %s::timestamptz AND c.{column} < %s::timestamptz"
    if filters.month and not (filters.promise or filters.verdict):
        found.add(inside, *month_bounds(filters.month))
    if filters.on:
        found.add(inside, *day_bounds(filters.on))


# The list behind a figure of a month is the cases that were counted in it.
_TALLIED = 'c.id IN (SELECT t."case" FROM operations_tally t WHERE t.month = %s::text AND {test})'
_PROMISED = {"due": "t.due > 0", "kept": "t.kept > 0", "broken": "t.due > t.kept"}


def _promise(found: Where, filters: Filters) -> None:
    found.add(_TALLIED.format(test=_PROMISED[filters.promise]), filters.month)


def _verdict(found: Where, filters: Filters) -> None:
    words = {"result": "t.results > 0", "rated": f"{RATED} > 0"}
    test = words.get(filters.verdict, f"t.{filters.verdict} > 0")
    found.add(_TALLIED.format(test=test), filters.month)
