"""Which allowance holds, and when it ends."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from thudo.deadlines.rules.calendar import CalendarValue, add_working, working_minutes_between

WORKING, ELAPSED = "working", "elapsed"


@dataclass(frozen=True, slots=True)
class TermValue:
    """An allowance of one clock; `service` and `urgency` are "" for any.

    `valid_to` is the first day on which it no longer holds.
    """

    clock: str
    measure: str
    minutes: int
    source: str
    valid_from: date
    service: str = ""
    urgency: str = ""
    valid_to: date | None = None


def choose_term(
    terms: Iterable[TermValue], clock: str, urgency: str, service: str, day: date
) -> TermValue | None:
    """The most specific term valid that day: service before urgency before any, newest first."""
    fitting = [term for term in terms if _fits(term, clock, urgency, service, day)]
    return max(fitting, key=_rank, default=None)


def due_at(start: datetime, term: TermValue, calendar: CalendarValue) -> datetime:
    """When `term` ends if it runs from `start` without pause."""
    return after(start, term.minutes, term.measure, calendar)


def after(start: datetime, minutes: int, measure: str, calendar: CalendarValue) -> datetime:
    """`start` and so many minutes of the measure, in UTC."""
    if measure == ELAPSED:
        return start.astimezone(UTC) + timedelta(minutes=minutes)
    return add_working(start, minutes, calendar)


def used(a: datetime, b: datetime, measure: str, calendar: CalendarValue) -> int:
    """Whole minutes of the measure from `a` to `b`; 0 when `b` is not later."""
    if measure == ELAPSED:
        return max((b - a) // timedelta(minutes=1), 0)
    return working_minutes_between(a, b, calendar)


def _fits(term: TermValue, clock: str, urgency: str, service: str, day: date) -> bool:
    return (
        term.clock == clock
        and term.service in ("", service)
        and term.urgency in ("", urgency)
        and term.valid_from <= day
        and (term.valid_to is None or day < term.valid_to)
    )


def _rank(term: TermValue) -> tuple[bool, bool, date]:
    return bool(term.service), bool(term.urgency), term.valid_from
