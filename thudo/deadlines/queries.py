"""Terms, calendars and duty as this process knows them: a snapshot of the tables.

Filing asks several times per petition, so nothing here costs a statement: the snapshot is checked
against the tables at most once a second, by one cheap question.
"""

import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection

from thudo.deadlines import rules
from thudo.deadlines.models import Calendar, DutyShift, Term
from thudo.deadlines.rules import CalendarValue, ShiftValue, TermValue

_CHECK_SECONDS = 1.0
# Grows with every load of a pack: calendars are added, terms and shifts are replaced.
_MARK = """
    SELECT (SELECT concat(max(id), '/', count(*)) FROM deadlines_calendar),
           (SELECT concat(max(id), '/', count(*), '/', sum(minutes)) FROM deadlines_term),
           (SELECT concat(max(id), '/', count(*)) FROM deadlines_duty_shift),
           (SELECT concat(max(id), '/', count(*)) FROM directory_pack_version)
"""


class NoSuchCalendar(LookupError):
    """A unit names a calendar that no pack has loaded."""


class NoTerm(LookupError):
    """No term of the pack fits a clock; `pack check` finds this before a city does."""


@dataclass(frozen=True, slots=True)
class Due:
    """A promise with its reasons. `minutes` is the allowance, `source` where it is laid down."""

    due_at: datetime
    minutes: int
    measure: str
    source: str
    calendar: str
    calendar_version: int


@dataclass(frozen=True)
class Snapshot:
    """What the tables held when they were last read."""

    mark: tuple[str, ...]
    calendars: Mapping[str, CalendarValue]
    terms: Mapping[str, Sequence[TermValue]]
    shifts: Mapping[str, Sequence[ShiftValue]]


def due(
    clock: str,
    *,
    service: str,
    urgency: str,
    calendar: str,
    start: datetime,
    minutes: int | None = None,
) -> Due:
    """When a clock that starts now is due; `minutes` replaces the pack's term (working time).

    Raises NoSuchCalendar and NoTerm.
    """
    days = calendar_of(calendar)
    if minutes is not None:
        end = rules.add_working(start, minutes, days)
        return Due(end, minutes, rules.WORKING, "", days.code, days.version)
    term = term_of(clock, service=service, urgency=urgency, calendar=days, start=start)
    end = rules.due_at(start, term, days)
    return Due(end, term.minutes, term.measure, term.source, days.code, days.version)


def due_after(
    calendar: str, start: datetime, minutes: int, *, measure: str
) -> tuple[datetime, int]:
    """`start` and so many minutes of the measure, and the version of the calendar used."""
    days = calendar_of(calendar)
    return rules.after(start, minutes, measure, days), days.version


def used(calendar: str, a: datetime, b: datetime, *, measure: str) -> int:
    """Whole minutes of the measure from `a` to `b`."""
    return rules.used(a, b, measure, calendar_of(calendar))


def next_open(calendar: str, at: datetime) -> datetime:
    """`at` when offices on this calendar are open, else when they open next."""
    return rules.next_open(at, calendar_of(calendar))


def calendar_of(code: str) -> CalendarValue:
    """The newest version of a calendar."""
    try:
        return snapshot().calendars[code]
    except KeyError as fault:
        raise NoSuchCalendar(code) from fault


def term_of(
    clock: str, *, service: str, urgency: str, calendar: CalendarValue, start: datetime
) -> TermValue:
    """The term that holds on the local day of `start`."""
    day = start.astimezone(calendar.zone).date()
    term = rules.choose_term(snapshot().terms.get(clock, ()), clock, urgency, service, day)
    if term is None:
        raise NoTerm(f"{clock} of {service or 'any service'} ({urgency}) on {day}")
    return term


def duty_post(unit: str, at: datetime) -> str | None:
    """The post of a unit that is on duty at an instant, by the city's clock."""
    return rules.on_duty(snapshot().shifts.get(unit, ()), at, _zone())


def uncovered(unit: str, year: int) -> list[tuple[datetime, datetime]]:
    """The stretches of a year on which nobody of a unit is on duty."""
    return rules.uncovered(snapshot().shifts.get(unit, ()), year, _zone())


def stale_calendars() -> dict[str, int]:
    """code -> newest version: clocks on an older one must be recomputed before they fire."""
    return {code: calendar.version for code, calendar in snapshot().calendars.items()}


class _Keeper:
    """Holds the snapshot of this process and decides when to look again."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.snapshot: Snapshot | None = None
        self.checked = 0.0

    def current(self) -> Snapshot:
        if self.snapshot and time.monotonic() - self.checked < _CHECK_SECONDS:
            return self.snapshot
        with self.lock:
            mark = _mark()
            if self.snapshot is None or self.snapshot.mark != mark:
                self.snapshot = _read(mark, self.snapshot)
            self.checked = time.monotonic()
            return self.snapshot


_keeper = _Keeper()


def snapshot() -> Snapshot:
    """The present snapshot, read again when the tables changed."""
    return _keeper.current()


def forget() -> None:
    """Read anew at the next question: after a load in this very process, and in tests."""
    _keeper.snapshot = None


def _mark() -> tuple[str, ...]:
    with connection.cursor() as cursor:
        cursor.execute(_MARK)
        return tuple(cursor.fetchone())


def _read(mark: tuple[str, ...], before: Snapshot | None) -> Snapshot:
    return Snapshot(mark, _calendars(before), _terms(), _shifts())


def _calendars(before: Snapshot | None) -> dict[str, CalendarValue]:
    """The newest version of each; an unchanged one keeps its laid out years."""
    kept = before.calendars if before else {}
    values = {}
    for row in Calendar.objects.order_by("code", "-version").distinct("code"):
        value = rules.calendar_value(row.code, row.version, row.time_zone, row.week, row.exceptions)
        values[row.code] = kept[row.code] if kept.get(row.code) == value else value
    return values


def _terms() -> dict[str, list[TermValue]]:
    found = defaultdict(list)
    for row in Term.objects.order_by("pk"):
        found[row.clock].append(
            TermValue(
                row.clock, row.measure, row.minutes, row.source,
                row.valid_from, row.service, row.urgency, row.valid_to,
            )
        )  # fmt: skip
    return found


def _shifts() -> dict[str, list[ShiftValue]]:
    found = defaultdict(list)
    for row in DutyShift.objects.order_by("pk"):
        found[row.unit].append(
            ShiftValue(
                row.unit, frozenset(row.days), row.starts, row.ends,
                row.post, row.valid_from, row.valid_to,
            )
        )  # fmt: skip
    return found


def _zone() -> ZoneInfo:
    return ZoneInfo(settings.TIME_ZONE)
