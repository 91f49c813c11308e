"""The duty calendar (lịch trực): who answers at an hour at which no office is open."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from thudo.deadlines.rules.calendar import DAYS

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ShiftValue:
    """Hours on which a post is on duty; `days` of mon..sun name the day on which it begins.

    `ends` <= `starts` runs into the next day; `valid_to` is the first day without it.
    """

    unit: str
    days: frozenset[str]
    starts: time
    ends: time
    post: str
    valid_from: date
    valid_to: date | None = None


def on_duty(shifts: Iterable[ShiftValue], at: datetime, zone: ZoneInfo) -> str | None:
    """The post on duty at an instant, or None; of several, the shift that began last."""
    local = at.astimezone(zone)
    today = local.date()
    found = [
        (begins, shift.post)
        for shift in shifts
        for day in (today - _ONE_DAY, today)
        for begins, ends in _hours(shift, day, zone)
        if begins <= at < ends
    ]
    return max(found)[1] if found else None


def uncovered(
    shifts: Sequence[ShiftValue], year: int, zone: ZoneInfo
) -> list[tuple[datetime, datetime]]:
    """The stretches (UTC) of a local year on which nobody is on duty, in order."""
    first = _local(date(year, 1, 1), time(), zone)
    last = _local(date(year + 1, 1, 1), time(), zone)
    days = [date(year, 1, 1) + _ONE_DAY * n for n in range(-1, 367)]
    covered = sorted(
        hours for day in days for shift in shifts for hours in _hours(shift, day, zone)
    )
    gaps, reached = [], first
    for begins, ends in covered:
        if begins > reached and reached < last:
            gaps.append((reached, min(begins, last)))
        reached = max(reached, ends)
    if reached < last:
        gaps.append((reached, last))
    return gaps


def _hours(shift: ShiftValue, day: date, zone: ZoneInfo) -> list[tuple[datetime, datetime]]:
    if DAYS[day.weekday()] not in shift.days or day < shift.valid_from:
        return []
    if shift.valid_to is not None and day >= shift.valid_to:
        return []
    ends_on = day + _ONE_DAY if shift.ends <= shift.starts else day
    return [(_local(day, shift.starts, zone), _local(ends_on, shift.ends, zone))]


def _local(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, zone).astimezone(UTC)
